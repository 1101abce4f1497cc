"""The nouns.

Incidents, alerts, people, and the states that they can be in. Plain frozen values; nothing here decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.action_items import ActionItem
from bot.domain.archives import Archiving, ArchivingEnd
from bot.domain.calls import Call
from bot.domain.checklists import Checklist
from bot.domain.comms import Comms
from bot.domain.deploys import Deploy
from bot.domain.ids import AlertId, ChannelId, GroupId, IncidentId, ServiceName, UserId
from bot.domain.links import Link
from bot.domain.roles_model import AnyRole, Duties, Handover, Role
from bot.domain.set_aside import SetAside
from bot.domain.snoozing import Snooze


class Severity(StrEnum):
    """How bad an incident is; what each means, how often it is updated and who is paged stands in the policy."""

    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"

    @property
    def label(self) -> str:
        """Return the name that people read: SEV-1."""
        return f"SEV-{self.value[3:]}"

    @property
    def rank(self) -> int:
        """Return 1 for the gravest; a smaller number goes first everywhere."""
        return int(self.value[3:])


class Status(StrEnum):
    """Where an incident stands; in triage nobody has said yet whether it is one."""

    TRIAGE = "triage"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"

    @property
    def is_open(self) -> bool:
        """Tell whether people still work on it, or are still to look at it."""
        return self is Status.TRIAGE or self.is_running

    @property
    def is_running(self) -> bool:
        """Tell whether people work on it: it is an incident, and not over."""
        return self in {Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING}


class Milestone(StrEnum):
    """A moment between which times are measured (postmortem.py); people know of some better than any machine."""

    IMPACT_STARTED = "impact started"
    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What was last told to everybody: what happens, what it does to others, what is being done."""

    text: str
    by: UserId
    at: datetime
    impact: str = ""
    doing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTaken:
    """Since when somebody looks after what was paged. `name`: in the pager itself, who is called so there.

    `in_pager`: it was said there, not in Slack; without a name it was a machine.
    """

    at: datetime
    in_pager: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The newest proposal to resolve an incident, since when its alerts are over, and what came of it.

    `ended_at` is when somebody kept the incident open (`kept_by`), or when an alert fired again.
    """

    n: int
    at: datetime
    since: datetime
    kept_by: UserId | None = None
    ended_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Tell whether nobody has answered it, and nothing overtaken it."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An incident as it stands: the fold of its timeline (`evolve.py`).

    `events` counts its rows so far, `paged` tells whether the pager was asked to wake somebody, `page_asked_at` when,
    `page_accepted_at` when it accepted, `pager_silent_at` when people were called without it. `page_taken` is who took
    the page up, in Slack or in the pager, whose newest word is of `pager_told_at`. `reminded` counts the decided
    reminders of an update, `reminders_posted` those at their end, in the channel or in vain (`reminder_failed_at`: the
    last), `vacancies…` the same of "nobody is in command". `rule` declared it, when nobody did. `handovers` are all
    that were ever offered, `gone` those holders of roles who are missed, `paused` those who were said to have
    paused notifications, and until when. It is SEV-1 since `grave_since`. `reopened`
    counts how often it was; what is known of a page is of the newest. `running_since`: since it was accepted or
    reopened last, when not from its declaration. `unannounced`: it never left triage. `set_aside`: declined or merged.
    `calls` are all that were ever made, `level` is the last of the escalation path that was woken. `overdue` counts the
    reminders since the update clock last started, `reminding` are those whom the last of them called. `milestones`:
    what people know better than the rest of this. `briefed` saw the channel open, or were told on joining. `left` are
    those who left the channel of a `private` one (privacy.py). Subscribers are told next, or were last, at `told_at`:
    of the row `told_with` and of what followed soon, whose newest is of `told_newest`. It `adopts` a channel that was
    there before; the pager knows it by `pager_name` then. Since it was reopened last: `alert_taken` tells whether an
    alert of it was acknowledged, `unacknowledged_at` when its target passed without that (acknowledging.py).
    Its `service` leads (affected.py); it affects others `also`.
    """

    id: IncidentId
    title: str
    severity: Severity
    status: Status
    declared_by: UserId | None
    rule: str | None = None
    declared_at: datetime
    channel_name: str
    channel: ChannelId | None = None
    service: ServiceName | None = None
    also: tuple[ServiceName, ...] = ()
    roles: Mapping[AnyRole, UserId] = field(default_factory=dict)
    duties: Mapping[AnyRole, Duties] = field(default_factory=dict)
    handovers: tuple[Handover, ...] = ()
    calls: tuple[Call, ...] = ()
    level: int = 0
    gone: tuple[UserId, ...] = ()
    paused: Mapping[UserId, datetime] = field(default_factory=dict)
    briefed: tuple[UserId, ...] = ()
    grave_since: datetime | None = None
    structure_proposed: bool = False
    responders: tuple[UserId, ...] = ()
    alerts: tuple[AlertId, ...] = ()
    groups: tuple[GroupId, ...] = ()
    paged: bool = False
    page_asked_at: datetime | None = None
    page_accepted_at: datetime | None = None
    pager_silent_at: datetime | None = None
    page_taken: PageTaken | None = None
    pager_told_at: datetime | None = None
    last_update: Update | None = None
    told_at: datetime | None = None
    told_with: int | None = None
    told_newest: datetime | None = None
    update_due: datetime | None = None
    snooze: Snooze | None = None
    overdue: int = 0
    reminding: tuple[UserId, ...] = ()
    reminded: int = 0
    reminders_posted: int = 0
    reminder_posted_at: datetime | None = None
    vacancies: int = 0
    vacancies_posted: int = 0
    triage_reminders: int = 0
    reminder_failed_at: datetime | None = None
    acknowledged_at: datetime | None = None
    alert_taken: bool = False
    unacknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None
    last_alert_ended_at: datetime | None = None
    proposal: Proposal | None = None
    archiving: Archiving | None = None
    reopened: int = 0
    running_since: datetime | None = None
    milestones: Mapping[Milestone, datetime] = field(default_factory=dict)
    deploys: tuple[Deploy, ...] = ()
    unannounced: bool = False
    private: bool = False
    adopts: ChannelId | None = None
    pager_name: str = ""
    left: tuple[UserId, ...] = ()
    set_aside: SetAside | None = None
    actions: tuple[ActionItem, ...] = ()
    links: tuple[Link, ...] = ()
    runbooks: tuple[Checklist, ...] = ()
    comms: Comms | None = None
    events: int = 0

    @property
    def label(self) -> str:
        """Return the name that people read: INC-42."""
        return f"INC-{self.id}"

    @property
    def services(self) -> tuple[ServiceName, ...]:
        """Return all services that it affects, the leading one first."""
        return (*((self.service,) if self.service else ()), *self.also)

    @property
    def brought_in(self) -> tuple[UserId, ...]:
        """Return who was brought in, but for who left a private channel: nobody comes back into that on their own."""
        return tuple(user for user in self.responders if user not in self.left)

    @property
    def is_announced(self) -> bool:
        """Tell whether everybody is told of it."""
        return not (self.unannounced or self.private)

    @property
    def ended_at(self) -> datetime | None:
        """Return since when nobody works on it, however it ended."""
        return self.set_aside.at if self.set_aside else self.resolved_at

    @property
    def comms_channel(self) -> ChannelId | None:
        """Return the channel for communications, if there is one."""
        return self.comms.channel if self.comms and not self.comms.over else None

    @property
    def is_overdue(self) -> bool:
        """Tell whether an update is owed that has been reminded of."""
        return self.status.is_running and self.overdue > 0

    @property
    def open_actions(self) -> tuple[ActionItem, ...]:
        """Return what is still to do."""
        return tuple(one for one in self.actions if one.is_open)

    @property
    def is_archived(self) -> bool:
        """Tell whether its channel is archived, so that nothing can be said there."""
        return self.archiving is not None and self.archiving.end is ArchivingEnd.ARCHIVED

    @property
    def page_missing_since(self) -> datetime | None:
        """Return since when somebody is to be woken, and the pager has not taken that up; None when all is well."""
        return self.page_asked_at if self.page_accepted_at is None and self.status.is_open else None

    @property
    def page_is_out(self) -> bool:
        """Tell whether somebody is being called, and nobody has taken that up yet."""
        return self.paged and self.page_taken is None and self.status.is_open

    @property
    def pages_since(self) -> datetime | None:
        """Return since when it is under way and somebody is paged for it; None when it is not, or nobody is."""
        asked_at = self.page_asked_at if self.status.is_running else None
        return max(self.running_since or self.declared_at, asked_at) if asked_at else None

    @property
    def is_acknowledged(self) -> bool:
        """Tell whether somebody commands it, or took up its page, a call or an alert since it was reopened last."""
        taken = any(one.taken_at for one in self.calls if one.reopened == self.reopened)
        return taken or self.alert_taken or self.commander is not None or self.page_taken is not None

    def offered(self, role: AnyRole) -> Handover | None:
        """Return the handover of a role that waits for an answer, if one does."""
        return next((one for one in self.handovers if one.role == role and one.stands), None)

    def held_by(self, user: UserId) -> Iterator[AnyRole]:
        """Return the roles that somebody holds, those that everybody has first."""
        yield from (role for role in Role if self.roles.get(role) == user)
        yield from (role for role, holder in self.roles.items() if not isinstance(role, Role) and holder == user)

    @property
    def commander(self) -> UserId | None:
        """Return who is in command, if anybody is."""
        return self.roles.get(Role.COMMANDER)

    @property
    def update_owner(self) -> UserId | None:
        """Return who owes the updates: who tells everybody else, else who is in command, else `caller`."""
        return self.roles.get(Role.COMMUNICATIONS) or self.commander or self.caller

    @property
    def caller(self) -> UserId | None:
        """Return whom to turn to while nobody is in command: who declared it, else the first who was called in."""
        return self.declared_by or next(iter(self.responders), None)
