"""What people say themselves of what happened, and of when: the part of events.py that notes and milestones need."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.model import Milestone


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTaken(Happening):
    """Somebody wrote down what is worth remembering: it happened at `happened_at`."""

    kind: Literal["note_taken"] = "note_taken"
    text: str
    happened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneSet(Happening):
    """Somebody knows better when a milestone was reached: at `happened_at`. `text`: what they say of it."""

    kind: Literal["milestone_set"] = "milestone_set"
    milestone: Milestone
    happened_at: datetime
    text: str = ""
