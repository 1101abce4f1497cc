"""What becomes of the record itself: what is worth keeping, and what was corrected. None of it changes the incident."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.deploys import DeployNoticed
from bot.domain.happening import Happening
from bot.domain.ids import MessageTs
from bot.domain.message_events import MemberMoved

# How somebody says that a message is worth keeping: 📌 on it, a pin of Slack's, "Add to Timeline" in its menu.
How = Literal["reaction", "pin", "shortcut"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageMarked(Happening):
    """Somebody finds a message worth keeping."""

    kind: Literal["message_marked"] = "message_marked"
    ts: MessageTs
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUnmarked(Happening):
    """Somebody took their mark off a message; what was kept of it stays in the record."""

    kind: Literal["message_unmarked"] = "message_unmarked"
    ts: MessageTs
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCorrected(Happening):
    """Somebody corrected the row `row`: it says this now, and is of that moment. What it said stays in the record."""

    kind: Literal["row_corrected"] = "row_corrected"
    row: int
    text: str
    happened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLeftOut(Happening):
    """Somebody left a row out of what is shown; it stays in the record."""

    kind: Literal["row_left_out"] = "row_left_out"
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPutBack(Happening):
    """Somebody put back what was left out."""

    kind: Literal["row_put_back"] = "row_put_back"
    row: int


MarkEvent = MessageMarked | MessageUnmarked
RowEvent = RowCorrected | RowLeftOut | RowPutBack
KeepingEvent = MarkEvent | RowEvent | MemberMoved | DeployNoticed
