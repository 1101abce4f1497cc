"""Calling people into an incident (calling.py): who is called, what happens then, and the work around it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import IncidentId, UserId


class CalleeKind(StrEnum):
    """What can be called: a person, whoever is on call for a service, the members of a user group."""

    PERSON = "person"
    SERVICE = "service"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """Who is called. `name` is a person's or a group's id in Slack, or a service's name; `label`: what people read."""

    kind: CalleeKind
    name: str
    label: str = ""

    @property
    def key(self) -> str:
        """Return the name under which its own pager is configured."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: number `n` of the incident. `by_pager`: their phone rings; `told` get a direct message beside it.

    `reopened` is how often the incident had been reopened then. `taken_at` is since when somebody looks after it in the
    pager, whose newest word is of `told_at`; `taken_by` their name there, if it was a person.
    """

    n: int
    callee: Callee
    by_pager: bool
    told: tuple[UserId, ...] = ()
    why: str = ""
    at: datetime | None = None
    accepted_at: datetime | None = None
    reopened: int = 0
    taken_at: datetime | None = None
    taken_by: str = ""
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleCalled(Happening):
    """Somebody, or Muster itself, called others in; with a `level`: the next of the severity's escalation path."""

    kind: Literal["people_called"] = "people_called"
    calls: tuple[Call, ...]
    why: str
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAccepted(Happening):
    """The pager accepted call `n`."""

    kind: Literal["call_accepted"] = "call_accepted"
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleInvited(Happening):
    """Somebody asked others into the channel, without waking them."""

    kind: Literal["people_invited"] = "people_invited"
    users: tuple[UserId, ...] = ()
    groups: tuple[Callee, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCallee:
    """Ask the pager for call `n`, or tell it that the incident is over; a lane for each call."""

    kind: Literal["pager.call"] = "pager.call"
    incident: IncidentId
    n: int
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCalled:
    """Tell somebody in a direct message that they are called, by whom (nobody: by Muster itself) and why."""

    kind: Literal["slack.called"] = "slack.called"
    incident: IncidentId
    n: int
    user: UserId
    by: UserId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteGroup:
    """Bring the members of a user group into the channel."""

    kind: Literal["slack.invite_group"] = "slack.invite_group"
    incident: IncidentId
    group: str
