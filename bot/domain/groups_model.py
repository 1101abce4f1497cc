"""The group: what people see of alerts and act upon. One Slack message each, whatever the number of its members.

Plain frozen values; what changes them stands in grouping.py. `Alert.group` says which group an alert belongs to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.alerts_model import Acknowledgement, AlertSeverity, AlertStatus
from bot.domain.flapping import CALM, Flapping, Turns
from bot.domain.ids import AlertId, GroupId, IncidentId, ServiceName, UserId
from bot.domain.mutes import Mute
from bot.domain.storms_model import Stand, StormId
from bot.domain.text import one_line

# The gravest first; what gives no severity is treated as a warning.
GRAVEST_FIRST: Final = (
    AlertSeverity.CRITICAL,
    AlertSeverity.HIGH,
    AlertSeverity.WARNING,
    AlertSeverity.UNKNOWN,
    AlertSeverity.INFO,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something in a group became graver, or less so."""

    title: str
    was: AlertSeverity
    now: AlertSeverity


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What changed in a group since its thread was last told; `titles` are a few of those that fired."""

    fired: int = 0
    resolved: int = 0
    unheard: int = 0
    again: bool = False
    titles: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to tell."""
        return bool(self.fired or self.resolved or self.unheard or self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """What changed in a group whose message has no notes, and when the message was edited for that."""

    at: datetime
    news: News


@dataclass(frozen=True, slots=True, kw_only=True)
class Hush:
    """Who does not want to hear of a group until it is over, and since when; or who does again."""

    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who looks after a group, and who said so when."""

    user: UserId
    by: UserId
    at: datetime


class Verdict(StrEnum):
    """Whether it was worth it to be told."""

    USEFUL = "useful"
    NOISE = "noise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What somebody thinks of a group, for the review."""

    verdict: Verdict
    by: UserId
    at: datetime


class Became(StrEnum):
    """What can become of a group."""

    TAKEN = "taken"
    GIVEN = "given"
    HUSHED = "hushed"
    UNHUSHED = "unhushed"
    QUIET = "quiet"
    HEARD = "heard"
    JOINED = "joined"
    OVER = "over"
    AGAIN = "again"
    FLAPS = "flaps"
    STEADY = "steady"
    STORM = "storm"
    ALONE = "alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One step of what became of a group (history.py): when, by whom, and what else there is to say of it."""

    at: datetime
    what: Became
    by: UserId | None = None
    text: str = ""
    mute: Mute | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Alerts that belong together, by their route and the labels that it groups by.

    `number` counts the groups of one `key`: when a group was over for long, the next is a new message. `lead` is the
    member that opened it, `title` what it said. `severities` counts the members that fire now, `total` all series that
    were ever in it. `severity` is the worst that fires, or the last that did. `opened_at` and `changed_at` are by our
    clock; `began_at` (of its earliest member) and `ended_at` as the source says.

    `shown_at` is when an edit of its message was last decided (None: it waits for its first), `planned` when the next
    may be, `review_at` when it is looked at again (`ReviewGroup`), `told` how many notes its thread has, `news` what
    the next one says (`latest`: where there are none, the last that its message says). `assignments` counts
    how often it was given to somebody, `judged` is the last word on whether it was worth it. `turns` tells whether it
    flaps. `lapses_at` is when one of its members may count as over because nothing was heard of it, `unheard` counts
    those that do, and `unheard_for` is how long the last was not heard of.

    `muted` counts those that fire and are quiet, `mute` is why one of them is; `hushed`: somebody wants to hear nothing
    of it until it is over (`unhushed`: who ended that last). It is `hidden` when it has been quiet from its beginning:
    no message of it is shown. `past` is what has become of it so far, the last of it. `stand` is where its message
    stands, `storm` the storm that it came with, if any; `copies` are the further channels in which it stands as well
    (copies.py). With a `digest` (when it is told) it has no message: `news` is what that will tell. `watched` is when
    the rules look at it next.
    """

    id: GroupId
    key: str
    number: int = 1
    path: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    channel: str
    interval: timedelta
    within: timedelta | None = None
    lead: AlertId
    title: str
    service: ServiceName | None = None
    status: AlertStatus
    opened_at: datetime
    began_at: datetime
    changed_at: datetime
    ended_at: datetime | None = None
    severities: Mapping[AlertSeverity, int] = field(default_factory=dict)
    severity: AlertSeverity = AlertSeverity.UNKNOWN
    total: int = 0
    acknowledged: Acknowledgement | None = None
    assigned: Assignment | None = None
    assignments: int = 0
    judged: Judgement | None = None
    incident: IncidentId | None = None
    shown_at: datetime | None = None
    planned: datetime | None = None
    review_at: datetime | None = None
    news: News = News()
    latest: tuple[Latest, ...] = ()
    told: int = 0
    muted: int = 0
    mute: Mute | None = None
    hushed: Hush | None = None
    unhushed: Hush | None = None
    hidden: bool = False
    stand: Stand = Stand.CHANNEL
    storm: StormId | None = None
    copies: tuple[str, ...] = ()
    digest: str = ""
    turns: Turns = field(default_factory=Turns)
    past: tuple[Past, ...] = ()
    lapses_at: datetime | None = None
    unheard: int = 0
    unheard_for: timedelta | None = None
    watched: datetime | None = None

    @property
    def headline(self) -> str:
        """Return what it tells of: the rule that its members have in common; of one alone its own headline."""
        shared = one_line(self.labels.get("alertname", "")) if self.total > 1 else ""
        return shared or one_line(self.title)

    @property
    def flapping(self) -> Flapping | None:
        """Return since when and how often it flaps, if it does."""
        return self.turns.flapping

    @property
    def is_closed(self) -> bool:
        """Tell whether it is over, and not about to come back as what flaps is."""
        return self.is_over and self.flapping is None

    @property
    def pace(self) -> timedelta:
        """Return how long there is between two edits of its message at least."""
        return max(self.interval, CALM) if self.flapping else self.interval

    @property
    def next_moment(self) -> datetime | None:
        """Return the next moment at which time alone may change something about it."""
        moments = (self.planned, self.lapses_at, self.flapping.steady_at if self.flapping else None)
        return min((one for one in moments if one), default=None)

    @property
    def is_mute(self) -> bool:
        """Tell whether nobody wants to hear of anything that fires in it."""
        return self.firing > 0 and (self.hushed is not None or self.muted == self.firing)

    @property
    def firing(self) -> int:
        """Return how many of its members fire now."""
        return sum(self.severities.values())

    @property
    def is_over(self) -> bool:
        """Tell whether nothing in it fires."""
        return self.status is AlertStatus.RESOLVED

    @property
    def may_need_a_place(self) -> bool:
        """Tell whether its message, or that of the next of its key, may have to find its place."""
        return self.is_over or self.stand in {Stand.UNPLACED, Stand.NOWHERE}
