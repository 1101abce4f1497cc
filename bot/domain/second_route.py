"""The work of the second route: what is done when the pager does not accept a page (paging.py)."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.ids import IncidentId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitPage:
    """Hand in `PageOverdue` when due: whether the pager has accepted the page is looked at then."""

    kind: Literal["timer.page"] = "timer.page"
    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPerson:
    """Tell somebody in a direct message that the pager should have called them, and has not.

    `reopened` tells for which page (see `work.Page`).
    """

    kind: Literal["slack.call"] = "slack.call"
    incident: IncidentId
    user: UserId
    reopened: int = 0
