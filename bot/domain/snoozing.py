"""The update clock, put off: for a while, and only with a reason that everybody reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.domain.happening import Happening
from bot.domain.ids import UserId

SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Why the next update comes later than it should, and who said so."""

    reason: str
    by: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSnoozed(Happening):
    """Somebody put the next update off, and said why."""

    kind: Literal["update_snoozed"] = "update_snoozed"
    until: datetime
    reason: str
