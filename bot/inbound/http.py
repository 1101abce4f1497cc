"""The HTTP border: alerts, Slack, scripts, and what tells of itself (`/openapi.json` lists all); no redirects.

This is one of the three places that catch every exception: what nobody foresaw is answered 500 with an id that stands
in the log, and nothing of it leaves the house.
"""

import math
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from typing import Final, Protocol

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.clock import Chance, Clock
from bot.domain.alerts_model import ReportedAlert
from bot.domain.ids import SourceName
from bot.domain.page_commands import HearPager
from bot.errors import BadInput, Overloaded, Unauthorised
from bot.inbound.alerts import Parse, Source
from bot.inbound.amazon_sns import AmazonSns, Fetch
from bot.inbound.api import Api, api_routes
from bot.inbound.authentication import Integration
from bot.inbound.bodies import Bodies, Broken, Limits, TooLarge, TooSlow
from bot.inbound.doors import Alerts, Doors
from bot.inbound.health import Probe, examine
from bot.inbound.intake import Deposit, Intake
from bot.inbound.openapi import document

Endpoint = Callable[[Request], Awaitable[Response]]

_log = structlog.stdlib.get_logger(__name__)
# What may stand behind a source's name in a path.
_BEHIND: Final = ("", "/", "/{secret}", "/{secret}/")


class Answer(Protocol):
    """What Slack's side answers to a request."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, without Content-Length."""

    @property
    def body(self) -> bytes:
        """The whole body."""


Slack = Callable[[Mapping[str, str], bytes], Awaitable[Answer]]
"""Takes a request's headers (lower case) and its raw body, of which nothing has been verified yet."""


def http_app(  # noqa: PLR0913 - everything is handed in; nothing in here is global
    *,
    deposit: Deposit,
    senders: Mapping[SourceName, Sequence[Integration]],
    sources: Mapping[SourceName, Source],
    slack: Slack | None,
    health: Mapping[str, Probe],
    clock: Clock,
    chance: Chance,
    registry: CollectorRegistry,
    fetch: Fetch,
    limits: Limits | None = None,
    api: Api | None = None,
) -> Doors:
    """Return the application.

    Args:
        deposit: keeps a delivery durably, or raises `Overloaded`.
        senders: who may hand in alerts, by source; a source without any is off and answers like to a wrong token.
        sources: the alert sources by the name in their path.
        slack: answers Slack's requests; None with Socket Mode, when there is no such path.
        health: the probes of /readyz by name.
        clock: tells the time.
        chance: makes the ids of failed requests.
        registry: where the border's metrics go, and what /metrics shows.
        fetch: fetches the certificates that Amazon SNS signs with.
        limits: what is borne at most.
        api: what scripts may do; None when it is off.
    """
    bodies = Bodies(limits := limits or Limits())
    sources = {name: source for name, source in sources.items() if source.is_posted}
    intake = Intake(
        deposit=deposit,
        senders=senders,
        sources={name: guarded(source) for name, source in sources.items()},
        bodies=bodies,
        limits=limits,
        registry=registry,
        clock=clock,
        sns=AmazonSns(fetch),
    )
    routes = [
        Route("/livez", _livez),
        Route("/readyz", _readyz(health, limits)),
        Route("/metrics", _metrics(registry)),
        Route("/openapi.json", _openapi(_about(sources, slack=slack is not None, api=api is not None))),
        *(api_routes(api, bodies) if api else ()),
        *([Route("/slack/events", _slack(slack, bodies, limits), methods=["POST"])] if slack else ()),
    ]
    return _doors(intake, _alerts(intake, sources), _everything_else(routes, chance), chance)


def _doors(intake: Intake, posted: Starlette, everything_else: Starlette, chance: Chance) -> Doors:
    return Doors(
        alerts=Border(Alerts(intake, posted), chance=chance),
        everything_else=everything_else,
        routes=[*posted.routes, *everything_else.routes],
    )


def _about(sources: Mapping[SourceName, Source], *, slack: bool, api: bool) -> Mapping[str, object]:
    asking = [name for name, source in sources.items() if source.asks_first]
    return document(sources=sources, asking=asking, slack=slack, api=api, version=version("muster-bot"))


def _alerts(intake: Intake, sources: Mapping[SourceName, Source]) -> Starlette:
    app = Starlette(
        routes=[
            # A slash at the end changes nothing: a redirect would lose the alert (Alertmanager follows it as a GET).
            *(Route(f"/alerts/{{source}}{rest}", intake, methods=["POST"]) for rest in _BEHIND),
            *_greetings(sources, intake),
        ],
        exception_handlers={HTTPException: _plain_fault},
    )
    app.router.redirect_slashes = False
    return app


