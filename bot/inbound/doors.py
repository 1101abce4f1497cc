"""Parts alerts, which come by the thousand, from all else before anything is done for either."""

import re
from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

_POSTED: Final = re.compile(r"/alerts/(?P<source>[^/]+)(?:/(?P<secret>[^/]+))?/?")


class Doors:
    """One for alerts, one for everything else; `routes` are those behind either."""

    def __init__(self, *, alerts: ASGIApp, everything_else: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._alerts, self._everything_else = alerts, everything_else
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Show a request its door."""
        is_alert = scope["type"] == "http" and scope["path"].startswith("/alerts/")
        await (self._alerts if is_alert else self._everything_else)(scope, receive, send)


class Alerts:
    """Where alerts are posted: straight to who takes them, because the way through a router costs a tenth of the whole.

    Who comes with another method, or to a path that is none, is answered by the router.
    """

    def __init__(self, taken: ASGIApp, router: ASGIApp) -> None:
        self._taken, self._router = taken, router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Show a request its way."""
        found = _POSTED.fullmatch(scope["path"]) if scope["method"] == "POST" else None
        if found is None:
            await self._router(scope, receive, send)
            return
        scope["path_params"] = found.groupdict("")
        await self._taken(scope, receive, send)
