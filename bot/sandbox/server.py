"""The sandbox as a server: wires state, Web API, delivery, control API and page together, and starts and stops them."""

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Final, Self

from aiohttp import web

from bot.clock import Chance, Clock
from bot.sandbox.control.responses import Responses
from bot.sandbox.control.routes import Control
from bot.sandbox.delivery.channel_http import HttpChannel
from bot.sandbox.delivery.channel_sockets import SocketChannel
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.facts import ALL_BOT_SCOPES
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.limits import Limits
from bot.sandbox.state.ids import Maker
from bot.sandbox.state.records import Command
from bot.sandbox.state.seed import northwind
from bot.sandbox.tasks import Tasks
from bot.sandbox.web import WebApi

PAGE: Final = Path(__file__).with_name("page")
DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8065
# Slack's own limit on uploads is 1 GB; a sandbox needs less.
BODY_LIMIT: Final = 32 * 1024 * 1024


class Sandbox:
    """One workspace and its server. With `events_url` the app is told over HTTP, without it over Socket Mode.

    `delay` is added to every Web API call; `limits` switches rate limits on. `workspace`, `journal`, `faults`,
    `limits`, `sockets` and `courier` are there for tests in the same process.
    """

    def __init__(
        self,
        clock: Clock,
        chance: Chance,
        events_url: str | None = None,
        *,
        limits: bool = True,
        delay: timedelta | None = None,
        scopes: Collection[str] = ALL_BOT_SCOPES,
        commands: Collection[Command] | None = None,
        dedupe_client_msg_id: bool = False,
    ) -> None:
        self.workspace = northwind(Maker(clock, chance), scopes=scopes, commands=commands)
        self.workspace.dedupe_client_msg_id = dedupe_client_msg_id
        self.journal = Journal(clock)
        self.faults = Faults(chance, clock)
        self.limits = Limits(clock, enabled=limits)
        self.sockets = SocketChannel(self.workspace, clock=clock, chance=chance)
        self._http = (
            HttpChannel(events_url, secret=self.workspace.app.signing_secret, clock=clock) if events_url else None
        )
        self._tasks = Tasks()
        self.courier = Courier(
            self.workspace,
            channel=self._http or self.sockets,
            clock=clock,
            journal=self.journal,
            faults=self.faults,
            tasks=self._tasks,
        )
        self.api = WebApi(
            self.workspace,
            clock=clock,
            journal=self.journal,
            limits=self.limits,
            faults=self.faults,
            tasks=self._tasks,
        )
        self.api.delay = delay
        self._control = self._people_api(clock)
        self._runner: web.AppRunner | None = None
        self.url = ""

    def _people_api(self, clock: Clock) -> Control:
        return Control(
            self.workspace,
            clock=clock,
            courier=self.courier,
            journal=self.journal,
            faults=self.faults,
            limits=self.limits,
            sockets=self.sockets,
        )

    async def start(self, host: str = DEFAULT_HOST, port: int = 0) -> None:
        """Serve on that address; port 0 takes any free one. Afterwards `url` says where."""
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        taken = self._runner.addresses[0][1]
        reachable = DEFAULT_HOST if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
        self.url = f"http://{reachable}:{taken}"
        self.workspace.base_url = self.url

    async def stop(self) -> None:
        """End everything that the sandbox started."""
        await self._tasks.stop()
        await self.sockets.stop()
        if self._http is not None:
            await self._http.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        """Start on any free port."""
        await self.start()
        return self

    async def __aexit__(self, *_failure: object) -> None:
        """Stop."""
        await self.stop()

    def _app(self) -> web.Application:
        responses = Responses(self.workspace, self.api.gate)
        app = web.Application(client_max_size=BODY_LIMIT)
        app.add_routes(
            [
                web.get("/api/{method}", self.api.answer),
                web.post("/api/{method}", self.api.answer),
                web.get("/link/{ticket}", self.sockets.serve),
                web.post("/response/{token}", responses.respond),
                web.post("/upload/{token}", responses.upload),
                web.get("/files/{id}/{name}", responses.content),
                *self._control.routes(),
            ]
        )
        if (PAGE / "index.html").is_file():
            app.router.add_get("/", _index)
        if (PAGE / "static").is_dir():
            app.router.add_static("/static/", PAGE / "static")
        return app


async def _index(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")
