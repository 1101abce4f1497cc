"""What every call of the app passes on its way in: the journal, the delay, the faults on order.

The Web API, response_urls and uploads use it alike, over HTTP as in the same process.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final, assert_never

from bot.clock import Clock
from bot.sandbox.errors import SandboxError
from bot.sandbox.faults import Faults, Rule, When
from bot.sandbox.journal import Direction, Entry, Journal
from bot.sandbox.state.ids import Obj
from bot.sandbox.tasks import Tasks

_NO_JSON: Final = "<html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back: a status, headers, and a JSON body or, when it is not None, `text` of that type instead."""

    status: int = HTTPStatus.OK
    body: Obj = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    content_type: str = "text/plain"


class ConnectionBroken(SandboxError):
    """The connection is to end without an answer."""


# Makes the change that a call asks for and answers it; told to pretend, it answers and keeps nothing.
Act = Callable[[bool], Reply]


class Gate:
    """Lets calls in, and lets faults strike them."""

    def __init__(self, *, clock: Clock, journal: Journal, faults: Faults, tasks: Tasks) -> None:
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._tasks = tasks

    async def call(self, name: str, args: Mapping[str, object], act: Act, *, delay: timedelta | None = None) -> Reply:
        """Do one call, `delay` later.

        Raises:
            ConnectionBroken: a fault wants it so.
        """
        entry = self._journal.begin(Direction.CALL, name, args)
        if delay:
            await self._clock.sleep(delay)
        if (fault := self._faults.strike(name)) is None:
            reply = act(False)  # noqa: FBT003 - `pretend`, which a Callable cannot name
            self._journal.end(entry, status=reply.status, result=_told(reply))
            return reply
        return await self._fail(fault, entry, act)

    async def _fail(self, fault: Rule, entry: Entry, act: Act) -> Reply:
        """Answer as the fault wants it; the journal keeps what was done and how it looked from outside."""
        if fault.when is When.SLOW:
            await self._clock.sleep(fault.delay)
        applied = act(fault.when is When.VANISHED) if fault.when in _APPLIED else None
        if fault.when is When.APPLIED_LATE:
            self._tasks.start(self._apply_late(fault.delay, entry, act))
        if fault.when is When.LATE:
            await self._clock.sleep(fault.delay)
        seen: Obj = {"fault": fault.when.value}
        if applied:
            seen["applied"] = _told(applied)
        if fault.when in _BROKEN:
            self._journal.end(entry, status=None, result=seen)
            raise ConnectionBroken(fault.when.value)
        reply = _disguise(fault, applied)
        self._journal.end(entry, status=reply.status, result=seen)
        return reply

    async def _apply_late(self, delay: timedelta, call: Entry, act: Act) -> None:
        await self._clock.sleep(delay)
        entry = self._journal.begin(Direction.CALL, call.name, call.args)
        reply = act(False)  # noqa: FBT003 - `pretend`, which a Callable cannot name
        self._journal.end(entry, status=None, result={"fault": When.APPLIED_LATE.value, "applied": _told(reply)})


_APPLIED: Final = {When.AFTER, When.LOST, When.LATE, When.SLOW, When.VANISHED, When.MALFORMED}
_BROKEN: Final = {When.LOST, When.APPLIED_LATE}


def _told(reply: Reply) -> Obj:
    """Return what a reply says, for the journal."""
    return reply.body if reply.text is None else {"text": reply.text}


def _disguise(fault: Rule, applied: Reply | None) -> Reply:
    """Return what the app sees of a call that met a fault."""
    broken = Reply(status=HTTPStatus.INTERNAL_SERVER_ERROR, text="Internal Server Error")
    match fault.when:
        case When.BEFORE | When.AFTER:
            return Reply(body={"ok": False, "error": fault.error}) if fault.error else broken
        case When.DOWN:
            return Reply(status=HTTPStatus.SERVICE_UNAVAILABLE, text="Service Unavailable")
        case When.LIMITED:
            headers = {"Retry-After": str(int(fault.retry_after.total_seconds()))}
            body = {"ok": False, "error": "ratelimited"}
            return Reply(status=HTTPStatus.TOO_MANY_REQUESTS, body=body, headers=headers)
        case When.MALFORMED:
            return Reply(text=_NO_JSON, content_type="application/json")
        case When.LATE | When.SLOW | When.VANISHED:
            return applied or broken
        case When.LOST | When.APPLIED_LATE:  # the connection ended, nobody sees an answer
            return broken
        case When.DROPPED | When.REPEATED | When.REORDERED | When.UNDELIVERED | When.ACK_LOST:  # of deliveries only
            return broken
        case other:
            assert_never(other)
