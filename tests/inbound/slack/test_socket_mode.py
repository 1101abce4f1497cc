"""Socket Mode against a Slack on the loopback interface.

Slack_sdk's real client, envelopes, acknowledgements, renewals, silence, the end.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from bot.clock import SystemClock
from bot.domain.commands import Declare
from bot.domain.record_commands import RecordMessage
from bot.inbound.slack.response import Response, as_json, as_text
from bot.inbound.slack.socket_mode import SocketMode
from tests.inbound.slack.front import ANA, INCIDENT_CHANNEL, WORKSPACE, Front

PING = timedelta(seconds=0.1)
TOKEN = "xapp-1-made-up"


@dataclass
class SlackSockets:
    """Slack's side: gives out addresses that work once, speaks first, keeps what it is told."""

    opened: list[str | None] = field(default_factory=list)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    acks: list[dict[str, Any]] = field(default_factory=list)
    deaf: bool = False
    turn_away: int = 0
    down: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    base_url: str = ""
    tickets: set[str] = field(default_factory=set)

    async def open(self, request: web.Request) -> web.Response:
        self.opened.append(request.headers.get("Authorization"))
        await self._tell()
        if self.down:
            return web.json_response({"ok": False, "error": "internal_error"})
        ticket = str(len(self.opened))
        self.tickets.add(ticket)
        return web.json_response({"ok": True, "url": f"{self.base_url.replace('http', 'ws')}link?ticket={ticket}"})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        ticket = request.query["ticket"]
        if ticket not in self.tickets:
            raise web.HTTPForbidden
        self.tickets.discard(ticket)
        if self.turn_away:
            self.turn_away -= 1
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}})
        self.sockets.append(socket)
        await self._tell()
        async for message in socket:
            if message.type is WSMsgType.PING and not self.deaf:
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self.acks.append(json.loads(message.data))
                await self._tell()
        return socket

    async def send(self, kind: str, payload: dict[str, Any], envelope: str = "e1", socket: int = -1) -> None:
        await self.sockets[socket].send_json({"envelope_id": envelope, "type": kind, "payload": payload})

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(condition)

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()


@pytest.fixture
async def slack() -> AsyncIterator[SlackSockets]:
    sockets = SlackSockets()
    app = web.Application()
    app.router.add_post("/apps.connections.open", sockets.open)
    app.router.add_get("/link", sockets.link)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sockets.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield sockets
    await runner.cleanup()


@asynccontextmanager
async def connected(slack: SlackSockets, take: Any, *, connections: int = 1) -> AsyncIterator[SocketMode]:
    mode = SocketMode(
        take=take,
        app_token=TOKEN,
        clock=SystemClock(),
        base_url=slack.base_url,
        connections=connections,
        ping_every=PING,
    )
    await mode.start()
    try:
        await slack.until(lambda: len(slack.sockets) >= connections)
        yield mode
    finally:
        await mode.stop()


def command(text: str) -> dict[str, Any]:
    return {
        "command": "/incident", "text": text, "user_id": ANA, "team_id": WORKSPACE, "channel_id": INCIDENT_CHANNEL,
        "trigger_id": "t.1", "response_url": "https://hooks.slack.com/commands/1",
    }  # fmt: skip


def message(text: str) -> dict[str, Any]:
    said = {"type": "message", "user": ANA, "text": text, "ts": "1596183880.004200", "channel": INCIDENT_CHANNEL}
    return {"type": "event_callback", "event_id": "Ev1", "team_id": WORKSPACE, "event": said}


async def test_a_command_is_kept_and_answered_in_its_acknowledgement(slack: SlackSockets) -> None:
    front = Front()
    async with connected(slack, front.app.take) as mode:
        await slack.send("slash_commands", command("declare payload too large"))
        await slack.until(lambda: bool(slack.acks))
        assert mode.connected
        assert mode.last_seen_at is not None
    assert [type(taken) for taken in front.desk.taken] == [Declare]
    (ack,) = slack.acks
    assert (ack["envelope_id"], ack["payload"]["response_type"]) == ("e1", "ephemeral")
    assert slack.opened == [f"Bearer {TOKEN}"]


