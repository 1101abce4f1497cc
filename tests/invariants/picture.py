"""What the checker looks at: one picture of the database, of Slack, of the pager, and of what people were told.

A picture is taken by from_database.py together with from_fake.py (the world in memory) or from_sandbox.py (real
processes). The invariants are functions of a picture and nothing else, so a test can also paint a wrong one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from bot.domain.alerts_model import Alert
from bot.domain.archives import ArchivingEnd, ArchivingEnded, ChannelReplaced
from bot.domain.commands import AssignRole
from bot.domain.course_events import IncidentReopened
from bot.domain.deploys import Deploy
from bot.domain.events import DeliveryFailed, Event
from bot.domain.groups_model import Group
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Incident
from bot.domain.muting import Silence
from bot.domain.people_commands import AnswerHandover
from bot.domain.policy import Policy
from bot.domain.roles_model import AnyRole
from bot.domain.storms_model import Storm


@dataclass(slots=True)
class Log:
    """What people were told: accepted commands and what each asked for, and how many alert webhooks were accepted.

    `written` is what people wrote in an open incident's channel, whether or not Slack's events of it ever came;
    `people` are those who asked for something or were named in it; `numbered` is which work the checker saw under which
    id, whenever it looked. `joined` are those who asked to be in an incident's channel.
    """

    declared: list[IncidentId] = field(default_factory=list)
    messages: Counter[tuple[IncidentId, str]] = field(default_factory=Counter)
    resolved: set[IncidentId] = field(default_factory=set)
    assigned: Counter[tuple[IncidentId, AnyRole, UserId]] = field(default_factory=Counter)
    webhooks: int = 0
    written: set[tuple[IncidentId, str]] = field(default_factory=set)
    people: set[UserId] = field(default_factory=set)
    joined: set[tuple[IncidentId, UserId]] = field(default_factory=set)
    numbered: dict[int, str] = field(default_factory=dict)

    def given(self, command: AssignRole | AnswerHandover, incident: Incident | None) -> None:
        """Count a role that somebody has now because of a command; one that was only offered, or declined, is not."""
        if isinstance(command, AssignRole):
            role, user = command.role, command.user
        else:
            asked = incident.handovers[command.n - 1] if incident else None
            if asked is None or not command.accepts:
                return
            role, user = asked.role, asked.to
        if incident and incident.roles.get(role) == user:
            self.assigned[incident.id, role, user] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a timeline; `event` is None when its body cannot be read."""

    seq: int
    at: datetime
    kind: str
    body: str
    hash: str
    event: Event | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An effect."""

    id: int
    kind: str
    key: str
    lane: str
    incident: IncidentId | None
    due: datetime
    quarantined: bool
    attempts: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane."""

    name: str
    next_due: datetime
    leased_until: datetime | None
    token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as a channel shows it; `markup` is all of its text that Slack reads as mrkdwn."""

    channel: str
    ts: str
    ours: bool
    markup: str
    marker: str | None = None
    thread: str | None = None
    files: tuple[str, ...] = ()

    @property
    def at(self) -> float:
        """When Slack says that it was posted, in seconds since 1970."""
        return float(self.ts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel. `ours` says that the bot made it."""

    id: str
    name: str
    ours: bool
    members: frozenset[str]
    topic: str
    bookmarks: int
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of ours to Slack, by the moment it began; `wait` is the Retry-After that it was answered with."""

    method: str
    at: datetime
    ended: datetime
    wait: timedelta | None = None


@dataclass(frozen=True, kw_only=True)  # without slots: it remembers what it was asked
class Picture:
    """Everything at one moment.

    `pages` are the pager's accepted requests by page (the incident, and how often it was reopened), `woken` how often
    it called for each. `unneeded` are incidents whose page had waited for so long that all was over.
    `written` is all text that Muster wrote down or sent, by place; none of `secrets` may stand in it. `public` is what
    is read by more people than those of an incident: the log. `set_back` is by how much the clock was set back at
    once, at most.
    """

    now: datetime
    bot: str = "U0MUSTER"
    incidents: Mapping[IncidentId, Incident] = field(default_factory=dict)
    unreadable: frozenset[IncidentId] = frozenset()
    disagreeing: frozenset[IncidentId] = frozenset()
    timelines: Mapping[IncidentId, tuple[Row, ...]] = field(default_factory=dict)
    alerts: tuple[Alert, ...] = ()
    groups: tuple[Group, ...] = ()
    storms: tuple[Storm, ...] = ()
    silences: tuple[Silence, ...] = ()
    deploys: tuple[Deploy, ...] = ()
    effects: tuple[Waiting, ...] = ()
    lanes: tuple[Lane, ...] = ()
    deliveries: Counter[str] = field(default_factory=Counter)
    messages: tuple[Message, ...] = ()
    rooms: tuple[Room, ...] = ()
    posted: Mapping[str, int] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    pages: Mapping[tuple[IncidentId, int], tuple[str, ...]] = field(default_factory=dict)
    woken: Mapping[tuple[IncidentId, int], int] = field(default_factory=dict)
    unneeded: frozenset[IncidentId] = frozenset()
    written: Mapping[str, str] = field(default_factory=dict)
    public: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    accepted: Log | None = None
    late: timedelta | None = None
    set_back: timedelta = timedelta()
    prefix: str = "inc-"
    policy: Policy | None = None

    def events(self, number: IncidentId) -> tuple[Event, ...]:
        """Return what happened to an incident, in order."""
        return self._events.get(number, ())

    def waits(self, kind: str, key: str) -> bool:
        """Tell whether work waits or was set aside, so that it is not lost."""
        return (kind, key) in self._keys

    def gave_up(self, number: IncidentId, kind: str) -> bool:
        """Tell whether the record says that such work failed for good: then a person was told."""
        return any(isinstance(event, DeliveryFailed) and event.what == kind for event in self.events(number))

    @cached_property
    def too_late(self) -> frozenset[tuple[IncidentId, int]]:
        """The rows that say that a word of an incident found its channel archived by Muster: whose, and which."""
        found = set[tuple[IncidentId, int]]()
        for number, rows in self.timelines.items():
            archived = False
            for row in rows:
                if isinstance(row.event, ArchivingEnded | IncidentReopened | ChannelReplaced):
                    archived = isinstance(row.event, ArchivingEnded) and row.event.end is ArchivingEnd.ARCHIVED
                elif archived and isinstance(row.event, DeliveryFailed) and row.event.what == "slack.say":
                    found.add((number, row.seq))
        return frozenset(found)

    def said_in(self, channel: str | None) -> tuple[Message, ...]:
        """Return the messages of a channel."""
        return self._by_channel.get(channel or "", ())

    @cached_property
    def _events(self) -> Mapping[IncidentId, tuple[Event, ...]]:
        return {
            number: tuple(row.event for row in rows if row.event is not None) for number, rows in self.timelines.items()
        }

    @cached_property
    def _keys(self) -> frozenset[tuple[str, str]]:
        return frozenset((one.kind, one.key) for one in self.effects)

    @cached_property
    def _by_channel(self) -> Mapping[str, tuple[Message, ...]]:
        found: dict[str, list[Message]] = {}
        for one in self.messages:
            found.setdefault(one.channel, []).append(one)
        return {channel: tuple(said) for channel, said in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What does not hold, where (ids), what was expected and what was found."""

    invariant: str
    what: str
    where: str
    expected: object
    found: object

    def __str__(self) -> str:
        """Return it on one line."""
        return f"{self.invariant} {self.what}, {self.where}: expected {self.expected!r}, found {self.found!r}"


# What a check yields: where, expected, found.
Wrong = tuple[str, object, object]
Check = Callable[[Picture], Iterator[Wrong]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """One statement; `at_rest` says that it need not hold before everything that waits is done."""

    id: str
    name: str
    check: Check
    at_rest: bool


EVERY: Final[list[Invariant]] = []


def must(number: str, *, at_rest: bool = False) -> Callable[[Check], Check]:
    """Register a check; its name says what must hold."""

    def register(check: Check) -> Check:
        EVERY.append(Invariant(id=number, name=check.__name__.replace("_", " "), check=check, at_rest=at_rest))
        return check

    return register


def differ(where: str, expected: object, found: object) -> Iterator[Wrong]:
    """Yield it when they differ."""
    if expected != found:
        yield where, expected, found


def violations(seen: Picture, invariants: Iterable[Invariant], *, at_rest: bool) -> list[Violation]:
    """Return all that does not hold."""
    return [
        Violation(invariant=one.id, what=one.name, where=where, expected=expected, found=found)
        for one in invariants
        if at_rest or not one.at_rest
        for where, expected, found in one.check(seen)
    ]
