"""How an incident turns back, or is put away: the part of events.py that its whole course needs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import AlertId, ChannelId, IncidentId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReopened(Happening):
    """It was not over: somebody says so, or (nobody) an `alert` of it fired again; `reason` is what they say of it.

    `n` counts how often. The update clock starts anew, and whoever is `paged` is called anew. When its channel is
    `archived` it gets another. `subscribers` are told of it, here and below, as of an update.
    """

    kind: Literal["incident_reopened"] = "incident_reopened"
    n: int
    reason: str
    alert: AlertId | None = None
    paged: bool = False
    update_every: timedelta
    archived: ChannelId | None = None
    told_at: datetime | None = None
    told_with: int | None = None
    subscribers: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClosed(Happening):
    """Nothing is left to do about what was resolved."""

    kind: Literal["incident_closed"] = "incident_closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAccepted(Happening):
    """What was in triage is an incident: somebody says so, or (nobody) a `rule`; `called` are invited now."""

    kind: Literal["incident_accepted"] = "incident_accepted"
    called: tuple[UserId, ...] = ()
    paged: bool = False
    update_every: timedelta
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeclined(Happening):
    """What was in triage is no incident, and this is why."""

    kind: Literal["incident_declined"] = "incident_declined"
    reason: str
    told_at: datetime | None = None
    told_with: int | None = None
    subscribers: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentMerged(Happening):
    """It is the same as another incident, in whose `channel` it goes on: that one has its alerts from now on."""

    kind: Literal["incident_merged"] = "incident_merged"
    into: IncidentId
    title: str
    channel: ChannelId | None = None
    told_at: datetime | None = None
    told_with: int | None = None
    subscribers: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAbsorbed(Happening):
    """Another incident was merged into this one; `called` are its people, who are invited now."""

    kind: Literal["incident_absorbed"] = "incident_absorbed"
    incident: IncidentId
    title: str
    called: tuple[UserId, ...] = ()


CourseEvent = (
    IncidentReopened | IncidentClosed | IncidentAccepted | IncidentDeclined | IncidentMerged | IncidentAbsorbed
)
