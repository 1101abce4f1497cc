"""How a delivery went: acknowledged (with what the app answered), or why not."""

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final, TypeVar

from bot.clock import Clock
from bot.sandbox.state.ids import Obj

# Everything must be acknowledged within this time (https://docs.slack.dev/apis/events-api/#responding).
DEADLINE: Final = timedelta(seconds=3)

T = TypeVar("T")


class Failure(StrEnum):
    """Why a delivery failed; the values are Slack's x-slack-retry-reason."""

    TIMEOUT = "http_timeout"
    REFUSED = "http_error"
    UNREACHABLE = "connection_failed"
    REDIRECTED = "too_many_redirects"
    TLS = "ssl_error"
    UNKNOWN = "unknown_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One attempt's end. `answer` is the JSON object that the app gave, `text` its plain text."""

    failure: Failure | None = None
    status: int | None = None
    answer: Obj = field(default_factory=dict)
    text: str = ""
    no_retry: bool = False

    def shape(self) -> Obj:
        """Return the outcome as the journal shows it."""
        shape: Obj = {"outcome": self.failure.value if self.failure else "acked"}
        if self.answer or self.text:
            shape["answer"] = self.answer or self.text
        return shape


def read_answer(body: str) -> tuple[Obj, str]:
    """Return what an app answered: a JSON object, or plain text."""
    try:
        document = json.loads(body) if body.strip() else {}
    except ValueError:
        return {}, body
    return (document, "") if isinstance(document, dict) else ({}, str(document))


async def within(clock: Clock, limit: timedelta, work: Awaitable[T]) -> T | None:
    """Return what the work gives, or None when the clock says that the limit has passed; the work is then cancelled."""
    doing = asyncio.ensure_future(work)
    try:
        await clock.sleep(timedelta())
        if doing.done():  # at once, as an app in the same process is: nothing needs to be timed
            return doing.result()
        waiting = asyncio.ensure_future(clock.sleep(limit))
        try:
            await asyncio.wait({doing, waiting}, return_when=asyncio.FIRST_COMPLETED)
            return doing.result() if doing.done() else None
        finally:
            waiting.cancel()
    finally:
        doing.cancel()
