"""What was written in a channel, as commands: the part of commands.py that the record needs."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.read_back import ReadBack


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMessage:
    """A person wrote in a channel; only an incident's channel is recorded."""

    channel: ChannelId
    ts: MessageTs
    by: UserId
    said_at: datetime
    text: str
    permalink: str
    thread: MessageTs | None = None
    files: tuple[str, ...] = ()


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
class RecordHistory:
    """What was read in an incident's channel (the result of `ReadBack`), in the order in which it was said.

    The reading was asked for at `read_at`: what we have heard since then is newer. `rest` is what is left of it to be
    read, if anything is.
    """

    work: ReadBack
    messages: tuple[RecordMessage, ...]
    read_at: datetime
    rest: ReadBack | None = None
