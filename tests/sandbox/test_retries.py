"""Events are repeated when nobody acknowledges them, commands and clicks are not; over sockets as over HTTP."""

import asyncio
from datetime import timedelta

from aiohttp import ClientSession, ClientWebSocketResponse, web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.link import Goodbye
from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.delivery.payloads import Delivery
from bot.sandbox.facts import ALL_BOT_SCOPES
from bot.sandbox.faults import Faults, Rule, When
from bot.sandbox.journal import Journal
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.ids import Maker, Obj
from bot.sandbox.state.seed import APP_TOKEN, SIGNING_SECRET, northwind
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.tasks import Tasks
from tests.fakes.clock import FakeClock
from tests.sandbox.apps import incident_app, listen, over_socket_mode


class DeafApp:
    """An app that fails every delivery until it `hears`; it notes when each attempt came."""

    may_be_disabled = True

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.hears = False
        self.no_retry = False
        self.attempts: list[tuple[float, int, Failure | None]] = []

    async def send(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        self.attempts.append((self._clock.monotonic(), attempt, reason))
        return Outcome() if self.hears else Outcome(failure=Failure.REFUSED, no_retry=self.no_retry)


def deaf_stage() -> tuple[FakeClock, DeafApp, Workspace]:
    clock = FakeClock()
    app = DeafApp(clock)
    workspace = northwind(Maker(clock, SeededChance(1)), scopes=ALL_BOT_SCOPES)
    Courier(
        workspace,
        channel=app,
        clock=clock,
        journal=Journal(clock),
        faults=Faults(SeededChance(1), clock),
        tasks=Tasks(),
    )
    return clock, app, workspace


async def test_an_event_is_sent_again_at_once_after_a_minute_and_after_five() -> None:
    clock, app, workspace = deaf_stage()
    workspace.tell({"type": "team_rename"})

    await clock.advance(timedelta(hours=1))

    why = Failure.REFUSED
    assert app.attempts == [(0.0, 0, None), (0.0, 1, why), (60.0, 2, why), (360.0, 3, why)]


async def test_an_event_is_not_repeated_once_it_was_heard() -> None:
    clock, app, workspace = deaf_stage()
    workspace.tell({"type": "team_rename"})
    await clock.advance(timedelta(seconds=30))
    app.hears = True

    await clock.advance(timedelta(hours=1))

    assert [attempt for _, attempt, _ in app.attempts] == [0, 1, 2]


async def test_an_app_may_ask_for_no_more() -> None:
    clock, app, workspace = deaf_stage()
    app.no_retry = True
    workspace.tell({"type": "team_rename"})

    await clock.advance(timedelta(hours=1))

    assert len(app.attempts) == 1


async def test_a_dropped_event_never_comes(sandbox: Sandbox, people: People) -> None:
    sandbox.faults.add(Rule(when=When.DROPPED, method="message*", times=1))
    async with over_socket_mode(sandbox) as seen:
        await people.person("ana").says("lost", channel="general")
        await people.person("ana").says("found", channel="general")
        await seen.event("message")

    assert [one["text"] for one in seen.events] == ["found"]
    assert sandbox.journal.deliveries("message")[0].result == {"outcome": "dropped"}


class Inbox:
    """A bare HTTP endpoint: answers as told, keeps what came."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[tuple[web.Request, bytes]] = asyncio.Queue()
        self.statuses: list[int] = []

    async def take(self, request: web.Request) -> web.Response:
        await self.came.put((request, await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)


async def test_http_deliveries_are_signed_and_repeats_say_that_they_are() -> None:
    inbox = Inbox()
    inbox.statuses = [500, 200]
    app = web.Application()
    app.router.add_post("/", inbox.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with Sandbox(SystemClock(), SeededChance(1), f"http://127.0.0.1:{runner.addresses[0][1]}/") as sandbox:
        sandbox.workspace.tell({"type": "team_rename", "name": "Southwind"})
        async with asyncio.timeout(5):
            first, body = await inbox.came.get()
            second, again = await inbox.came.get()
    await runner.cleanup()

    verifier = SignatureVerifier(SIGNING_SECRET)
    assert verifier.is_valid_request(body, dict(first.headers))
    assert body == again
    assert "X-Slack-Retry-Num" not in first.headers
    assert (second.headers["X-Slack-Retry-Num"], second.headers["X-Slack-Retry-Reason"]) == ("1", "http_error")


async def test_a_command_that_is_refused_shows_dispatch_failed_and_is_not_repeated() -> None:
    holder = await listen()
    async with Sandbox(SystemClock(), SeededChance(1), holder.url) as sandbox, People(sandbox.url) as people:
        holder.app, seen = incident_app(sandbox)
        answer = await people.person("ana").command("/incident payload")
        shown = await people.person("ana").sees("general")
        await holder.stop()

    assert answer["error"] == "dispatch_failed"
    assert [one["text"] for one in shown] == ['/incident failed with the error "dispatch_failed"']
    assert [entry.status for entry in sandbox.journal.deliveries("slash_command")] == [404]
    assert seen.bodies == []


async def test_without_a_connection_a_command_fails_at_once(people: People) -> None:
    assert (await people.person("ana").command("/incident"))["error"] == "dispatch_failed"


async def connect(session: ClientSession, sandbox: Sandbox) -> tuple[ClientWebSocketResponse, Obj]:
    """Open one Socket Mode connection by hand; return it with its first frame."""
    client = AsyncWebClient(base_url=f"{sandbox.url}/api/")
    address = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
    socket = await session.ws_connect(address)
    return socket, await socket.receive_json(timeout=5)


async def test_a_connection_begins_with_hello_and_its_ticket_opens_only_one(sandbox: Sandbox) -> None:
    async with ClientSession() as session:
        client = AsyncWebClient(base_url=f"{sandbox.url}/api/")
        address = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
        async with session.ws_connect(address) as socket:
            hello = await socket.receive_json(timeout=5)
        async with session.get(address.replace("ws:", "http:")) as second:
            status = second.status

    assert (hello["type"], hello["num_connections"], hello["connection_info"]) == ("hello", 1, {"app_id": "A0MUSTER"})
    assert status == 403


async def test_the_eleventh_connection_is_turned_away(sandbox: Sandbox) -> None:
    sandbox.limits.enabled = False
    async with ClientSession() as session:
        sockets = [await connect(session, sandbox) for _ in range(11)]

        assert [frame["type"] for _, frame in sockets] == ["hello"] * 10 + ["disconnect"]
        assert sockets[-1][1]["reason"] == "too_many_websockets"


async def test_an_envelope_goes_to_one_connection_and_again_when_that_one_closes(
    sandbox: Sandbox, people: People
) -> None:
    async with ClientSession() as session:
        first, _ = await connect(session, sandbox)
        await people.person("ana").says("hello", channel="general")
        envelope = await first.receive_json(timeout=5)
        second, _ = await connect(session, sandbox)
        await first.close()
        again = await second.receive_json(timeout=5)
        await second.send_json({"envelope_id": again["envelope_id"]})

    assert (envelope["type"], envelope["retry_attempt"], envelope["accepts_response_payload"]) == (
        "events_api",
        0,
        False,
    )
    assert (again["retry_attempt"], again["payload"]["event_id"]) == (1, envelope["payload"]["event_id"])


async def test_an_envelope_that_is_not_acknowledged_in_three_seconds_comes_again() -> None:
    clock = FakeClock()
    async with Sandbox(clock, SeededChance(1)) as sandbox, ClientSession() as session:
        socket, _ = await connect(session, sandbox)
        sandbox.workspace.tell({"type": "team_rename"})
        first = await socket.receive_json(timeout=5)
        await clock.advance(timedelta(seconds=3))
        second = await socket.receive_json(timeout=5)
        await socket.close()

    assert (first["retry_attempt"], second["retry_attempt"], second["retry_reason"]) == (0, 1, "timeout")


async def test_a_command_that_nobody_acknowledges_shows_operation_timeout() -> None:
    clock = FakeClock()
    async with Sandbox(clock, SeededChance(1)) as sandbox, ClientSession() as session, People(sandbox.url) as people:
        socket, _ = await connect(session, sandbox)
        giving = asyncio.create_task(people.person("ana").command("/incident"))
        await socket.receive_json(timeout=5)
        await clock.advance(timedelta(seconds=3))

        assert (await giving)["error"] == "operation_timeout"
        await socket.close()


async def test_pings_are_answered_with_their_own_payload(sandbox: Sandbox) -> None:
    async with ClientSession() as session:
        client = AsyncWebClient(base_url=f"{sandbox.url}/api/")
        address = (await client.apps_connections_open(app_token=APP_TOKEN))["url"]
        async with session.ws_connect(address, autoping=False) as socket:
            await socket.receive_json(timeout=5)
            await socket.ping(b"sdk-ping-pong:1.5")
            pong = await socket.receive(timeout=5)

    assert pong.data == b"sdk-ping-pong:1.5"


async def test_slacks_client_connects_again_when_it_is_told_to_go(sandbox: Sandbox, people: People) -> None:
    async with over_socket_mode(sandbox) as seen:
        await sandbox.sockets.disconnect(Goodbye.REFRESH)
        async with asyncio.timeout(5):
            await sandbox.sockets.wait_for(1)
        await people.person("ana").says("still there?", channel="general")
        event = await seen.event("message")

    assert event["text"] == "still there?"
