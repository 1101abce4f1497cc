"""What the dispatcher hands to a performer, and what it gets back.

A performer never touches the database: all that it needs is in the job.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.commands import Command
from bot.domain.decisions import State
from bot.domain.events import TimelineRow
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Where a message of ours stands in Slack."""

    channel: ChannelId
    ts: MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work, with the state as it was when the work was claimed.

    `key` names the work for good (a post carries it as its marker). `maybe_sent_since` and `last_sent_at` are set when
    an earlier try may have been applied (its outcome is unknown, or its process died): let it settle, then look before
    repeating. `posted` is the message that this key already made, `anchor` the message under which something is
    said. `rows` is the timeline, for work that needs it. `still_ours` tells, right before a call, whether the lease
    still holds.
    """

    work: Work
    key: str
    attempt: int
    state: State
    maybe_sent_since: datetime | None = None
    last_sent_at: datetime | None = None
    posted: Posted | None = None
    anchor: Posted | None = None
    rows: tuple[TimelineRow, ...] = ()
    names: Mapping[UserId, str] = field(default_factory=dict)
    still_ours: Callable[[], bool] = lambda: True


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It happened.

    `command` is what its result asks of us; it is handled in the very transaction that removes the work. `posted` is
    the message that it made (remembered under the job's key), `names` are display names learned on the way.
    """

    command: Command | None = None
    posted: Posted | None = None
    names: Mapping[UserId, str] = field(default_factory=dict)


# Raises TryLater (surely not applied), Uncertain (perhaps applied) or Undeliverable (never will be); see bot/errors.py.
Perform = Callable[[Job], Awaitable[Done]]
