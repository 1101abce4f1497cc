"""What people ask about a group of alerts: the part of commands.py that groups need."""

from dataclasses import dataclass

from bot.domain.groups_model import Verdict
from bot.domain.model import AlertId, GroupId, UserId


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
class JudgeAlert:
    """Somebody says whether it was worth it to be told of a group of alerts; the last word counts."""

    alert: AlertId | GroupId
    verdict: Verdict
    by: UserId