async def test_an_event_is_acknowledged_without_a_payload(slack: SlackSockets) -> None:
    front = Front()
    async with connected(slack, front.app.take):
        await slack.send("events_api", message("hello"))
        await slack.until(lambda: bool(slack.acks))
    assert [type(taken) for taken in front.desk.taken] == [RecordMessage]
    assert slack.acks == [{"envelope_id": "e1"}]


async def test_what_was_not_kept_is_not_acknowledged_and_comes_again(slack: SlackSockets) -> None:
    front = Front()
    front.desk.fail = RuntimeError("disk full")
    async with connected(slack, front.app.take):
        await slack.send("events_api", message("hello"), "e1")
        await slack.send("events_api", {"type": "app_rate_limited"}, "e2")
        await slack.until(lambda: bool(slack.acks))
        assert [ack["envelope_id"] for ack in slack.acks] == ["e2"]
        front.desk.fail = None
        await slack.send("events_api", message("hello"), "e3")
        await slack.until(lambda: len(slack.acks) == 2)
    assert (slack.acks[1]["envelope_id"], len(front.desk.taken)) == ("e3", 1)


async def test_a_connection_that_slack_renews_is_replaced_by_a_new_one(slack: SlackSockets) -> None:
    front = Front()
    async with connected(slack, front.app.take):
        await slack.sockets[0].send_json({"type": "disconnect", "reason": "refresh_requested"})
        await slack.until(lambda: len(slack.sockets) == 2)
        await slack.send("events_api", message("hello"))
        await slack.until(lambda: bool(slack.acks))
    assert (len(slack.opened), len(front.desk.taken)) == (2, 1)


async def test_a_deaf_connection_counts_as_none_and_is_replaced(slack: SlackSockets) -> None:
    front = Front()
    slack.deaf = True
    async with connected(slack, front.app.take) as mode:
        await slack.until(lambda: len(slack.sockets) >= 2)
        slack.deaf = False
        await slack.until(lambda: not slack.sockets[-1].closed)
        await slack.send("events_api", message("hello"))
        await slack.until(lambda: bool(slack.acks))
        assert mode.connected


async def test_an_address_that_was_spent_in_vain_is_not_tried_for_ever(slack: SlackSockets) -> None:
    slack.turn_away = 1
    async with connected(slack, Front().app.take):
        assert len(slack.opened) == 2


async def test_two_connections_share_the_work(slack: SlackSockets) -> None:
    front = Front()
    async with connected(slack, front.app.take, connections=2):
        await slack.send("events_api", message("hello"), "e1", socket=0)
        await slack.send("events_api", message("hello"), "e2", socket=1)
        await slack.until(lambda: len(slack.acks) == 2)
    assert len(front.desk.taken) == 1


async def test_stopping_lets_what_is_under_way_be_acknowledged(slack: SlackSockets) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def take(_: object) -> Response:
        begun.set()
        await go_on.wait()
        return as_json({"text": "done"})

    async with connected(slack, take) as mode:
        await slack.send("slash_commands", command("list"))
        await begun.wait()
        stopping = asyncio.create_task(mode.stop())
        await slack.send("slash_commands", command("list"), "too late")
        go_on.set()
        await stopping
        await slack.until(lambda: bool(slack.acks))
        assert [ack["envelope_id"] for ack in slack.acks] == ["e1"]
        assert not mode.connected


async def test_before_slack_can_be_reached_nothing_is_connected_and_stopping_works(slack: SlackSockets) -> None:
    slack.down = True

    async def take(_: object) -> Response:
        return as_text(200)

    mode = SocketMode(take=take, app_token=TOKEN, clock=SystemClock(), base_url=slack.base_url, ping_every=PING)
    await mode.start()
    await slack.until(lambda: len(slack.opened) >= 3)
    assert (mode.connected, mode.last_seen_at) == (False, None)
    await mode.stop()


async def test_nothing_that_people_write_and_no_ticket_is_logged(
    slack: SlackSockets, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    front = Front()
    slack.turn_away = 1
    async with connected(slack, front.app.take):
        await slack.send("events_api", message("secret words"))
        await slack.until(lambda: bool(slack.acks))
    printed = capsys.readouterr()
    ours = [record.getMessage() for record in caplog.records if record.name != "aiohttp.access"]  # that is Slack's own
    everything = printed.out + printed.err + "\n".join(ours)
    assert "slack_socket_trouble" in everything
    assert not any(word in everything for word in ("secret words", "ticket=", TOKEN))
