"""What every event has: events.py has the kinds."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """It happened at a moment, by somebody or (nobody) by the machine's own doing."""

    at: datetime
    by: UserId | None = None
