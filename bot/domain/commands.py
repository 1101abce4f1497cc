"""Everything that can be asked of Muster, by a person, by time or by the result of an effect.

Inbound makes one; `decide` answers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain import group_work
from bot.domain.group_commands import AssignAlert, AutomateGroup, JoinIncident, JudgeAlert, KeepOpen, ProposeResolve
from bot.domain.groups_model import News
from bot.domain.model import (
    AlertId,
    ChannelId,
    GroupId,
    IncidentId,
    MessageTs,
    ReportedAlert,
    Role,
    ServiceName,
    Severity,
    Status,
    UserId,
)
from bot.domain.page_commands import HearPager
from bot.domain.silence_commands import SilenceCommand
from bot.domain.storms_model import StormId
from bot.domain.work import PageAction, ReadBack, Reminder, Work


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

    Without a title it takes the alert's; without a severity the alert's proposal, else the policy's default. `alert`
    names a group of alerts, by its own id or by one of its alerts'. Without anybody who asks a `rule` does.
    """

    title: str = ""
    by: UserId | None
    rule: str | None = None
    severity: Severity | None = None
    service: ServiceName | None = None
    alert: AlertId | GroupId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedChannel:
    """Slack has made the incident's channel (the result of `OpenChannel`)."""

    incident: IncidentId
    channel: ChannelId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole:
    """Give a role to somebody."""

    incident: IncidentId
    role: Role
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
    """Tell everybody how it stands."""

    incident: IncidentId
    text: str
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """It is over; `resolution` says what fixed it."""

    incident: IncidentId
    resolution: str
    by: UserId


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """A timer's time has come; whether it still matters is decided now, not when it was set."""

    incident: IncidentId
    about: Reminder


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReminder:
    """The channel has seen a reminder (the result of `Remind`)."""

    incident: IncidentId
    about: Reminder
    n: int


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmNews:
    """A group's thread has note `n`, which said `news` (the result of `TellGroup`)."""

    group: GroupId
    n: int
    news: News


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage:
    """The pager accepted (the result of `Page`)."""

    incident: IncidentId
    action: PageAction


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOverdue:
    """The pager has had its time to accept a page (the result of `AwaitPage`)."""

    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFailure:
    """An effect can never happen; people must know: the incident's, or the admins when it belongs to none."""

    incident: IncidentId | None
    work: Work
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOnCall:
    """Who is on call now, a service each (the result of `RefreshOnCall`)."""

    roster: Mapping[ServiceName, tuple[UserId, ...]]


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
    | Resolve
    | RecordMessage
    | RecordEdit
    | RecordDeletion
    | RecordHistory
    | TimerFired
    | ConfirmReminder
    | ReviewGroup
    | ReviewStorm
    | AutomateGroup
    | ProposeResolve
    | KeepOpen
    | CloseDigest
    | ConfirmNews
    | ConfirmPage
    | PageOverdue
    | HearPager
    | ReportFailure
    | RecordOnCall
    | SilenceCommand
)
