"""An incident that is put away without having been worked on to its end."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import IncidentId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Who said when, and why, that there is nothing to work on; or `into` what it was merged, and that one's name."""

    at: datetime
    by: UserId | None
    reason: str
    into: IncidentId | None = None
