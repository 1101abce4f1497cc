"""The workspaces of one server: each has its own people, courier and control API; the app's ways in are shared.

The first workspace's control API is at `/sandbox/...`, and everyone's, the first's too, at `/sandbox/teams/<id>/...`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.control.responses import Responses
from bot.sandbox.control.routes import Control
from bot.sandbox.delivery.channel_http import HttpChannel
from bot.sandbox.delivery.channel_sockets import SocketChannel
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.faults import Faults
from bot.sandbox.gate import Gate
from bot.sandbox.journal import Journal
from bot.sandbox.limits import Limits
from bot.sandbox.state.ids import FileId
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.tasks import Tasks
from bot.sandbox.waiting import Waiting

_ROOT = "/sandbox/"
_TEAMS = f"{_ROOT}teams"
Handler = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The parts of the server that all workspaces share."""

    clock: Clock
    journal: Journal
    faults: Faults
    limits: Limits
    sockets: SocketChannel
    http: HttpChannel | None
    tasks: Tasks
    gate: Gate


class Tenant:
    """One workspace, and what belongs to it alone."""

    def __init__(self, workspace: Workspace, shared: Shared) -> None:
        self.workspace = workspace
        self.courier = Courier(
            workspace,
            channel=shared.http or shared.sockets,
            clock=shared.clock,
            journal=shared.journal,
            faults=shared.faults,
            tasks=shared.tasks,
        )
        Waiting(workspace, clock=shared.clock, tasks=shared.tasks)
        self.control = Control(
            workspace,
            clock=shared.clock,
            courier=self.courier,
            journal=shared.journal,
            faults=shared.faults,
            limits=shared.limits,
            sockets=shared.sockets,
            tasks=shared.tasks,
        )
        self.responses = Responses(workspace, shared.gate)


class Tenants:
    """All workspaces of the server; the first is the one that calls without a team are about."""

    def __init__(self, workspaces: Sequence[Workspace], shared: Shared) -> None:
        self._all = [Tenant(workspace, shared) for workspace in workspaces]

    @property
    def all(self) -> Sequence[Tenant]:
        """Return them all."""
        return self._all

    @property
    def first(self) -> Tenant:
        """Return the first."""
        return self._all[0]

    def routes(self) -> list[web.RouteDef]:
        """Return the control API's addresses, and those where the app answers and uploads."""
        return [
            *self.first.control.routes(),
            web.get(_TEAMS, self._get_teams),
            *(route for tenant in self._all for route in _below_team(tenant)),
            web.post("/response/{token}", self._to(_awaits_answer, lambda responses: responses.respond)),
            web.post("/upload/{token}", self._to(_awaits_upload, lambda responses: responses.upload)),
            web.get("/files/{id}/{name}", self._to(_has_file, lambda responses: responses.content)),
        ]

    async def _get_teams(self, _request: web.Request) -> web.Response:
        teams = [tenant.workspace.team for tenant in self._all]
        shapes = [
            {"id": team.id, "name": team.name, "domain": team.domain, "enterprise_id": team.enterprise or None}
            for team in teams
        ]
        return web.json_response({"teams": shapes})

    def _to(self, is_meant: Callable[[Workspace, web.Request], bool], pick: Callable[[Responses], Handler]) -> Handler:
        """Return a handler that passes a request on to the workspace that it is meant for, or else to the first."""

        async def answer(request: web.Request) -> web.Response:
            meant = next((one for one in self._all if is_meant(one.workspace, request)), self.first)
            return await pick(meant.responses)(request)

        return answer


def _below_team(tenant: Tenant) -> list[web.RouteDef]:
    """Return the workspace's control API below its team's id."""
    place = f"{_TEAMS}/{tenant.workspace.team.id}/"
    return [
        web.RouteDef(route.method, route.path.replace(_ROOT, place, 1), route.handler, dict(route.kwargs))
        for route in tenant.control.routes()
    ]


def _awaits_answer(workspace: Workspace, request: web.Request) -> bool:
    return request.match_info["token"] in workspace.response_urls


def _awaits_upload(workspace: Workspace, request: web.Request) -> bool:
    return any(file.upload_token == request.match_info["token"] for file in workspace.files.values())


def _has_file(workspace: Workspace, request: web.Request) -> bool:
    return FileId(request.match_info["id"]) in workspace.files
