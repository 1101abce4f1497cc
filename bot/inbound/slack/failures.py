"""What people and Slack are told when something fails.

The log gets the kind of error and its place, never what somebody wrote, nor a token.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import PurePath
from traceback import extract_tb
from typing import Final

import structlog

from bot.errors import BadInput, MaybeKept, Overloaded, Refused
from bot.views import replies
from bot.views.blocks import Message

_DEEPEST: Final = 3
_log = structlog.get_logger("muster.slack")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """`message` is for a person; `status` and `headers` are for Slack, when it was an event.

    Anything but 2xx makes Slack send it again.
    """

    message: Message
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


def explain(error: Exception, admin: str | None) -> Failure:
    """Return what to say about an error. `admin` is where people can ask: a channel's id or name."""
    match error:
        case Refused():
            return Failure(message=replies.refusal(str(error), who=error.who))
        case BadInput():
            _log.warning("slack_payload_not_understood", where=place_of(error))
            return Failure(message=replies.failed(admin))
        case Overloaded(after=after):
            seconds = max(1, math.ceil(after.total_seconds()))
            return Failure(
                message=replies.failed(admin) if isinstance(error, MaybeKept) else replies.busy(seconds),
                status=HTTPStatus.SERVICE_UNAVAILABLE,
                headers={"retry-after": str(seconds)},
            )
        case _:
            _log.error("slack_listener_failed", error=type(error).__name__, where=place_of(error))
            return Failure(message=replies.failed(admin), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def place_of(error: BaseException) -> str:
    """Return where an error was raised, the deepest frames last: "commands/update.py:31 run > desk.py:44 handle"."""
    frames = extract_tb(error.__traceback__)[-_DEEPEST:]
    return " > ".join(f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
