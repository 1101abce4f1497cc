"""What is asked about the record itself, and what comes of it: the part of commands.py that keeping.py answers."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.deploys import NoticeDeploys
from bot.domain.ids import IncidentId, MessageTs, UserId
from bot.domain.keeping_events import How
from bot.domain.read_back import FetchMessage
from bot.domain.record_commands import RecordMessage, RecordMove


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkMessage:
    """Say, at a moment, that a message in the incident's channel is worth keeping."""

    incident: IncidentId
    ts: MessageTs
    how: How
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmarkMessage:
    """Take that back."""

    incident: IncidentId
    ts: MessageTs
    how: How
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepMessage:
    """A message that somebody marked was looked up (the result of `FetchMessage`); None: no person wrote it."""

    work: FetchMessage
    message: RecordMessage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRow:
    """Correct a row of the timeline that a person wrote, leave it out of what is shown, or put it back.

    What it is to say, and of which moment it is: None for what shall stay as it is.
    """

    incident: IncidentId
    row: int
    by: UserId
    left_out: bool
    text: str | None = None
    happened_at: datetime | None = None


KeepingCommand = MarkMessage | UnmarkMessage | KeepMessage | EditRow | RecordMove | NoticeDeploys
