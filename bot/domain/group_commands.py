"""What is asked about a group of alerts, by people or by time: the part of commands.py that groups need."""

from dataclasses import dataclass

from bot.domain.groups_model import Verdict
from bot.domain.ids import AlertId, GroupId, IncidentId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinIncident:
    """Somebody wants to be in the channel of the incident that a group of alerts belongs to."""

    alert: AlertId | GroupId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignAlert:
    """Give a group of alerts to somebody to look after."""

    alert: AlertId | GroupId
    user: UserId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomateGroup:
    """The moment has come at which a rule could hold in a group; whether one does is decided now."""

    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachAlerts:
    """A group's incident was opened again: what the group got while that was over is to belong to it."""

    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCopies:
    """Something changed that a group's message tells, and the group itself was not looked at."""

    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeResolve:
    """The alerts of an incident may be over for long enough to propose its end."""

    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepOpen:
    """Somebody does not want to resolve an incident though all its alerts are over."""

    incident: IncidentId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeAlert:
    """Somebody says whether it was worth it to be told of a group of alerts; the last word counts."""

    alert: AlertId | GroupId
    verdict: Verdict
    by: UserId
