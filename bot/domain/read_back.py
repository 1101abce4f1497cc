"""The work of reading what people said: the part of work.py that looks back into a channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.ids import IncidentId, MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread of which there is more to read: its root, and the answer up to which it is read."""

    root: MessageTs
    after: MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far a reading has come that takes more than one turn.

    It began at `began`. What was said before `before` is still to be read (None: the channel is read), then `threads`.
    """

    began: datetime
    before: MessageTs | None
    threads: tuple[Thread, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchMessage:
    """Look up a message that somebody marked and that is not in the record."""

    kind: Literal["slack.fetch_message"] = "slack.fetch_message"
    incident: IncidentId
    ts: MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """Read what people said in the incident's channel: events may never come, and are not sent again after an outage.

    Everything that was said until `since` has been read before (None: nothing yet). The final one reads the channel
    from its beginning, before the postmortem draft is made. `taking`: so many of the newest messages at most, whatever
    the policy keeps, of a channel that was there before.
    """

    kind: Literal["slack.read_back"] = "slack.read_back"
    incident: IncidentId
    final: bool = False
    since: datetime | None = None
    reading: Reading | None = None
    taking: int | None = None
