"""What can be read over the control API (see routes.py): what people see, and what tests ask. Nothing changes here."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.control.doing import DEFAULT_PERSON
from bot.sandbox.control.hands import Hands
from bot.sandbox.control.reads import Reads
from bot.sandbox.delivery.outcome import within
from bot.sandbox.errors import NotPossible
from bot.sandbox.journal import Journal, lines
from bot.sandbox.oracle import Oracle
from bot.sandbox.state.ids import UserId
from bot.sandbox.state.workspace import Workspace

LONG_POLL: Final = timedelta(seconds=20)


class Changes:
    """Lets pages wait until the workspace changes."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace = workspace
        self._clock = clock
        self._changed = asyncio.Event()
        workspace.on_change.append(self._notice)

    def _notice(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def after(self, version: int, wait: timedelta = LONG_POLL) -> int:
        """Return the version once it is beyond the given one, or after `wait` (at most 20 seconds)."""
        if self._workspace.version <= version:
            await within(self._clock, min(wait, LONG_POLL), self._changed.wait())
        return self._workspace.version


class Looks:
    """Answers the control API's GETs."""

    def __init__(self, workspace: Workspace, hands: Hands, journal: Journal, clock: Clock) -> None:
        self._workspace = workspace
        self._hands = hands
        self._reads = Reads(workspace, hands)
        self._journal = journal
        self._oracle = Oracle(workspace)
        self._changes = Changes(workspace, clock)

    @property
    def all(self) -> dict[str, Callable[[web.Request], Awaitable[web.Response]]]:
        """Return the handlers by their address below /sandbox/."""
        return {
            "people": self._people,
            "view": self._view,
            "channels/{id}/messages": self._messages,
            "modal": self._modal,
            "home": self._home,
            "changes": self._after,
            "journal": self._entries,
            "posts": self._posts,
            "oracle": self._counts,
        }

    def _who(self, request: web.Request) -> UserId:
        try:
            return self._hands.person(request.query.get("as", DEFAULT_PERSON))
        except NotPossible as error:
            raise web.HTTPNotFound(text=str(error)) from error

    async def _people(self, _request: web.Request) -> web.Response:
        return web.json_response(self._reads.people())

    async def _view(self, request: web.Request) -> web.Response:
        return web.json_response(self._reads.view(self._who(request)))

    async def _messages(self, request: web.Request) -> web.Response:
        user = self._who(request)
        try:
            channel = self._hands.room(request.match_info["id"], user)
        except NotPossible as error:
            raise web.HTTPNotFound(text=str(error)) from error
        return web.json_response(self._reads.messages(channel, user))

    async def _modal(self, request: web.Request) -> web.Response:
        return web.json_response(self._reads.modal(self._who(request)))

    async def _home(self, request: web.Request) -> web.Response:
        return web.json_response(self._reads.home(self._who(request)))

    async def _after(self, request: web.Request) -> web.Response:
        try:
            wait = timedelta(seconds=float(request.query.get("wait", LONG_POLL.total_seconds())))
        except (ValueError, OverflowError) as error:
            raise web.HTTPBadRequest(text=f"wait is a number of seconds: {error}") from error
        return web.json_response({"version": await self._changes.after(_number(request, "since"), wait)})

    async def _entries(self, request: web.Request) -> web.Response:
        entries = self._journal.since(_number(request, "since"))
        if request.query.get("format") == "jsonl":
            return web.Response(text=lines(entries), content_type="application/jsonl")
        return web.json_response({"entries": [entry.shape() for entry in entries]})

    async def _posts(self, request: web.Request) -> web.Response:
        return web.json_response({"count": self._workspace.posts_by_marker[request.query.get("marker", "")]})

    async def _counts(self, _request: web.Request) -> web.Response:
        counts = {marker: count.shape() for marker, count in self._oracle.counts().items()}
        return web.json_response({"markers": counts, "repeated": self._oracle.repeated()})


def _number(request: web.Request, name: str) -> int:
    text = request.query.get(name, "0")
    return int(text) if text.lstrip("-").isdigit() else 0
