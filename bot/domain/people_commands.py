"""What is asked about the people of an incident: the part of commands.py that people.py answers."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.calls import Callee
from bot.domain.ids import IncidentId, UserId
from bot.domain.noticed import Gone
from bot.domain.roles_model import AnyRole


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHandover:
    """Who was asked to take a role over accepts, or declines."""

    incident: IncidentId
    n: int
    accepts: bool
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawHandover:
    """Take an offered role back."""

    incident: IncidentId
    n: int
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverOverdue:
    """Who was asked to take a role over has had their time (the result of `AwaitHandover`)."""

    incident: IncidentId
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TickDuties:
    """The holder of a role says which of its duties are done: all that are ticked now.

    `seq` is where the role was given to them: an old checklist changes nothing.
    """

    incident: IncidentId
    role: AnyRole
    seq: int
    done: tuple[int, ...]
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeGone:
    """Somebody has left an incident's channel, or their account was deactivated."""

    incident: IncidentId
    user: UserId
    how: Gone


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeReturn:
    """Somebody came into an incident's channel."""

    incident: IncidentId
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePause:
    """Slack told when somebody's notifications are paused: from when until when, now or next; in the past: never."""

    incident: IncidentId
    user: UserId
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureDue:
    """An incident may have been grave for so long that it needs a structure (the result of `AwaitStructure`)."""

    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementDue:
    """The target in which an incident is to be acknowledged may have passed (the result of `AwaitAcknowledgement`)."""

    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPeople:
    """Wake people, or whoever is on call for a service."""

    incident: IncidentId
    callees: tuple[Callee, ...]
    why: str
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Wake the next level of the severity's escalation path."""

    incident: IncidentId
    why: str
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Ask people and user groups into the channel, without waking them."""

    incident: IncidentId
    users: tuple[UserId, ...]
    groups: tuple[Callee, ...]
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCall:
    """The pager accepted a call (the result of `PageCallee`)."""

    incident: IncidentId
    n: int


PeopleCommand = (
    AnswerHandover
    | WithdrawHandover
    | HandoverOverdue
    | TickDuties
    | NoticeGone
    | NoticeReturn
    | NoticePause
    | StructureDue
    | AcknowledgementDue
    | CallPeople
    | Escalate
    | Invite
    | ConfirmCall
)
