"""What can have happened to an incident: one frozen value a kind, never changed once written to the timeline.

Each carries `at` (when it happened), `by` (who did it; nobody for the machine's own) and what `evolve` needs, so that
the fold of a timeline is the incident. A new field needs a default: old rows lack it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.happening import Happening
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
from bot.domain.page_commands import PagerWord
from bot.domain.proposals import ProposalEnded, ResolveProposed


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeclared(Happening):
    """It began; when nobody declared it, a `rule` did."""

    kind: Literal["incident_declared"] = "incident_declared"
    incident: IncidentId
    title: str
    severity: Severity
    channel_name: str
    service: ServiceName | None = None
    responders: tuple[UserId, ...] = ()
    paged: bool = False
    update_every: timedelta
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAttached(Happening):
    """An alert belongs to the incident from now on; `starts_at` is when its source says that it began.

    `group` is the group that it is a member of; what joins that later belongs to the incident as well. When a `rule`
    let a whole group join, `all_of` counts its alerts; the first of them says so.
    """

    kind: Literal["alert_attached"] = "alert_attached"
    alert: AlertId
    title: str
    starts_at: datetime
    source_url: str | None = None
    group: GroupId | None = None
    rule: str | None = None
    all_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(Happening):
    """Somebody took up attached alerts, a group at once: `alert` opened it (`at` may lie before the declaration).

    `takes_page`: the page that was out is taken up with it.
    """

    kind: Literal["alert_acknowledged"] = "alert_acknowledged"
    alert: AlertId
    title: str
    takes_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEnded(Happening):
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
class AlertFlapping(Happening):
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
class ChannelOpened(Happening):
    """Slack has made the incident's channel."""

    kind: Literal["channel_opened"] = "channel_opened"
    channel: ChannelId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned(Happening):
    """A role has a new holder; `previous` handed it over. `takes_page`: the page that was out is taken up with it."""

    kind: Literal["role_assigned"] = "role_assigned"
    role: Role
    user: UserId
    previous: UserId | None = None
    takes_page: bool = False


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
    """Everybody was told how it stands; the update clock starts anew."""

    kind: Literal["update_sent"] = "update_sent"
    text: str
    update_every: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOverdue(Happening):
    """An update was owed since `due`; `n` counts the reminders of this incident."""

    kind: Literal["update_overdue"] = "update_overdue"
    due: datetime
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandVacant(Happening):
    """Nobody is in command; `n` counts the reminders."""

    kind: Literal["command_vacant"] = "command_vacant"
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPosted(Happening):
    """The channel has seen reminder `n`; `about` says of what."""

    kind: Literal["reminder_posted"] = "reminder_posted"
    about: Literal["update", "command"]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(Happening):
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
class MessageEdited(Happening):
    """A person changed what they wrote; both stay in the record."""

    kind: Literal["message_edited"] = "message_edited"
    ts: MessageTs
    text: str
    permalink: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted(Happening):
    """A person took a message back; what it said is not shown again."""

    kind: Literal["message_deleted"] = "message_deleted"
    ts: MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerAnswered(Happening):
    """The pager accepted what we asked of it."""

    kind: Literal["pager_answered"] = "pager_answered"
    action: Literal["trigger", "acknowledge", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerSilent(Happening):
    """The pager had not accepted the page that it was asked for at `since`: these people were called in Slack."""

    kind: Literal["pager_silent"] = "pager_silent"
    since: datetime
    called: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerTold(Happening):
    """Something was done with our page in the pager itself: the pager's word for it, and who did it by name there.

    Without a `name` it was a machine, or time. `to` is who was given the page. `rings`: somebody is being called for it
    since then. `told_at` is when it happened by the pager's clock, `at` the same within the incident's life by ours.
    """

    kind: Literal["pager_told"] = "pager_told"
    word: PagerWord
    name: str = ""
    to: tuple[str, ...] = ()
    rings: bool = False
    told_at: datetime


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
    | ResolveProposed
    | ProposalEnded
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
