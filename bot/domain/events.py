"""What can have happened to an incident: one frozen value a kind, never changed once written to the timeline.

Each carries `at` (when it happened), `by` (who did it; nobody for the machine's own) and what `evolve` needs, so that
the fold of a timeline is the incident. A new field needs a default: old rows lack it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.model import (
    AlertId,
    AlertStatus,
    ChannelId,
    GroupId,
    IncidentId,
    MessageTs,
    Role,
    ServiceName,
    Severity,
    Status,
    UserId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    at: datetime
    by: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeclared(_Event):
    """It began."""

    kind: Literal["incident_declared"] = "incident_declared"
    incident: IncidentId
    title: str
    severity: Severity
    channel_name: str
    service: ServiceName | None = None
    responders: tuple[UserId, ...] = ()
    paged: bool = False
    update_every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAttached(_Event):
    """An alert belongs to the incident from now on; `starts_at` is when its source says that it began.

    `group` is the group that it is a member of; what joins that later belongs to the incident as well.
    """

    kind: Literal["alert_attached"] = "alert_attached"
    alert: AlertId
    title: str
    starts_at: datetime
    source_url: str | None = None
    group: GroupId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(_Event):
    """Somebody took up attached alerts, a group at once: `alert` opened it (`at` may lie before the declaration).

    `takes_page`: the page that was out is taken up with it.
    """

    kind: Literal["alert_acknowledged"] = "alert_acknowledged"
    alert: AlertId
    title: str
    takes_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEnded(_Event):
    """The source says that an attached alert is over; `all_of` is how many its group had, when it was the last.

    With `unheard_for` its source says nothing: it was not heard of for so long.
    """

    kind: Literal["alert_ended"] = "alert_ended"
    alert: AlertId
    title: str
    ended_at: datetime
    all_of: int = 0
    unheard_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFlapping(_Event):
    """Attached alerts, a group at once, go on and off again and again; or no more, and this is their `steady` state.

    `alert` opened the group. While it flaps the channel is not told when it is over.
    """

    kind: Literal["alert_flapping"] = "alert_flapping"
    alert: AlertId
    title: str
    since: datetime
    turns: int
    steady: AlertStatus | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOpened(_Event):
    """Slack has made the incident's channel."""

    kind: Literal["channel_opened"] = "channel_opened"
    channel: ChannelId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned(_Event):
    """A role has a new holder; `previous` handed it over. `takes_page`: the page that was out is taken up with it."""

    kind: Literal["role_assigned"] = "role_assigned"
    role: Role
    user: UserId
    previous: UserId | None = None
    takes_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged(_Event):
    """The incident moved on (or back)."""

    kind: Literal["status_changed"] = "status_changed"
    status: Status
    previous: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChanged(_Event):
    """It is worse, or less bad, than it was thought; the update clock starts anew."""

    kind: Literal["severity_changed"] = "severity_changed"
    severity: Severity
    previous: Severity
    paged: bool = False
    update_every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSent(_Event):
    """Everybody was told how it stands; the update clock starts anew."""

    kind: Literal["update_sent"] = "update_sent"
    text: str
    update_every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOverdue(_Event):
    """An update was owed since `due`; `n` counts the reminders of this incident."""

    kind: Literal["update_overdue"] = "update_overdue"
    due: datetime
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandVacant(_Event):
    """Nobody is in command; `n` counts the reminders."""

    kind: Literal["command_vacant"] = "command_vacant"
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPosted(_Event):
    """The channel has seen reminder `n`; `about` says of what."""

    kind: Literal["reminder_posted"] = "reminder_posted"
    about: Literal["update", "command"]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(_Event):
    """A person wrote in the channel.

    `at` is Slack's time of it. `ts` names the message for good, `thread` the message it answers.
    """

    kind: Literal["message_posted"] = "message_posted"
    ts: MessageTs
    text: str
    permalink: str
    thread: MessageTs | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(_Event):
    """A person changed what they wrote; both stay in the record."""

    kind: Literal["message_edited"] = "message_edited"
    ts: MessageTs
    text: str
    permalink: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted(_Event):
    """A person took a message back; what it said is not shown again."""

    kind: Literal["message_deleted"] = "message_deleted"
    ts: MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerAnswered(_Event):
    """The pager accepted what we asked of it."""

    kind: Literal["pager_answered"] = "pager_answered"
    action: Literal["trigger", "acknowledge", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerSilent(_Event):
    """The pager had not accepted the page that it was asked for at `since`: these people were called in Slack."""

    kind: Literal["pager_silent"] = "pager_silent"
    since: datetime
    called: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerTold(_Event):
    """Something was done with our page in the pager itself: the pager's word for it, and who did it by name there.

    Without a `name` it was a machine, or time. `to` is who was given the page. `rings`: somebody is being called for it
    since then. `told_at` is when it happened by the pager's clock, `at` the same within the incident's life by ours.
    """

    kind: Literal["pager_told"] = "pager_told"
    word: Literal["acknowledged", "unacknowledged", "reassigned", "resolved"]
    name: str = ""
    to: tuple[str, ...] = ()
    rings: bool = False
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(_Event):
    """Something that was decided could not be done, and never will be without a person."""

    kind: Literal["delivery_failed"] = "delivery_failed"
    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentResolved(_Event):
    """It is over, and this is what fixed it."""

    kind: Literal["incident_resolved"] = "incident_resolved"
    resolution: str


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
    | CommandVacant
    | ReminderPosted
    | MessagePosted
    | MessageEdited
    | MessageDeleted
    | PagerAnswered
    | PagerSilent
    | PagerTold
    | DeliveryFailed
    | IncidentResolved
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """An event in its place: `seq` runs 1, 2, 3 … without a gap, `hash` chains each row to the one before."""

    incident: IncidentId
    seq: int
    event: Event
    hash: str
