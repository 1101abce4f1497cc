"""An act as the audit log keeps it: who did what, where, and whether they might."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.commands import Command
from bot.domain.ids import IncidentId, UserId
from bot.domain.permissions import Act, act_of
from bot.domain.redaction import kept
from bot.domain.text import one_line

_REASON_LIMIT: Final = 500


class Result(StrEnum):
    """What became of an act."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acted:
    """One act. `act` is its name in `muster.yaml`, `what` the command that it was, `reason` why it was refused."""

    at: datetime
    actor: UserId
    surface: str
    act: str
    what: str
    incident: IncidentId | None
    result: Result
    reason: str = ""


def scripted(act: Act, what: str, actor: str, at: datetime, refused: str = "") -> Acted:
    """Return what the log keeps of what a script did that is no command."""
    return Acted(
        at=at,
        actor=UserId(actor),
        surface="api",
        act=act.value,
        what=what,
        incident=None,
        result=Result.REFUSED if refused else Result.DONE,
        reason=one_line(kept(refused), _REASON_LIMIT),
    )


def acted(command: Command, at: datetime, surface: str, incident: IncidentId | None, refused: str = "") -> Acted | None:
    """Return what the log keeps of a command, or None when nobody acts by it."""
    act, by = act_of(command), getattr(command, "by", None)
    if act is None or not by:
        return None
    return Acted(
        at=at,
        actor=UserId(by),
        surface=surface,
        act=act.value,
        what=type(command).__name__,
        incident=incident or getattr(command, "incident", None),
        result=Result.REFUSED if refused else Result.DONE,
        reason=one_line(kept(refused), _REASON_LIMIT),
    )
