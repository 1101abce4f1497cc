"""The HTTP API for whoever works with Muster by script: `/api/silences`, `/api/deploys`, `/api/incidents`.

It is behind tokens of its own.

A sender of alerts has no business here, and its token opens nothing. Whoever has one of these acts in the name that the
request gives, and the audit log keeps it. What scripts may do is said in `permissions`, by act (`api`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.domain.muting import Silence
from bot.engine.deploy_desk import DeployDesk
from bot.engine.handle import Engine
from bot.engine.incident_desk import IncidentDesk
from bot.engine.requests import KeyTakenError
from bot.engine.silence_desk import SilenceDesk
from bot.errors import Forbidden, Refused
from bot.inbound import deploy_bodies, incident_bodies
from bot.inbound.authentication import TOKEN, Head, Integration, known_by_head
from bot.inbound.bodies import Bodies, Broken, TooLarge, TooSlow
from bot.inbound.problems import Problem
from bot.inbound.silence_bodies import author_of, shown, silence_of

LARGEST_BODY: Final = 64 * 1024
LONGEST_KEY: Final = 255
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="api"'}

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What the API is made of: the tokens that open it, and what is behind it."""

    tokens: tuple[str, ...] = field(repr=False)
    silences: SilenceDesk
    deploys: DeployDesk
    incidents: IncidentDesk
    clock: Clock


def api_of(tokens: tuple[str, ...], engine: Engine) -> Api | None:
    """Return the API; None when no token opens it."""
    if not tokens:
        return None
    return Api(
        tokens=tokens,
        silences=SilenceDesk(engine),
        deploys=DeployDesk(engine),
        incidents=IncidentDesk(engine),
        clock=engine.clock,
    )


def api_routes(api: Api, bodies: Bodies) -> list[Route]:
    """Return its routes."""
    silences, deploys, incidents = _Silences(api, bodies), _Deploys(api, bodies), _Incidents(api, bodies)
    return [
        Route("/api/silences", _guarded(api, silences.listed), methods=["GET"]),
        Route("/api/silences", _guarded(api, silences.make), methods=["POST"]),
        Route("/api/silences/{silence}", _guarded(api, silences.show), methods=["GET"]),
        Route("/api/silences/{silence}", _guarded(api, silences.end), methods=["DELETE"]),
        Route("/api/deploys", _guarded(api, deploys.tell), methods=["POST"]),
        Route("/api/incidents", _guarded(api, incidents.declare), methods=["POST"]),
    ]


def _guarded(api: Api, endpoint: Endpoint) -> Endpoint:
    """Let only those in who show a token; tell everybody what is wrong in the same words."""
    allowed = [Integration(name="api", secrets=api.tokens)]

    async def answer(request: Request) -> Response:
        if known_by_head([TOKEN], Head(headers=request.headers), allowed) is None:
            text = "Show a token of MUSTER_API_TOKEN: Authorization: Bearer <token>."
            return Problem(HTTPStatus.UNAUTHORIZED, text, headers=_CHALLENGE).answer()
        try:
            return await endpoint(request)
        except Problem as problem:
            return problem.answer()
        except Forbidden as error:
            return Problem(HTTPStatus.FORBIDDEN, str(error), who=error.who).answer()

    return answer


class _Asked:
    """What is asked of the API with a body."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies

    def _key(self, request: Request) -> str:
        key = request.headers.get("idempotency-key", "").strip()
        if len(key) > LONGEST_KEY:
            raise Problem(HTTPStatus.BAD_REQUEST, f"The Idempotency-Key is longer than {LONGEST_KEY} characters.")
        return key

    async def _body(self, request: Request) -> bytes:
        if request.headers.get("content-encoding", "identity").strip().lower() not in {"identity", ""}:
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body without Content-Encoding.")
        try:
            async with self._bodies.of(request.headers, request.receive, LARGEST_BODY) as body:
                return body
        except TooLarge as error:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error)) from None
        except TooSlow as error:
            raise Problem(HTTPStatus.REQUEST_TIMEOUT, str(error)) from None
        except Broken as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from None


class _Deploys(_Asked):
    """`/api/deploys`."""

    def __init__(self, api: Api, bodies: Bodies) -> None:
        super().__init__(bodies)
        self._desk, self._clock = api.deploys, api.clock

    async def tell(self, request: Request) -> Response:
        key = self._key(request)
        told, is_dated = deploy_bodies.deploy_of(await self._body(request), self._clock.now())
        try:
            kept = await self._desk.tell(told, key, is_dated=is_dated)
        except KeyTakenError:
            raise _taken("deploy") from None
        return JSONResponse(deploy_bodies.shown(kept), HTTPStatus.CREATED)


class _Incidents(_Asked):
    """`/api/incidents`."""

    def __init__(self, api: Api, bodies: Bodies) -> None:
        super().__init__(bodies)
        self._desk = api.incidents

    async def declare(self, request: Request) -> Response:
        key = self._key(request)
        if not key:  # whoever sends it again would call everybody twice
            text = "Send an Idempotency-Key, one for each incident: what is sent again with it is declared once."
            raise Problem(HTTPStatus.BAD_REQUEST, text)
        told = incident_bodies.incident_of(await self._body(request), self._desk.services)
        try:
            made = await self._desk.declare(told, key)
        except KeyTakenError:
            raise _taken("incident") from None
        return JSONResponse(incident_bodies.shown(made), HTTPStatus.CREATED)


class _Silences(_Asked):
    """`/api/silences`."""

    def __init__(self, api: Api, bodies: Bodies) -> None:
        super().__init__(bodies)
        self._desk, self._clock = api.silences, api.clock

    async def listed(self, _: Request) -> Response:
        now = self._clock.now()
        return JSONResponse({"silences": [shown(one, now) for one in await self._desk.listed()]})

    async def make(self, request: Request) -> Response:
        key = self._key(request)
        told = silence_of(await self._body(request))
        try:
            made = await self._desk.make(told, key)
        except Forbidden:
            raise
        except Refused as error:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
        except KeyTakenError:
            raise _taken("silence") from None
        where = {"Location": f"/api/silences/{made.label}"}
        return JSONResponse(shown(made, self._clock.now()), HTTPStatus.CREATED, where)

    async def show(self, request: Request) -> Response:
        return self._one(request, await self._desk.found(self._number(request)))

    async def end(self, request: Request) -> Response:
        number = self._number(request)
        by = author_of(request.query_params.get("author", ""))
        try:
            return self._one(request, await self._desk.end(number, by))
        except Forbidden:
            raise
        except Refused as error:
            raise Problem(HTTPStatus.CONFLICT, str(error)) from None

    def _one(self, request: Request, silence: Silence | None) -> Response:
        if silence is None:
            raise _unknown(request)
        return JSONResponse(shown(silence, self._clock.now()))

    def _number(self, request: Request) -> int:
        number = Silence.number_in(request.path_params["silence"])
        if number is None:
            raise _unknown(request)
        return number


def _taken(what: str) -> Problem:
    text = f"This Idempotency-Key named another {what} before; give this one a key of its own."
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, text)


def _unknown(request: Request) -> Problem:
    name = request.path_params["silence"]
    known = "GET /api/silences lists those that are not over"
    return Problem(HTTPStatus.NOT_FOUND, f"There is no silence {name[:40]!r}; {known}.")