def _everything_else(routes: Sequence[Route], chance: Chance) -> Starlette:
    app = Starlette(
        routes=list(routes),
        middleware=[Middleware(Border, chance=chance)],
        exception_handlers={HTTPException: _plain_fault},
    )
    app.router.redirect_slashes = False
    return app


class Border:
    """Turns every exception into an answer that says no more than it must."""

    def __init__(self, app: ASGIApp, *, chance: Chance) -> None:
        self._app = app
        self._chance = chance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; answer for whoever fails."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answering = False

        async def watched(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the HTTP border
            answer = self._answer_to(error, scope)
            if not answering:
                await answer(scope, receive, send)

    def _answer_to(self, error: Exception, scope: Scope) -> Response:
        match error:
            case Overloaded():
                _log.debug(
                    "request_refused", path=_without_secret(scope["path"]), reason=str(error)
                )  # /metrics counts; a storm must not log
                after = str(max(1, math.ceil(error.after.total_seconds())))
                return JSONResponse({"error": "not now, send it again"}, 503, {"Retry-After": after})
            case Unauthorised():
                return JSONResponse({"error": "unauthorised"}, 401)
            case _:
                request_id = self._chance.token(12)
                path, method = _without_secret(scope["path"]), scope["method"]
                _log.error("request_failed", path=path, method=method, request_id=request_id, exc_info=error)
                return JSONResponse({"error": "internal error", "request_id": request_id}, 500)


def _without_secret(path: str) -> str:
    """Return the path without what may be a secret: whatever stands behind an alert source."""
    parts = path.split("/", 3)
    return "/".join([*parts[:3], "..."]) if parts[1:2] == ["alerts"] and parts[3:] else path


def _greetings(sources: Mapping[SourceName, Source], intake: Intake) -> list[Route]:
    """Return where senders ask whether they may send; everybody else hears 405."""
    return [
        Route(f"/alerts/{name}{rest}", partial(intake.greet, source), methods=["OPTIONS"])
        for name, source in sources.items()
        if source.asks_first
        for rest in _BEHIND
    ]


def guarded(source: Source) -> Source:
    """Return the source with readers that only ever raise `BadInput`: a bug of ours must not cost the sender's alert.

    What they stumbled over is kept in quarantine, and can be read again when the bug is mended.
    """

    def guard(parse: Parse) -> Parse:
        def careful(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
            with _reading(source, body):
                return parse(body, left_out)

        return careful

    read_news = source.page_news

    def news(body: bytes) -> HearPager | None:
        with _reading(source, body):
            return read_news(body) if read_news else None

    return replace(source.wrapped(guard), page_news=news)


@contextmanager
def _reading(source: Source, body: bytes) -> Iterator[None]:
    try:
        yield
    except BadInput:
        raise
    except Exception as error:
        _log.error("source_failed", source=source.name, bytes=len(body), exc_info=error)
        raise BadInput(f"our reader of {source.name} failed ({type(error).__name__})") from error


def _slack(slack: Slack, bodies: Bodies, limits: Limits) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            async with bodies.of(request.headers, request.receive, limits.slack_body) as body:
                answer = await slack(dict(request.headers), body)
        except TooLarge as error:
            return JSONResponse({"error": str(error)}, 413)
        except TooSlow as error:
            return JSONResponse({"error": str(error)}, 408)
        except Broken as error:
            return JSONResponse({"error": str(error)}, 400)
        return Response(answer.body, answer.status, dict(answer.headers))

    return endpoint


async def _livez(_: Request) -> Response:
    return JSONResponse({"status": "alive"})


def _readyz(probes: Mapping[str, Probe], limits: Limits) -> Endpoint:
    async def endpoint(_: Request) -> Response:
        found = await examine(probes, within=limits.check_within)
        ready = all(check.ok for check in found.values())
        checks = {name: {"ok": check.ok, "detail": check.detail} for name, check in found.items()}
        return JSONResponse({"ready": ready, "checks": checks}, 200 if ready else 503)

    return endpoint


def _metrics(registry: CollectorRegistry) -> Endpoint:
    async def endpoint(_: Request) -> Response:
        return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return endpoint


def _openapi(about: Mapping[str, object]) -> Endpoint:
    async def endpoint(_: Request) -> Response:
        return JSONResponse(about)

    return endpoint


async def _plain_fault(_: Request, error: Exception) -> Response:
    """Answer for a path or a method that does not exist."""
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)
