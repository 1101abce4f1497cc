"""Everything that can be asked of Muster, by a person, by time or by the result of an effect.

Inbound makes one; `decide` answers it.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain import group_work
from bot.domain.alerts_model import ReportedAlert
from bot.domain.archive_commands import ArchiveCommand
from bot.domain.comms_commands import CommsCommand
from bot.domain.course_commands import CourseCommand
from bot.domain.existing import Existing
from bot.domain.group_commands import (
    AssignAlert,
    AttachAlerts,
    AutomateGroup,
    JoinIncident,
    JudgeAlert,
    KeepOpen,
    ProposeResolve,
    ShowCopies,
)
from bot.domain.ids import AlertId, GroupId, IncidentId, ServiceName, UserId
from bot.domain.impact import Answer
from bot.domain.keeping_commands import KeepingCommand
from bot.domain.model import Severity, Status
from bot.domain.page_commands import HearPager
from bot.domain.people_commands import PeopleCommand
from bot.domain.quoted import Quoted
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordHistory, RecordMessage, SetMilestone, TakeNote
from bot.domain.result_commands import (
    ConfirmNews,
    ConfirmPage,
    ConfirmReminder,
    OpenedChannel,
    PageOverdue,
    RecordOnCall,
    ReportFailure,
)
from bot.domain.roles_model import AnyRole
from bot.domain.silence_commands import SilenceCommand
from bot.domain.storms_model import StormId
from bot.domain.subscriptions import Subscribe
from bot.domain.task_commands import TaskCommand
from bot.domain.work import Reminder


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAlert:
    """A source says how an alert stands."""

    report: ReportedAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeAlert:
    """Somebody takes up a group of alerts, named by its own id or by one of its alerts'."""

    alert: AlertId | GroupId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare:
    """Open an incident.

    Without a title it takes the alert's; without a severity what the answers about its `impact` make it, else the
    alert's proposal, else the policy's default. `alert`
    names a group of alerts, by its own id or by one of its alerts'. Without anybody who asks a `rule` does. In `triage`
    it is still to be looked at: nobody is paged then, unless it `pages`. A `private` one only its people see.
    Its channel is the `existing` one, or a new one is made. The `service` leads; it affects the others `also`.
    """

    title: str = ""
    by: UserId | None
    rule: str | None = None
    severity: Severity | None = None
    service: ServiceName | None = None
    also: tuple[ServiceName, ...] = ()
    alert: AlertId | GroupId | None = None
    triage: bool = False
    pages: bool = False
    private: bool = False
    existing: Existing | None = None
    impact: tuple[Answer, ...] = ()
    quoted: Quoted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole:
    """Give a role to somebody. Who is to have what another one holds must accept it; who takes it has it at once."""

    incident: IncidentId
    role: AnyRole
    user: UserId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStatus:
    """Move the incident to another open status."""

    incident: IncidentId
    status: Status
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSeverity:
    """Say how bad it is."""

    incident: IncidentId
    severity: Severity
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SendUpdate:
    """Tell everybody how it stands: what is happening, what it does to others, what is being done.

    `next_in` promises the next update; it may come sooner than the severity wants it, not later.
    """

    incident: IncidentId
    text: str
    by: UserId
    impact: str = ""
    doing: str = ""
    next_in: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeUpdate:
    """Put the next update off for a while."""

    incident: IncidentId
    lasts: timedelta
    reason: str
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """It is over; `resolution` says what fixed it."""

    incident: IncidentId
    resolution: str
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """A timer's time has come; whether it still matters is decided now, not when it was set."""

    incident: IncidentId
    about: Reminder


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewGroup:
    """The moment has come for which a group was planned to be looked at; what is to be done is decided now."""

    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStorm:
    """Something changed in a storm of groups, or it may be over; what is to be done is decided now."""

    storm: StormId


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDigest:
    """It is time for a digest (the work of the same name is due)."""

    work: group_work.CloseDigest


Command = (
    ReportAlert
    | AcknowledgeAlert
    | JoinIncident
    | AssignAlert
    | JudgeAlert
    | Declare
    | OpenedChannel
    | AssignRole
    | SetStatus
    | SetSeverity
    | SendUpdate
    | SnoozeUpdate
    | Resolve
    | CourseCommand
    | RecordMessage
    | RecordEdit
    | RecordDeletion
    | RecordHistory
    | TakeNote
    | SetMilestone
    | TimerFired
    | ConfirmReminder
    | ReviewGroup
    | ReviewStorm
    | AutomateGroup
    | AttachAlerts
    | ProposeResolve
    | KeepOpen
    | CloseDigest
    | ShowCopies
    | ConfirmNews
    | ConfirmPage
    | PageOverdue
    | HearPager
    | ReportFailure
    | RecordOnCall
    | SilenceCommand
    | Subscribe
    | PeopleCommand
    | KeepingCommand
    | TaskCommand
    | ArchiveCommand
    | CommsCommand
)
