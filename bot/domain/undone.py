"""Taking back the last change (undoing.py): what can be, and what happens then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import UserId
from bot.domain.roles_model import AnyRole


class Change(StrEnum):
    """What was changed."""

    STATUS = "status"
    SEVERITY = "severity"
    ROLE = "role"
    LINK = "link"
    ACTION = "action"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUndone(Happening):
    """What row `of` of the timeline changed is as it was before: the status or the severity, or who holds a role.

    Nobody `user` had it before. Of links and action items the row behind this one tells what is so again.
    """

    kind: Literal["change_undone"] = "change_undone"
    of: int
    what: Change
    status: str | None = None
    mitigated_at: datetime | None = None
    severity: str | None = None
    update_every: timedelta | None = None
    role: AnyRole | None = None
    user: UserId | None = None
    previous: UserId | None = None
