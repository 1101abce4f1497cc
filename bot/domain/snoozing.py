"""The update clock, put off: for a while, and only with a reason that everybody reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from bot.domain.happening import Happening

SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(hours=4)
REASON_LIMIT: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSnoozed(Happening):
    """Somebody put the next update off, and said why."""

    kind: Literal["update_snoozed"] = "update_snoozed"
    until: datetime
    reason: str
