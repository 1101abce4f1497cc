"""What the pager tells of our own pages: the part of commands.py that paging needs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.ids import IncidentId

PagerWord = Literal["acknowledged", "unacknowledged", "reassigned", "resolved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HearPager:
    """Something was done with one of our pages or calls in the pager itself (see `events.PagerTold`).

    `key` is what the pager calls it (`paging.page_key`, `paging.call_key`): it names the incident for good, among those
    of all databases.
    """

    incident: IncidentId
    key: str
    word: PagerWord
    name: str = ""
    to: tuple[str, ...] = ()
    rings: bool = False
    told_at: datetime
