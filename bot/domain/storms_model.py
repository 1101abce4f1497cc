"""A storm: so many new groups in one channel that a message each would bury the one that matters.

Plain frozen values; what changes them stands in storms.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.domain.alerts_model import AlertSeverity

StormId = NewType("StormId", str)


class Stand(StrEnum):
    """Where the message of a group stands.

    UNPLACED: not decided yet; by itself in the CHANNEL; in the THREAD of a storm; NOWHERE, it has none.
    """

    UNPLACED = "unplaced"
    CHANNEL = "channel"
    THREAD = "thread"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class StormPolicy:
    """More than so many new groups within this time in one channel are a storm; with 0 nothing ever is."""

    groups: int = 10
    within: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """A channel from one storm's end to the next one's: first it is calm, then it storms, then that is over.

    `number` counts them in a channel. `recent` is when the last new groups came, as many as are no storm yet; `grave`
    when critical ones were last given a message by themselves in spite of the storm. It `raged_at` when there were last
    too many. `groups` counts those that came into it, `counts` by service and severity (as they came), `threaded` how
    have a message in its thread. `copies` are the further channels that are told of it: there the copies of those of
    its groups would stand that have no message by themselves.
    """

    id: StormId
    channel: str
    number: int = 1
    recent: tuple[datetime, ...] = ()
    grave: tuple[datetime, ...] = ()
    began_at: datetime | None = None
    raged_at: datetime | None = None
    ended_at: datetime | None = None
    groups: int = 0
    threaded: int = 0
    copies: tuple[str, ...] = ()
    counts: Mapping[str, Mapping[AlertSeverity, int]] = field(default_factory=dict)

    @property
    def is_on(self) -> bool:
        """Tell whether it storms."""
        return self.began_at is not None and self.ended_at is None
