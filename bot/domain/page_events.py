"""What came of paging: the part of events.py that the pager needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.calls import Callee
from bot.domain.happening import Happening
from bot.domain.ids import UserId
from bot.domain.page_commands import PagerWord


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerAnswered(Happening):
    """The pager accepted what we asked of it; `reopened` tells which page is meant (see `work.Page`)."""

    kind: Literal["pager_answered"] = "pager_answered"
    action: Literal["trigger", "acknowledge", "resolve"]
    reopened: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerSilent(Happening):
    """The pager had not accepted the page that it was asked for at `since`: these people were called in Slack."""

    kind: Literal["pager_silent"] = "pager_silent"
    since: datetime
    called: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerTold(Happening):
    """Something was done with our page in the pager itself: the pager's word for it, and who did it by name there.

    Without a `name` it was a machine, or time. `to` is who was given the page. `rings`: somebody is being called for it
    since then. `told_at` is when it happened by the pager's clock, `at` the same within the incident's life by ours.
    With a `callee` it is not the incident's own page, but its call number `n`, which was for them.
    """

    kind: Literal["pager_told"] = "pager_told"
    word: PagerWord
    name: str = ""
    to: tuple[str, ...] = ()
    rings: bool = False
    n: int = 0
    callee: Callee | None = None
    told_at: datetime
