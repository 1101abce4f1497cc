"""What goes into the record, as commands: the part of commands.py that the record needs."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import ChannelId, IncidentId, MessageTs, UserId
from bot.domain.keeping_events import How
from bot.domain.model import Milestone
from bot.domain.read_back import ReadBack


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMark:
    """A mark that stands on a message; of a pin it may not be told who put it there."""

    how: How
    by: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMessage:
    """A person wrote in a channel; only an incident's channel is recorded.

    `marks` are those that stand on it when it is read later; `names_all` tells whether everybody who reacted is named.
    `edited`: it says no longer what it said at first.
    """

    channel: ChannelId
    ts: MessageTs
    by: UserId
    said_at: datetime
    text: str
    permalink: str
    thread: MessageTs | None = None
    files: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    edited: bool = False
    marks: tuple[SeenMark, ...] = ()
    names_all: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMove:
    """Somebody came into a channel, brought in by somebody or on their own, or left it, as Slack itself says there."""

    channel: ChannelId
    ts: MessageTs
    user: UserId
    moved_at: datetime
    joined: bool
    brought_by: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEdit:
    """A person changed a message; `text` is what it says now."""

    channel: ChannelId
    ts: MessageTs
    by: UserId
    text: str
    permalink: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeletion:
    """A person took a message back."""

    channel: ChannelId
    ts: MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNote:
    """Write down what is worth remembering; without `happened_at` it happens now."""

    incident: IncidentId
    text: str
    by: UserId
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMilestone:
    """Say when a milestone was reached, better than Muster knew; `text` is what there is to say of it, if anything."""

    incident: IncidentId
    milestone: Milestone
    happened_at: datetime
    by: UserId
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHistory:
    """What was read in an incident's channel (the result of `ReadBack`), in the order in which it was said.

    The reading was asked for at `read_at`: what we have heard since then is newer. `rest` is what is left of it to be
    read, if anything is.
    """

    work: ReadBack
    messages: tuple[RecordMessage | RecordMove, ...]
    read_at: datetime
    rest: ReadBack | None = None


NoteCommand = TakeNote | SetMilestone
RecordCommand = RecordMessage | RecordEdit | RecordDeletion | RecordHistory | NoteCommand
