"""The Web API over HTTP: reads arguments, checks token, scope and limits, calls the handler, and lets faults strike.

Slack answers `ok: false` with HTTP 200; only limits (429) and outages (5xx) have another status.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, assert_never

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.args import Args
from bot.sandbox.errors import SlackError
from bot.sandbox.facts import FACTS
from bot.sandbox.faults import Faults, Rule, When
from bot.sandbox.journal import Direction, Entry, Journal
from bot.sandbox.limits import Limits
from bot.sandbox.methods import HANDLERS, Call, missing_scope
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.records import Token
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.tasks import Tasks

_JSON: Final = "application/json"
_FORMS: Final = {"application/x-www-form-urlencoded", "multipart/form-data"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back: a status, a body, headers."""

    status: int = 200
    body: Obj = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


async def read_args(request: web.Request) -> tuple[Args, str]:
    """Return the merged arguments of a call and its token ("" without one)."""
    values: dict[str, object] = dict(request.query)
    if request.content_type == _JSON and request.can_read_body:
        try:
            document = json.loads(await request.text() or "{}")
        except ValueError as error:
            raise SlackError("invalid_json") from error
        values |= document if isinstance(document, dict) else {}
    elif request.content_type in _FORMS:
        form = await request.post()
        values |= {name: value for name, value in form.items() if isinstance(value, str)}
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else ""
    return Args(values), token or str(values.get("token") or "")


class WebApi:
    """Answers `/api/<method>`."""

    def __init__(
        self, workspace: Workspace, *, clock: Clock, journal: Journal, limits: Limits, faults: Faults, tasks: Tasks
    ) -> None:
        self._workspace = workspace
        self._clock = clock
        self._journal = journal
        self._limits = limits
        self._faults = faults
        self._tasks = tasks
        self.delay: timedelta | None = None

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one call over HTTP."""
        method = request.match_info["method"]
        try:
            args, token = await read_args(request)
        except SlackError as error:
            return web.json_response({"ok": False, "error": error.code})
        entry = self._journal.begin(Direction.CALL, method, args.values)
        if self.delay:
            await self._clock.sleep(self.delay)
        if (fault := self._faults.strike(method)) is None:
            reply = self.perform(method, args, token)
            self._journal.end(entry, status=reply.status, result=reply.body)
            return web.json_response(reply.body, status=reply.status, headers=reply.headers)
        return await self._fail(request, fault, entry, args, token)

    async def _fail(
        self, request: web.Request, fault: Rule, entry: Entry, args: Args, token: str
    ) -> web.StreamResponse:
        """Answer as the fault wants it; the journal keeps what was done and how it looked from outside."""
        applied: Reply | None = None
        match fault.when:
            case When.AFTER | When.LOST | When.LATE | When.MALFORMED:
                applied = self.perform(entry.name, args, token)
            case When.APPLIED_LATE:
                self._tasks.start(self._apply_late(fault.delay, entry.name, args, token))
            case When.BEFORE | When.LIMITED | When.DOWN | When.DROPPED:
                pass
            case other:
                assert_never(other)
        if fault.when is When.LATE:
            await self._clock.sleep(fault.delay)
        response = _disguise(fault, applied)
        seen: Obj = {"fault": fault.when.value}
        if applied:
            seen["applied"] = applied.body
        self._journal.end(entry, status=response.status if response else None, result=seen)
        if response is None:
            if request.transport is not None:
                request.transport.abort()
            raise web.HTTPServiceUnavailable
        return response

    async def _apply_late(self, delay: timedelta, method: str, args: Args, token: str) -> None:
        await self._clock.sleep(delay)
        entry = self._journal.begin(Direction.CALL, method, args.values)
        reply = self.perform(method, args, token)
        self._journal.end(entry, status=None, result={"fault": When.APPLIED_LATE.value, "applied": reply.body})

    def perform(self, method: str, args: Args, token: str) -> Reply:
        """Do what the call asks, unless its token, scope or rate forbids it."""
        try:
            granted = self._authorise(method, token)
            if wait := self._limits.take(method, args.text("channel")):
                headers = {"Retry-After": str(int(wait.total_seconds()))}
                return Reply(status=429, body={"ok": False, "error": "ratelimited"}, headers=headers)
            facts = FACTS[method]
            if absent := [name for name in facts.required if not args.has(name)]:
                raise SlackError.with_messages(
                    "invalid_arguments", [f"missing required field: {name}" for name in absent]
                )
            call = Call(workspace=self._workspace, args=args, token=granted, facts=facts)
            body = {"ok": True, **HANDLERS[method](call)}
        except SlackError as error:
            body = {"ok": False, "error": error.code, **error.detail}
        return Reply(body=body, headers=self._headers(method, token))

    def _authorise(self, method: str, token: str) -> Token:
        if method not in HANDLERS:
            raise SlackError("unknown_method", detail={"req_method": method})
        if not token:
            raise SlackError("not_authed")
        if (granted := self._workspace.tokens.get(token)) is None:
            raise SlackError("invalid_auth")
        if granted.expired:
            raise SlackError("token_expired")
        facts = FACTS[method]
        if facts.token is not granted.kind and facts.scopes:
            raise SlackError("not_allowed_token_type")
        if facts.scopes and not granted.scopes & set(facts.scopes):
            raise missing_scope(facts.scopes[0], granted)
        return granted

    def _headers(self, method: str, token: str) -> dict[str, str]:
        granted = self._workspace.tokens.get(token)
        if granted is None or method not in FACTS:
            return {}
        return {
            "x-oauth-scopes": ",".join(sorted(granted.scopes)),
            "x-accepted-oauth-scopes": ",".join(FACTS[method].scopes),
        }


def _disguise(fault: Rule, applied: Reply | None) -> web.Response | None:
    """Return what the caller sees of a fault; None when the connection breaks."""
    match fault.when:
        case When.BEFORE | When.AFTER:
            return web.Response(status=500, text="Internal Server Error")
        case When.DOWN:
            return web.Response(status=503, text="Service Unavailable")
        case When.LIMITED:
            headers = {"Retry-After": str(int(fault.retry_after.total_seconds()))}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        case When.MALFORMED:
            return web.Response(text="<html>", content_type=_JSON)
        case When.LATE:
            late = applied or Reply()
            return web.json_response(late.body, status=late.status, headers=late.headers)
        case When.LOST | When.APPLIED_LATE | When.DROPPED:
            return None
        case other:
            assert_never(other)
