"""The sandbox as a server: wires state, Web API, delivery, control API and page together, and starts and stops them."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.clock import Chance, Clock
from bot.sandbox.access import Access
from bot.sandbox.consent import Consent
from bot.sandbox.delays import Delay
from bot.sandbox.delivery.channel_http import HttpChannel
from bot.sandbox.delivery.channel_sockets import SocketChannel
from bot.sandbox.facts import ALL_BOT_SCOPES
from bot.sandbox.faults import Faults
from bot.sandbox.inprocess import InProcess
from bot.sandbox.journal import Journal
from bot.sandbox.limits import Limits
from bot.sandbox.setup.build import build_all
from bot.sandbox.setup.plan import Plan
from bot.sandbox.state.ids import Maker
from bot.sandbox.state.records import Command
from bot.sandbox.state.seed import northwind
from bot.sandbox.tasks import Tasks
from bot.sandbox.tenants import Shared, Tenants
from bot.sandbox.web import WebApi

PAGE: Final = Path(__file__).with_name("page")
DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8065
# Slack's own limit on uploads is 1 GB; a sandbox needs less.
BODY_LIMIT: Final = 32 * 1024 * 1024


class Sandbox:
    """Workspaces and their server. With `events_url` the app is told over HTTP, without it over Socket Mode.

    The workspaces are built by `plans` (setup/read.py); without any it is Northwind, whose bot was granted `scopes`
    and whose app registered `commands`. `delay` is added to every Web API call; `limits` switches rate limits on;
    the journal is appended to `journal_file`, a JSON line for each call and delivery.
    `workspace` (the first), `workspaces`, `journal`, `faults`, `limits`, `sockets`, `courier` and `control` (the
    first's) are there for tests in the same process.
    """

    def __init__(  # noqa: PLR0913 - what there is to set, each with a default
        self,
        clock: Clock,
        chance: Chance,
        events_url: str | None = None,
        *,
        limits: bool = True,
        delay: Delay | None = None,
        scopes: Collection[str] = ALL_BOT_SCOPES,
        commands: Collection[Command] | None = None,
        plans: Sequence[Plan] = (),
        journal_file: Path | None = None,
        dedupe_client_msg_id: bool = False,
    ) -> None:
        maker = Maker(clock, chance)
        self.workspaces = build_all(plans, maker) or [northwind(maker, scopes=scopes, commands=commands)]
        for workspace in self.workspaces:
            workspace.dedupe_client_msg_id = dedupe_client_msg_id
        self.workspace = self.workspaces[0]
        self.journal = Journal(clock, file=journal_file)
        self.faults = Faults(chance, clock)
        self.limits = Limits(clock, enabled=limits)
        self.sockets = SocketChannel(self.workspace, clock=clock, chance=chance)
        self._http = (
            HttpChannel(events_url, secret=self.workspace.app.signing_secret, clock=clock) if events_url else None
        )
        self._tasks = Tasks()
        self.api = WebApi(
            Access(self.workspaces),
            clock=clock,
            journal=self.journal,
            limits=self.limits,
            faults=self.faults,
            tasks=self._tasks,
        )
        self.api.delay = delay
        self._tenants = Tenants(self.workspaces, self._shared(clock))
        self.courier = self._tenants.first.courier
        self.control = self._tenants.first.control
        self._clock = clock
        self._runner: web.AppRunner | None = None
        self.url = ""

    def _shared(self, clock: Clock) -> Shared:
        return Shared(
            clock=clock,
            journal=self.journal,
            faults=self.faults,
            limits=self.limits,
            sockets=self.sockets,
            http=self._http,
            tasks=self._tasks,
            gate=self.api.gate,
        )

    def in_process(self) -> InProcess:
        """Return the app's way in without a network; the sandbox need not be started for it."""
        return InProcess(self.api, self._tenants.all, self._clock)

    async def start(self, host: str = DEFAULT_HOST, port: int = 0) -> None:
        """Serve on that address; port 0 takes any free one. Afterwards `url` says where."""
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        taken = self._runner.addresses[0][1]
        reachable = DEFAULT_HOST if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
        self.url = f"http://{reachable}:{taken}"
        for workspace in self.workspaces:
            workspace.base_url = self.url

    async def stop(self) -> None:
        """End everything that the sandbox started."""
        await self._tasks.stop()
        await self.sockets.stop()
        if self._http is not None:
            await self._http.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        self.journal.close()

    async def __aenter__(self) -> Self:
        """Start on any free port."""
        await self.start()
        return self

    async def __aexit__(self, *_failure: object) -> None:
        """Stop."""
        await self.stop()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=BODY_LIMIT, middlewares=[_own_pages_only])
        app.add_routes(
            [
                web.get("/api/{method}", self.api.answer),
                web.post("/api/{method}", self.api.answer),
                web.get("/link/{ticket}", self.sockets.serve),
                *self._tenants.routes(),
                *Consent(self.workspaces).routes(),
            ]
        )
        if (PAGE / "index.html").is_file():
            app.router.add_get("/", _index)
        if (PAGE / "static").is_dir():
            app.router.add_static("/static/", PAGE / "static")
        return app


@web.middleware
async def _own_pages_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page sends: whoever works on this machine also visits others."""
    origin = request.headers.get("Origin")
    if origin and request.method not in {"GET", "HEAD"} and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="Only the sandbox's own page may act here.")
    return await handler(request)


async def _index(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")
