"""The Web API over HTTP: reads arguments, checks token, scope and limits, calls the handler, and lets faults strike.

Slack answers `ok: false` with HTTP 200; only limits (429) and outages (5xx) have another status.
"""

from collections.abc import Awaitable

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.access import Access
from bot.sandbox.args import Args
from bot.sandbox.delays import Delay, delay_of
from bot.sandbox.errors import SlackError
from bot.sandbox.facts import FACTS
from bot.sandbox.faults import Faults
from bot.sandbox.gate import ConnectionBroken, Gate, Reply
from bot.sandbox.journal import Journal
from bot.sandbox.limits import NARROWED_PAGE, Limits
from bot.sandbox.methods import HANDLERS, Call
from bot.sandbox.reading import read_args
from bot.sandbox.shadow import shadow
from bot.sandbox.state.ids import ChannelId
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.tasks import Tasks


async def over_http(request: web.Request, call: Awaitable[Reply]) -> web.Response:
    """Send a call's reply, or break the connection when that is how the call ends."""
    try:
        reply = await call
    except ConnectionBroken as broken:
        if request.transport is not None:
            request.transport.abort()
        raise web.HTTPServiceUnavailable from broken
    if reply.text is not None:
        return web.Response(
            text=reply.text, status=reply.status, headers=reply.headers, content_type=reply.content_type
        )
    return web.json_response(reply.body, status=reply.status, headers=reply.headers)


class WebApi:
    """Answers `/api/<method>`."""

    def __init__(
        self, access: Access, *, clock: Clock, journal: Journal, limits: Limits, faults: Faults, tasks: Tasks
    ) -> None:
        self._access = access
        self._limits = limits
        self.gate = Gate(clock=clock, journal=journal, faults=faults, tasks=tasks)
        # Added to every call.
        self.delay: Delay | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one call over HTTP."""
        try:
            args, token = await read_args(request)
        except SlackError as error:
            return web.json_response({"ok": False, "error": error.code})
        return await over_http(request, self.call(request.match_info["method"], args, token))

    async def call(self, method: str, args: Args, token: str) -> Reply:
        """Answer one call, however it came.

        Raises:
            ConnectionBroken: a fault wants it so.
        """

        def act(pretend: bool) -> Reply:  # noqa: FBT001 - an Act
            return self.perform(method, args, token, pretend=pretend)

        return await self.gate.call(method, args.values, act, delay=delay_of(self.delay))

    def perform(self, method: str, args: Args, token: str, *, pretend: bool = False) -> Reply:
        """Do what the call asks, unless its token, scope or rate forbids it; or only `pretend` that it was done."""
        try:
            workspace, granted = self._access.admit(method, args, token)
            if wait := self._limits.take(method, _place(workspace, args), team=workspace.team.id):
                headers = {"Retry-After": str(int(wait.total_seconds()))}
                return Reply(status=429, body={"ok": False, "error": "ratelimited"}, headers=headers)
            facts = FACTS[method]
            if absent := [name for name in facts.required if not args.has(name)]:
                raise SlackError.with_messages(
                    "invalid_arguments", [f"missing required field: {name}" for name in absent]
                )
            if self._limits.narrows(method):
                args = args.with_limit(NARROWED_PAGE)
            acting = shadow(workspace) if pretend else workspace
            call = Call(workspace=acting, args=args, token=granted, facts=facts)
            body = {"ok": True, **HANDLERS[method](call)}
        except SlackError as error:
            body = {"ok": False, "error": error.code, **error.detail}
        return Reply(body=body, headers=self._headers(method, token))

    def _headers(self, method: str, token: str) -> dict[str, str]:
        granted = self._access.token(token)
        if granted is None or method not in FACTS:
            return {}
        return {
            "x-oauth-scopes": ",".join(sorted(granted.scopes)),
            "x-accepted-oauth-scopes": ",".join(FACTS[method].scopes),
        }


def _place(workspace: Workspace, args: Args) -> str:
    """Return the id of the channel that a call is about, however it is named, so that its limit is one."""
    named = args.text("channel")
    if not named or ChannelId(named) in workspace.channels:
        return named
    found = workspace.channel_named(named.removeprefix("#"))
    return found.id if found else named
