"""A PagerDuty on the loopback interface, as strict as the documented one: Events API v2 and `GET /oncalls`.

Held to its contract by tests/outbound/test_pagerduty_contract.py. What it answers follows
https://developer.pagerduty.com/docs/events-api-v2-overview (events) and https://developer.pagerduty.com/docs (REST).
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from aiohttp import web

from tests.fakes.pagerduty_rules import OnCall, event_faults, on_call_page, question_faults

ROUTING_KEY = "R0" * 16
API_KEY = "u+fake-api-key-12345"


class Fault(StrEnum):
    """How PagerDuty can be ill."""

    BROKEN = "broken"
    """It answers 500 and has done nothing."""
    LIMITED = "limited"
    """It answers 429."""
    SLOW = "slow"
    """It does what was asked, and answers only when the fake is left."""
    DRIPPING = "dripping"
    """It does what was asked, and answers a byte at a time, until the fake is left."""
    CUT = "cut"
    """It does what was asked, and hangs up without an answer."""
    LOSING = "losing"
    """It answers 202 and forgets."""
    REFUSING = "refusing"
    """It answers 403: the key may not do this."""
    ELSEWHERE = "elsewhere"
    """It sends the caller to another address."""
    STRANGE = "strange"
    """It answers 200 with something that is not documented."""


class AlertState(StrEnum):
    """Where an alert of PagerDuty stands."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(slots=True)
class PagerAlert:
    """What PagerDuty knows under a dedup_key; a repeated trigger pages nobody anew. `events` are all that came."""

    state: AlertState = AlertState.TRIGGERED
    pages: int = 0
    events: list[Mapping[str, object]] = field(default_factory=list)


class FakePagerDuty:
    """Use as `async with FakePagerDuty() as pagerduty`; `url` is the base of both APIs."""

    def __init__(self, routing_key: str = ROUTING_KEY, api_key: str = API_KEY) -> None:
        self.routing_key, self.api_key = routing_key, api_key
        self.alerts: dict[str, PagerAlert] = {}
        self.on_calls: list[OnCall] = []
        self.fault: Fault | None = None
        self.retry_after: str | None = None
        self.requests: list[str] = []
        self._came = asyncio.Condition()
        self._left = asyncio.Event()
        self._port = 0
        application = web.Application(client_max_size=1024 * 1024)
        application.router.add_post("/v2/enqueue", self._enqueue)
        application.router.add_get("/oncalls", self._oncalls)
        application.router.add_route("*", "/elsewhere", self._elsewhere)
        self._runner = web.AppRunner(application, shutdown_timeout=1)
        self._site: web.TCPSite | None = None

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await self.come_up()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.leave()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The base of both APIs, without a slash at its end."""
        return f"http://127.0.0.1:{self._port}"

    async def go_down(self) -> None:
        """Refuse connections from now on."""
        if self._site:
            await self._site.stop()

    async def come_up(self) -> None:
        """Listen, again on the same port."""
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()
        self._port = int(self._runner.addresses[0][1])

    def leave(self) -> None:
        """Let those go whom a slow answer keeps."""
        self._left.set()

    async def has_had(self, requests: int, *, within: float = 5) -> None:
        """Wait until so many requests have come."""

        async def wait() -> None:
            async with self._came:
                await self._came.wait_for(lambda: len(self.requests) >= requests)

        await asyncio.wait_for(wait(), within)

    async def _note(self, request: web.Request) -> None:
        async with self._came:
            self.requests.append(f"{request.method} {request.path}")
            self._came.notify_all()

    async def _enqueue(self, request: web.Request) -> web.StreamResponse:
        await self._note(request)
        ill = self._ill(request)
        if ill is not None:
            return ill
        try:
            event = await request.json()
        except ValueError:
            return _invalid_event(["JSON is not valid"])
        faults = event_faults(event)
        if faults:
            return _invalid_event(faults)
        if event["routing_key"] != self.routing_key:
            return _invalid_event(["'routing_key' is invalid"])
        key = str(event.get("dedup_key") or f"made-up-{len(self.alerts)}")
        if self.fault is not Fault.LOSING:
            self._take(key, event)
        body = {"status": "success", "message": "Event processed", "dedup_key": key}
        return await self._answer(request, lambda: web.json_response(body, status=202))

    def _take(self, key: str, event: Mapping[str, object]) -> None:
        known = self.alerts.get(key)
        if event["event_action"] == "trigger" and (known is None or known.state is AlertState.RESOLVED):
            known = self.alerts[key] = PagerAlert(
                pages=known.pages if known else 0, events=known.events if known else []
            )
            known.pages += 1
        if known is None or (known.state is AlertState.RESOLVED):
            return  # nothing to acknowledge or resolve; accepted all the same
        known.events.append({name: value for name, value in event.items() if name != "routing_key"})
        after = {"acknowledge": AlertState.ACKNOWLEDGED, "resolve": AlertState.RESOLVED}
        known.state = after.get(str(event["event_action"]), known.state)

    async def _oncalls(self, request: web.Request) -> web.StreamResponse:
        await self._note(request)
        if request.headers.get("Authorization") != f"Token token={self.api_key}":
            return web.json_response({"error": {"code": 2006, "message": "Unauthorized"}}, status=401)
        ill = self._ill(request)
        if ill is not None:
            return ill
        if request.headers.get("Accept") != "application/vnd.pagerduty+json;version=2":
            return web.json_response({"error": {"code": 2004, "message": "Unsupported version"}}, status=406)
        faults = question_faults(request.query)
        if faults:
            body = {"error": {"code": 2001, "message": "Invalid Input Provided", "errors": faults}}
            return web.json_response(body, status=400)
        return await self._answer(request, lambda: web.json_response(on_call_page(self.on_calls, request.query)))

    async def _elsewhere(self, request: web.Request) -> web.StreamResponse:
        await self._note(request)
        return web.json_response({"dedup_key": "elsewhere"})

    def _ill(self, request: web.Request) -> web.StreamResponse | None:
        """Return how a fault answers, when nothing is done."""
        patience = {"Retry-After": self.retry_after} if self.retry_after is not None else {}
        match self.fault:
            case Fault.BROKEN:
                return web.json_response({"error": {"message": "Internal Server Error"}}, status=500, headers=patience)
            case Fault.LIMITED:
                return web.json_response({"status": "throttle exceeded"}, status=429, headers=patience)
            case Fault.REFUSING:
                return web.json_response({"error": {"code": 2010, "message": "Access Denied"}}, status=403)
            case Fault.ELSEWHERE:
                return web.Response(status=307, headers={"Location": f"{self.url}/elsewhere"})
            case Fault.STRANGE:
                return web.Response(text="<html>Welcome to the hotel's network</html>", content_type="text/html")
            case _:
                return None

    async def _answer(self, request: web.Request, answer: Callable[[], web.Response]) -> web.StreamResponse:
        """Answer what has been done, if at all."""
        match self.fault:
            case Fault.SLOW:
                await self._left.wait()
            case Fault.DRIPPING:
                return await self._drip(request)
            case Fault.CUT if request.transport is not None:
                request.transport.abort()
        return answer()

    async def _drip(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(status=202)
        await answer.prepare(request)
        while not self._left.is_set():
            await answer.write(b" ")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._left.wait(), 0.05)
        return answer


def _invalid_event(errors: list[str]) -> web.Response:
    body = {"status": "invalid event", "message": "Event object is invalid", "errors": errors}
    return web.json_response(body, status=400)
