"""What can have happened to an incident: one frozen value a kind, never changed once written to the timeline.

Each carries `at` (when it happened), `by` (who did it; nobody for the machine's own) and what `evolve` needs, so that
the fold of a timeline is the incident. A new field needs a default: old rows lack it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded, AlertFlapping
from bot.domain.archives import ArchivingEvent
from bot.domain.comms import CommsEvent
from bot.domain.course_events import CourseEvent, IncidentDeclined, IncidentMerged, IncidentReopened
from bot.domain.happening import Happening
from bot.domain.ids import ChannelId, IncidentId, ServiceName, UserId
from bot.domain.impact import Answer
from bot.domain.keeping_events import KeepingEvent
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.model import Severity, Status
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.page_events import PagerAnswered, PagerSilent, PagerTold
from bot.domain.people_events import PeopleEvent
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.roles_model import AnyRole
from bot.domain.snoozing import UpdateSnoozed
from bot.domain.task_events import TaskEvent
from bot.domain.unacknowledged import AcknowledgementMissed


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeclared(Happening):
    """It began, or (`triage`) may have; when nobody declared it, a `rule` did.

    It affects its `service` first, and those `also`.
    """

    kind: Literal["incident_declared"] = "incident_declared"
    incident: IncidentId
    title: str
    severity: Severity
    channel_name: str
    service: ServiceName | None = None
    also: tuple[ServiceName, ...] = ()
    responders: tuple[UserId, ...] = ()
    paged: bool = False
    update_every: timedelta
    rule: str | None = None
    triage: bool = False
    private: bool = False
    adopts: ChannelId | None = None
    impact: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOpened(Happening):
    """Slack has made the incident's channel, or an existing one is it now; `members` were there before."""

    kind: Literal["channel_opened"] = "channel_opened"
    channel: ChannelId
    name: str
    members: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned(Happening):
    """A role has a new holder; `previous` had it until now. `takes_page`: the page that was out is taken up with it.

    `handover` is the number of the one that was accepted, if that is how it went.
    """

    kind: Literal["role_assigned"] = "role_assigned"
    role: AnyRole
    user: UserId
    previous: UserId | None = None
    takes_page: bool = False
    handover: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged(Happening):
    """The incident moved on (or back)."""

    kind: Literal["status_changed"] = "status_changed"
    status: Status
    previous: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChanged(Happening):
    """It is worse, or less bad, than it was thought; the update clock starts anew."""

    kind: Literal["severity_changed"] = "severity_changed"
    severity: Severity
    previous: Severity
    paged: bool = False
    update_every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSent(Happening):
    """Everybody was told how it stands; the next update is owed after `update_every` (or what was promised).

    `subscribers` are told of it at `told_at`, together with what they are told of since the row `told_with`.
    """

    kind: Literal["update_sent"] = "update_sent"
    text: str
    impact: str = ""
    doing: str = ""
    update_every: timedelta
    told_at: datetime | None = None
    told_with: int | None = None
    subscribers: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOverdue(Happening):
    """An update was owed since `due`; `n` counts the reminders of this incident, `called` are those it turns to."""

    kind: Literal["update_overdue"] = "update_overdue"
    due: datetime
    n: int
    called: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandVacant(Happening):
    """Nobody is in command; `n` counts the reminders."""

    kind: Literal["command_vacant"] = "command_vacant"
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPosted(Happening):
    """The channel has seen reminder `n`; `about` says of what."""

    kind: Literal["reminder_posted"] = "reminder_posted"
    about: Literal["update", "command", "triage"]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Happening):
    """Something that was decided could not be done, and never will be without a person; a reminder says which."""

    kind: Literal["delivery_failed"] = "delivery_failed"
    what: str
    reason: str
    about: str = ""
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResolved(Happening):
    """It is over, and this is what fixed it; `subscribers` are told of it as of an update."""

    kind: Literal["incident_resolved"] = "incident_resolved"
    resolution: str
    told_at: datetime | None = None
    told_with: int | None = None
    subscribers: tuple[UserId, ...] = ()


# What subscribers are told of.
Told = UpdateSent | IncidentResolved | IncidentReopened | IncidentDeclined | IncidentMerged

Event = (
    IncidentDeclared
    | AlertAttached
    | AlertAcknowledged
    | AlertEnded
    | AlertFlapping
    | ChannelOpened
    | RoleAssigned
    | StatusChanged
    | SeverityChanged
    | UpdateSent
    | UpdateOverdue
    | UpdateSnoozed
    | CommandVacant
    | ReminderPosted
    | ResolveProposed
    | ProposalEnded
    | MessagePosted
    | MessageEdited
    | MessageDeleted
    | NoteTaken
    | MilestoneSet
    | PagerAnswered
    | PagerSilent
    | PagerTold
    | AcknowledgementMissed
    | DeliveryFailed
    | IncidentResolved
    | CourseEvent
    | PeopleEvent
    | KeepingEvent
    | TaskEvent
    | ArchivingEvent
    | CommsEvent
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """An event in its place: `seq` runs 1, 2, 3 … without a gap, `hash` chains each row to the one before."""

    incident: IncidentId
    seq: int
    event: Event
    hash: str
