"""Delivery over HTTP: the request URL is challenged, redirects are followed, failures have Slack's names."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.clock import SeededChance, SystemClock
from bot.sandbox.delivery.channel_http import HttpChannel
from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.delivery.payloads import Delivery, Envelope
from bot.sandbox.errors import NotPossible
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import SIGNING_SECRET
from tests.peers.alertmanager import free_port
from tests.sandbox.apps import incident_app, listen

EVENT = Delivery(kind=Envelope.EVENT, name="team_rename", payload={"type": "event_callback"})
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def endpoint(answer: Answer) -> AsyncIterator[HttpChannel]:
    """Serve one handler at every address, and return the channel that delivers to it."""
    app = web.Application()
    app.router.add_post("/{way:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    channel = HttpChannel(f"http://127.0.0.1:{runner.addresses[0][1]}/0", secret=SIGNING_SECRET, clock=SystemClock())
    yield channel
    await channel.stop()
    await runner.cleanup()


async def delivered(answer: Answer) -> Outcome:
    async with endpoint(answer) as channel:
        return await channel.send(EVENT)


@pytest.mark.parametrize(("hops", "failure"), [(1, None), (2, None), (3, Failure.REDIRECTED)])
async def test_two_redirects_are_followed_and_no_more(hops: int, failure: Failure | None) -> None:
    bodies = []

    async def answer(request: web.Request) -> web.StreamResponse:
        bodies.append(await request.json())
        if (at := int(request.match_info["way"])) < hops:
            return web.Response(status=302, headers={"Location": f"/{at + 1}"})
        return web.Response()

    outcome = await delivered(answer)

    assert outcome.failure is failure
    assert bodies == [EVENT.payload] * min(hops + 1, 3)


@pytest.mark.parametrize(("status", "no_retry"), [(500, "1"), (404, ""), (429, "1")])
async def test_another_status_than_2xx_is_a_failure_that_may_ask_for_no_more(status: int, no_retry: str) -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, headers={"X-Slack-No-Retry": no_retry} if no_retry else {})

    outcome = await delivered(answer)

    assert (outcome.failure, outcome.status, outcome.no_retry) == (Failure.REFUSED, status, bool(no_retry))


async def test_no_retry_means_nothing_with_a_2xx() -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=202, headers={"X-Slack-No-Retry": "1"})

    assert await delivered(answer) == Outcome(status=202)


async def test_a_connection_that_ends_without_an_answer_is_an_unknown_error() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    assert (await delivered(answer)).failure is Failure.UNKNOWN


async def test_nobody_there_is_a_failed_connection() -> None:
    channel = HttpChannel(f"http://127.0.0.1:{free_port()}/", secret=SIGNING_SECRET, clock=SystemClock())

    assert (await channel.send(EVENT)).failure is Failure.UNREACHABLE
    await channel.stop()


async def test_a_peer_that_speaks_no_tls_is_an_ssl_error() -> None:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response()

    async with endpoint(answer) as plain:
        channel = HttpChannel(plain.url.replace("http:", "https:"), secret=SIGNING_SECRET, clock=SystemClock())
        outcome = await channel.send(EVENT)
        await channel.stop()

    assert outcome.failure is Failure.TLS


@pytest.mark.parametrize("form", ["text", "json", "form", "nothing"])
async def test_the_request_url_is_challenged(form: str) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        asked = json.loads(await request.text())
        assert asked["type"] == "url_verification"
        challenge = asked["challenge"]
        match form:
            case "text":
                return web.Response(text=challenge)
            case "json":
                return web.json_response({"challenge": challenge})
            case "form":
                return web.Response(text=f"challenge={challenge}", content_type="application/x-www-form-urlencoded")
            case _:
                return web.Response()

    async with endpoint(answer) as channel:
        assert await channel.verify("a1b2") is (form != "nothing")


async def test_a_real_app_passes_the_challenge() -> None:
    holder = await listen()
    async with Sandbox(SystemClock(), SeededChance(1), holder.url) as sandbox, People(sandbox.url) as people:
        holder.app, _ = incident_app(sandbox)
        verified = await people.post("verify", {})
        await holder.stop()

    assert verified["verified"] is True


async def test_over_socket_mode_there_is_nothing_to_challenge(people: People) -> None:
    with pytest.raises(NotPossible, match="no request URL"):
        await people.post("verify", {})
