"""The nouns.

Incidents, alerts, people, and the states that they can be in. Plain frozen values; nothing here decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NewType

from pydantic import Field

from bot.domain.calls import Call
from bot.domain.ids import AlertId, ChannelId, GroupId, IncidentId, ServiceName, UserId
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


class Role(StrEnum):
    """The roles of the Incident Command System (https://training.fema.gov/is/courseoverview.aspx?code=IS-100.c)."""

    COMMANDER = "ic"
    OPERATIONS = "ops"
    COMMUNICATIONS = "comms"
    PLANNING = "planning"
    SCRIBE = "scribe"

    @property
    def label(self) -> str:
        """Return the name that people read."""
        return ROLE_LABELS[self]


ROLE_LABELS: Mapping[Role, str] = {
    Role.COMMANDER: "Incident Commander",
    Role.OPERATIONS: "Operations Lead",
    Role.COMMUNICATIONS: "Communications Lead",
    Role.PLANNING: "Planning Lead",
    Role.SCRIBE: "Scribe",
}

# A role that this organisation has beside those, by the name that people read.
CustomRole = NewType("CustomRole", str)
# Read back from text a built-in role is one: pydantic would take its name for one of ours.
AnyRole = Annotated[Role | CustomRole, Field(union_mode="left_to_right")]


def label_of(role: AnyRole) -> str:
    """Return the name of a role that people read."""
    return role.label if isinstance(role, Role) else role


class HandoverEnd(StrEnum):
    """What became of a handover; `OVERTAKEN`: somebody else took the role, or it was offered to another."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A role that `by` offered to somebody; `holder` has it until it is accepted. `n` counts those of the incident.

    `unanswered`: the channel was told that no answer came.
    """

    n: int
    role: AnyRole
    to: UserId
    by: UserId
    holder: UserId
    at: datetime
    unanswered: bool = False
    end: HandoverEnd | None = None
    ended_by: UserId | None = None
    ended_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Tell whether it still waits for an answer."""
        return self.end is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """The checklist of a role's holder: which of it are `done`. `seq` is where the role was given to them."""

    seq: int
    done: tuple[int, ...] = ()


class Milestone(StrEnum):
    """A moment between which times are measured (postmortem.py); people know of some better than any machine."""

    IMPACT_STARTED = "impact started"
    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What was last told to everybody."""

    text: str
    by: UserId
    at: datetime


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
    that were ever offered, `gone` those holders of roles who are missed. It is SEV-1 since `grave_since`. `reopened`
    counts how often it was; what is known of a page is of the newest. `running_since`: since it was accepted or
    reopened last, when not from its declaration. `unannounced`: it never left triage. `set_aside`: declined or merged.
    `calls` are all that were ever made, `level` is the last of the escalation path that was woken. `overdue` counts the
    reminders since the update clock last started, `reminding` are those whom the last of them called. `milestones`:
    what people know better than the rest of this. `briefed` saw the channel open, or were told on joining.
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
    roles: Mapping[AnyRole, UserId] = field(default_factory=dict)
    duties: Mapping[AnyRole, Duties] = field(default_factory=dict)
    handovers: tuple[Handover, ...] = ()
    calls: tuple[Call, ...] = ()
    level: int = 0
    gone: tuple[UserId, ...] = ()
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
    update_due: datetime | None = None
    snooze: Snooze | None = None
    overdue: int = 0
    reminding: tuple[UserId, ...] = ()
    reminded: int = 0
    reminders_posted: int = 0
    reminder_posted_at: datetime | None = None
    vacancies: int = 0
    vacancies_posted: int = 0
    reminder_failed_at: datetime | None = None
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None
    last_alert_ended_at: datetime | None = None
    proposal: Proposal | None = None
    reopened: int = 0
    running_since: datetime | None = None
    milestones: Mapping[Milestone, datetime] = field(default_factory=dict)
    unannounced: bool = False
    set_aside: SetAside | None = None
    events: int = 0

    @property
    def label(self) -> str:
        """Return the name that people read: INC-42."""
        return f"INC-{self.id}"

    @property
    def ended_at(self) -> datetime | None:
        """Return since when nobody works on it, however it ended."""
        return self.set_aside.at if self.set_aside else self.resolved_at

    @property
    def page_missing_since(self) -> datetime | None:
        """Return since when somebody is to be woken, and the pager has not taken that up; None when all is well."""
        return self.page_asked_at if self.page_accepted_at is None and self.status.is_open else None

    @property
    def page_is_out(self) -> bool:
        """Tell whether somebody is being called, and nobody has taken that up yet."""
        return self.paged and self.page_taken is None and self.status.is_open

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
