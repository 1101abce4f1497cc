"""Socket Mode's connections fall ill as real ones do: they age, are turned away, go deaf, break."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance
from bot.sandbox.delivery.link import Goodbye
from bot.sandbox.server import Sandbox
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.seed import APP_TOKEN
from tests.fakes.clock import FakeClock

ENDED = {WSMsgType.CLOSED, WSMsgType.CLOSE, WSMsgType.ERROR}


class House:
    """A sandbox whose clock stands still, and connections to it made by hand."""

    def __init__(self, clock: FakeClock, sandbox: Sandbox, session: ClientSession) -> None:
        self.clock = clock
        self.sandbox = sandbox
        self._session = session

    async def connect(self) -> ClientWebSocketResponse:
        client = AsyncWebClient(base_url=f"{self.sandbox.url}/api/")
        address = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
        return await self._session.ws_connect(address, autoping=False)

    async def greeted(self) -> ClientWebSocketResponse:
        socket = await self.connect()
        assert (await frame(socket))["type"] == "hello"
        return socket


async def frame(socket: ClientWebSocketResponse) -> Obj:
    """Return the next frame that is no ping."""
    while True:
        message = await socket.receive(timeout=5)
        if message.type is WSMsgType.TEXT:
            document: Obj = message.json()
            return document
        assert message.type is WSMsgType.PING, message


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    clock = FakeClock()
    async with Sandbox(clock, SeededChance(1), limits=False) as sandbox, ClientSession() as session:
        yield House(clock, sandbox, session)


async def test_slack_pings_its_clients() -> None:
    async with house() as opened:
        socket = await opened.greeted()
        await opened.clock.advance(timedelta(seconds=10))

        assert (await socket.receive(timeout=5)).type is WSMsgType.PING


async def test_an_old_connection_is_warned_and_ended_ten_seconds_later() -> None:
    async with house() as opened:
        opened.sandbox.sockets.life = timedelta(minutes=1)
        socket = await opened.greeted()
        await opened.clock.advance(timedelta(seconds=50))
        warning = await frame(socket)
        still_open = opened.sandbox.sockets.count
        await opened.clock.advance(timedelta(seconds=10))
        farewell = await frame(socket)
        end = await socket.receive(timeout=5)

    assert (warning["reason"], farewell["reason"], still_open) == ("warning", "refresh_requested", 1)
    assert end.type is WSMsgType.CLOSE


async def test_one_of_two_connections_is_told_to_go() -> None:
    async with house() as opened:
        first, second = await opened.greeted(), await opened.greeted()
        await opened.sandbox.sockets.disconnect(Goodbye.REFRESH, count=1)
        farewell = await frame(first)
        opened.sandbox.workspace.tell({"type": "team_rename"})
        envelope = await frame(second)

    assert (farewell["reason"], envelope["payload"]["event"]["type"]) == ("refresh_requested", "team_rename")


async def test_while_socket_mode_is_switched_off_nobody_gets_in() -> None:
    async with house() as opened:
        socket = await opened.greeted()
        await opened.sandbox.sockets.disconnect(Goodbye.DISABLED)
        told = (await frame(socket))["reason"]
        turned_away = (await frame(await opened.connect()))["reason"]
        opened.sandbox.sockets.enabled = True
        again = await frame(await opened.connect())

    assert (told, turned_away, again["type"]) == ("link_disabled", "link_disabled", "hello")


async def test_a_deaf_connection_answers_no_ping_and_its_events_come_over_another() -> None:
    async with house() as opened:
        deaf = await opened.greeted()
        opened.sandbox.sockets.deafen()
        await deaf.ping(b"are you there?")
        opened.sandbox.workspace.tell({"type": "team_rename"})
        await opened.clock.advance(timedelta(seconds=3))  # the first attempt is given up, the second under way
        healthy = await opened.greeted()
        opened.sandbox.sockets.cut(count=1)
        await opened.clock.advance(timedelta(minutes=1))
        envelope = await frame(healthy)

        assert envelope["retry_attempt"] > 0
        assert (await deaf.receive(timeout=5)).type in ENDED


async def test_a_mute_server_takes_connections_and_never_says_a_word() -> None:
    async with house() as opened:
        opened.sandbox.sockets.mute = True
        socket = await opened.connect()
        await opened.sandbox.sockets.wait_for(1)
        opened.sandbox.workspace.tell({"type": "team_rename"})
        await opened.clock.advance(timedelta(seconds=30))

        opened.sandbox.sockets.cut()

        assert (await socket.receive(timeout=5)).type in ENDED


async def test_events_without_a_connection_wait_for_slacks_next_try() -> None:
    async with house() as opened:
        opened.sandbox.workspace.tell({"type": "team_rename"})
        await opened.clock.advance(timedelta(seconds=30))
        socket = await opened.greeted()
        await opened.clock.advance(timedelta(seconds=30))
        envelope = await frame(socket)

    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (2, "timeout")


async def test_envelopes_are_shared_out_among_connections() -> None:
    async with house() as opened:
        sockets = [await opened.greeted() for _ in range(2)]
        for _ in range(20):
            opened.sandbox.workspace.tell({"type": "team_rename"})
        await opened.clock.advance(timedelta())
        await opened.sandbox.sockets.disconnect(Goodbye.REFRESH)
        got = []
        for socket in sockets:
            frames = [await frame(socket)]
            while frames[-1]["type"] == "events_api":
                frames.append(await frame(socket))
            got.append(len(frames) - 1)

    assert sum(got) == 20
    assert min(got) > 0


async def test_what_was_under_way_when_a_connection_broke_comes_at_once_over_another() -> None:
    async with house() as opened:
        broken = await opened.greeted()
        opened.sandbox.workspace.tell({"type": "team_rename"})
        first = await frame(broken)
        other = await opened.greeted()
        opened.sandbox.sockets.cut(count=1)
        second = await frame(other)

    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
