"""What a broken line means: surely not applied without a connection, perhaps applied once bytes were sent."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.domain.ids import ChannelId, UserId
from bot.errors import TryLater, Uncertain, Undeliverable
from bot.failpoints import told
from bot.outbound.slack.client import SlackGateway
from bot.outbound.slack.limits import Limits
from bot.outbound.slack.line import STILL_OURS, Line, slack_session, web_client
from bot.views.blocks import Message, message, section
from tests.fakes.clock import FakeClock

CHANNEL = ChannelId("C0INCIDENTS")
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(kw_only=True)
class Stub:
    """A server that answers every call as the test wants, and remembers what came."""

    answer: Answer
    bodies: list[dict[str, object]] = field(default_factory=list)
    peers: set[object] = field(default_factory=set)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.json() if request.content_type == "application/json" else dict(request.query))
        assert request.transport
        self.peers.add(request.transport.get_extra_info("peername"))
        return await self.answer(request)


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[Stub]:
    stub = Stub(answer=answer)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stub.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        stub.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        yield stub
    finally:
        await runner.cleanup()


@asynccontextmanager
async def gateway_to(url: str, *, seconds: float = 5, clock: FakeClock | None = None) -> AsyncIterator[SlackGateway]:
    """Connect as in production, but with a patience that suits a test."""
    clock = clock or FakeClock()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds)) as session:
        slack = web_client(session, token="xoxb-1", base_url=url)
        yield SlackGateway(slack, Line(session, slack, Limits(clock)), clock)


def says(status: int, text: str, content_type: str = "application/json", **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=text, content_type=content_type, headers=named)

    return answer


async def hangs_up(request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return web.Response()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"ok": true')
    assert request.transport
    request.transport.abort()
    return response


async def never_answers(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    return web.Response()


def hello() -> Message:
    return message("hello", section("hello"))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(hangs_up, id="closed without an answer"),
        pytest.param(breaks_off, id="closed in the middle of the answer"),
        pytest.param(says(500, "oops", "text/plain"), id="500 as text"),
        pytest.param(says(502, "<html>", "text/html"), id="502 as HTML"),
        pytest.param(says(503, '{"ok": false, "error": "ratelimited"}'), id="503 as JSON"),
        pytest.param(says(200, "<html>"), id="not JSON"),
        pytest.param(says(200, "all is well", "text/plain"), id="text"),
        pytest.param(says(200, "[]"), id="a list"),
        pytest.param(says(200, "[1]"), id="a list with something"),
        pytest.param(says(200, "null"), id="nothing"),
        pytest.param(says(200, '"ok"'), id="a JSON text"),
        pytest.param(says(200, "{}"), id="neither ok nor error"),
        pytest.param(says(200, '{"ok": true}'), id="ok without a ts"),
        pytest.param(says(200, '{"ok": false, "error": "fatal_error"}'), id="fatal_error"),
        pytest.param(says(200, '{"ok": false, "error": "duplicate_message"}'), id="duplicate_message"),
    ],
)
async def test_what_may_have_been_posted_is_uncertain_and_is_not_sent_again(answer: Answer) -> None:
    async with serving(answer) as stub, gateway_to(stub.url) as slack:
        with pytest.raises(Uncertain):
            await slack.post(CHANNEL, hello(), "said:1:1")
        assert len(stub.bodies) == 1


async def test_bytes_that_are_no_text_are_uncertain() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"\xff\xfe{}", content_type="application/json", charset="utf-8")

    async with serving(answer) as stub, gateway_to(stub.url) as slack:
        with pytest.raises(Uncertain):
            await slack.post(CHANNEL, hello(), "said:1:1")


async def test_no_answer_in_time_is_uncertain() -> None:
    async with serving(never_answers) as stub, gateway_to(stub.url, seconds=0.2) as slack:
        with pytest.raises(Uncertain):
            await slack.post(CHANNEL, hello(), "said:1:1")


async def test_without_a_connection_nothing_was_posted() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        async with gateway_to(f"http://127.0.0.1:{taken.getsockname()[1]}/api/") as slack:
            with pytest.raises(TryLater, match="cannot be reached"):
                await slack.post(CHANNEL, hello(), "said:1:1")


async def test_without_a_name_nothing_was_posted() -> None:
    async with gateway_to("http://slack.invalid/api/") as slack:
        with pytest.raises(TryLater, match="cannot be reached"):
            await slack.post(CHANNEL, hello(), "said:1:1")


async def test_without_tls_nothing_was_posted() -> None:
    async with serving(says(200, "{}")) as stub, gateway_to(stub.url.replace("http:", "https:")) as slack:
        with pytest.raises(TryLater, match="cannot be reached"):
            await slack.post(CHANNEL, hello(), "said:1:1")
        assert stub.bodies == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(says(429, '{"ok": false, "error": "ratelimited"}', Retry_After="17"), id="JSON"),
        pytest.param(says(429, "slow down", "text/plain", Retry_After="17"), id="text"),
        pytest.param(says(429, "slow down", Retry_After="17"), id="not JSON"),
    ],
)
async def test_429_was_not_applied_and_pauses_the_method_to_the_second(answer: Answer) -> None:
    clock = FakeClock()
    async with serving(answer) as stub, gateway_to(stub.url, clock=clock) as slack:
        with pytest.raises(TryLater) as refused:
            await slack.post(CHANNEL, hello(), "said:1:1")
        assert refused.value.after == timedelta(seconds=17)
        clock.move(timedelta(seconds=16))
        with pytest.raises(TryLater) as paused:
            await slack.post(ChannelId("C0OTHER"), hello(), "said:2:1")
        assert paused.value.after == timedelta(seconds=1)
        assert len(stub.bodies) == 1
        clock.move(timedelta(seconds=1))
        with pytest.raises(TryLater):
            await slack.post(CHANNEL, hello(), "said:1:1")
        assert len(stub.bodies) == 2


async def test_a_refusal_is_undeliverable_with_its_sentence() -> None:
    answer = says(200, '{"ok": false, "error": "missing_scope", "needed": "chat:write", "provided": ""}')
    async with serving(answer) as stub, gateway_to(stub.url) as slack:
        with pytest.raises(Undeliverable, match="chat:write"):
            await slack.post(CHANNEL, hello(), "said:1:1")


async def test_a_post_carries_its_marker_and_no_previews() -> None:
    answer = says(200, '{"ok": true, "channel": "C0INCIDENTS", "ts": "1.000100"}')
    async with serving(answer) as stub, gateway_to(stub.url) as slack:
        await slack.post(CHANNEL, hello(), "said:1:1")
        await slack.post(CHANNEL, hello(), "said:1:1")
        await slack.post(CHANNEL, hello(), "said:1:2")
    first, again, other = stub.bodies
    assert first["metadata"] == {"event_type": "muster", "event_payload": {"k": "said:1:1"}}
    assert (first["unfurl_links"], first["unfurl_media"]) == (False, False)
    assert first["client_msg_id"] == again["client_msg_id"] != other["client_msg_id"]
    assert "thread_ts" not in first


async def test_calls_share_their_connection() -> None:
    answer = says(200, '{"ok": true, "channel": "C0INCIDENTS", "ts": "1.000100"}')
    async with serving(answer) as stub, SlackGateway.connect(token="x", clock=FakeClock(), base_url=stub.url) as slack:
        for number in range(4):
            await slack.post(CHANNEL, hello(), f"said:1:{number}")
    assert len(stub.peers) == 1


async def test_parallel_calls_keep_six_connections_open() -> None:
    ready = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.wait_for(ready.wait(), timeout=5)
        return web.Response(text='{"ok": true, "channel": "C1", "ts": "1.0001"}', content_type="application/json")

    async with serving(answer) as stub, SlackGateway.connect(token="x", clock=FakeClock(), base_url=stub.url) as slack:
        posts = [asyncio.ensure_future(slack.post(ChannelId(f"C{n}"), hello(), f"said:1:{n}")) for n in range(6)]
        while len(stub.peers) < 6:
            await asyncio.wait(posts, timeout=0.01)
        ready.set()
        await asyncio.gather(*posts)
        await asyncio.gather(*[slack.post(ChannelId(f"C{n}"), hello(), f"said:2:{n}") for n in range(6)])
    assert len(stub.peers) == 6


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    answer = says(200, '{"ok": true, "channel": "C0INCIDENTS", "ts": "1.000100"}')
    async with serving(answer) as stub, gateway_to(stub.url) as slack:
        assert (await slack.post(CHANNEL, hello(), "said:1:1")).ts == "1.000100"


@pytest.mark.parametrize(
    ("status", "kind"), [(500, Uncertain), (404, Undeliverable), (429, TryLater)], ids=["500", "used up", "429"]
)
async def test_an_answer_to_a_person_has_the_same_outcomes(status: int, kind: type[Exception]) -> None:
    async with serving(says(status, "")) as stub, gateway_to(stub.url) as slack:
        with pytest.raises(kind):
            await slack.respond(f"{stub.url}response/1", hello())


async def test_an_answer_to_a_person_is_for_their_eyes_only() -> None:
    async with serving(says(200, "ok", "text/plain")) as stub, gateway_to(stub.url) as slack:
        await slack.respond(f"{stub.url}response/1", hello())
    assert (stub.bodies[0]["response_type"], stub.bodies[0]["replace_original"]) == ("ephemeral", False)


async def test_a_name_is_asked_for_once_in_seven_hours() -> None:
    clock = FakeClock()
    answer = says(200, '{"ok": true, "user": {"name": "ana", "profile": {"display_name": "", "real_name": "Ana"}}}')
    async with serving(answer) as stub, gateway_to(stub.url, clock=clock) as slack:
        names = [(await slack.person(UserId("U0ANA"))).name for _ in range(3)]
        assert (names, len(stub.bodies)) == (["Ana"] * 3, 1)
        clock.move(timedelta(hours=12))
        await slack.person(UserId("U0ANA"))
        assert len(stub.bodies) == 2


async def test_a_call_that_is_not_ours_any_more_when_it_is_about_to_leave_does_not_leave() -> None:
    ours = [True]

    def freeze(_place: str) -> None:
        ours[0] = False

    said = says(200, '{"ok": true, "channel": "C0INCIDENTS", "ts": "1.2"}')
    async with serving(said) as stub, slack_session() as session:
        web = web_client(session, token="xoxb-1", base_url=stub.url)
        slack = SlackGateway(web, Line(session, web, Limits(FakeClock())), FakeClock())
        fence = STILL_OURS.set(lambda: ours[0])
        await slack.post(CHANNEL, message("hello", section("hello")), "said:1:1")
        try:
            with told(freeze), pytest.raises(TryLater, match="lease"):
                await slack.post(CHANNEL, message("hello", section("hello")), "said:1:2")
        finally:
            STILL_OURS.reset(fence)
    assert len(stub.bodies) == 1
