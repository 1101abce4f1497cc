"""What a timeline amounts to when an incident is over: who, when, how long, what was said. People add the meaning.

Definitions for one incident (the M of MTTD, MTTA, MTTR is the mean over many). The unknown is None, never zero.

- started: the earliest start that a source gives for an attached alert; an incident without alerts has no known start.
- detected: when Muster first heard of it, by an attached alert or by the declaration, whichever came first.
- acknowledged: the first acknowledgement of an attached alert or of the page, or the first commander.
- mitigated: the move to Monitoring that was not taken back. Resolved: the end that was declared.
- each of them is what people say, where they have said it (`/incident at 14:05 impact started`).
- time to detect: started to detected; to acknowledge: detected to acknowledged; to mitigate and to resolve: from
  started, or from detected where the start is not known (`from_start` says which).

Sources: https://www.atlassian.com/incident-management/kpis/common-metrics (detect, acknowledge, resolve) and
https://dora.dev/guides/dora-metrics/ (recovery counts from the failure, not from its report).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.action_items import ActionItem, ActionState
from bot.domain.alert_events import AlertAttached
from bot.domain.alerts_model import Alert
from bot.domain.copying import replace
from bot.domain.entries import Entry, entries_of
from bot.domain.events import (
    DeliveryFailed,
    Event,
    IncidentResolved,
    RoleAssigned,
    SeverityChanged,
    TimelineRow,
    UpdateOverdue,
    UpdateSent,
)
from bot.domain.ids import IncidentId, ServiceName, SourceName, UserId
from bot.domain.links import Link
from bot.domain.model import Incident, Milestone, Severity
from bot.domain.page_events import PagerAnswered
from bot.domain.policy import Policy
from bot.domain.roles_model import AnyRole, Role
from bot.domain.undone import ChangeUndone


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Who held a role, from when to when (None: still)."""

    role: AnyRole
    user: UserId
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """An alert that belongs to the incident. What the timeline alone cannot tell is None."""

    title: str
    started_at: datetime
    first_seen_at: datetime | None
    ended_at: datetime | None
    source: SourceName | None
    source_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How long each stage took; see the module for what is measured."""

    to_detect: timedelta | None
    to_acknowledge: timedelta | None
    to_mitigate: timedelta | None
    to_resolve: timedelta | None
    from_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """The moments between which is measured."""

    started: datetime | None
    detected: datetime
    declared: datetime
    acknowledged: datetime | None
    mitigated: datetime | None
    resolved: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmortem:
    """The facts of a draft. `severity` is the last one, `severity_meaning` what it means here."""

    incident: IncidentId
    title: str
    declared_by: UserId | None
    rule: str | None
    severity: Severity
    severity_meaning: str
    severity_changes: tuple[SeverityChanged, ...]
    services: tuple[ServiceName, ...]
    moments: Moments
    measures: Measures
    duration: timedelta | None
    holdings: tuple[Holding, ...]
    people: tuple[UserId, ...]
    signals: tuple[Signal, ...]
    timeline: tuple[Entry, ...]
    updates: int
    overdue: int
    paged: bool
    failures: tuple[DeliveryFailed, ...]
    resolution: str | None
    resolved_by: UserId | None
    actions: tuple[ActionItem, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def label(self) -> str:
        """Return the name that people read: INC-42."""
        return f"INC-{self.incident}"

    @property
    def commanders(self) -> tuple[UserId, ...]:
        """Return who was in command, in order, once each."""
        return tuple(dict.fromkeys(one.user for one in self.holdings if one.role is Role.COMMANDER))


def compile_postmortem(
    incident: Incident, rows: Sequence[TimelineRow], alerts: Sequence[Alert], policy: Policy
) -> Postmortem:
    """Compile the facts of an incident, over or not, from its whole timeline and its alerts."""
    events = [row.event for row in rows]
    undone = {event.of for event in events if isinstance(event, ChangeUndone)}
    signals = _signals(events, alerts)
    moments = _moments(incident, signals)
    ends = [event for event in events if isinstance(event, IncidentResolved)]
    began = moments.started or moments.declared
    return Postmortem(
        incident=incident.id,
        title=incident.title,
        declared_by=incident.declared_by,
        rule=incident.rule,
        severity=incident.severity,
        severity_meaning=policy.severities[incident.severity].meaning,
        severity_changes=tuple(
            row.event for row in rows if isinstance(row.event, SeverityChanged) and row.seq not in undone
        ),
        services=_services(incident, alerts),
        moments=moments,
        measures=_measures(moments),
        duration=_between(began, moments.resolved),
        holdings=_holdings(events, incident.resolved_at),
        people=_people(incident, events),
        signals=signals,
        timeline=entries_of(rows),
        updates=sum(isinstance(event, UpdateSent) for event in events),
        overdue=sum(isinstance(event, UpdateOverdue) for event in events),
        paged=any(isinstance(event, PagerAnswered) and event.action == "trigger" for event in events),
        failures=tuple(event for event in events if isinstance(event, DeliveryFailed)),
        resolution=incident.resolution,
        resolved_by=ends[-1].by if ends else None,
        links=incident.links,
        actions=tuple(one for one in incident.actions if one.state is not ActionState.DROPPED),
    )


def _signals(events: Iterable[Event], alerts: Sequence[Alert]) -> tuple[Signal, ...]:
    known = {alert.id: alert for alert in alerts}
    attached = {event.alert: event for event in events if isinstance(event, AlertAttached)}
    found = (_signal(event, known.get(alert)) for alert, event in attached.items())
    return tuple(sorted(found, key=lambda signal: signal.started_at))


def _signal(event: AlertAttached, alert: Alert | None) -> Signal:
    return Signal(
        title=event.title,
        started_at=event.starts_at,
        first_seen_at=alert.first_seen_at if alert else None,
        ended_at=alert.ended_at if alert else None,
        source=alert.report.source if alert else None,
        source_url=event.source_url,
    )


def _moments(incident: Incident, signals: Sequence[Signal]) -> Moments:
    seen = [signal.first_seen_at for signal in signals if signal.first_seen_at]
    said = incident.milestones  # what people know better goes before what Muster saw
    detected = said.get(Milestone.DETECTED) or min([incident.declared_at, *seen])
    started = min((signal.started_at for signal in signals), default=None)
    # A start after the detection is not the start: the alert came later than the people.
    known_start = started if started and started <= detected else None
    return Moments(
        started=said.get(Milestone.IMPACT_STARTED, known_start),
        detected=detected,
        declared=incident.declared_at,
        acknowledged=said.get(Milestone.ACKNOWLEDGED, incident.acknowledged_at),
        mitigated=said.get(Milestone.MITIGATED, incident.mitigated_at),
        resolved=said.get(Milestone.RESOLVED, incident.resolved_at),
    )


def _measures(moments: Moments) -> Measures:
    began = moments.started or moments.detected
    return Measures(
        to_detect=_between(moments.started, moments.detected),
        to_acknowledge=_between(moments.detected, moments.acknowledged),
        to_mitigate=_between(began, moments.mitigated),
        to_resolve=_between(began, moments.resolved),
        from_start=moments.started is not None,
    )


def _between(begin: datetime | None, end: datetime | None) -> timedelta | None:
    return end - begin if begin and end and end >= begin else None


def _services(incident: Incident, alerts: Sequence[Alert]) -> tuple[ServiceName, ...]:
    named = [*incident.services, *(alert.service for alert in alerts)]
    return tuple(dict.fromkeys(service for service in named if service))


def _holdings(events: Iterable[Event], end: datetime | None) -> tuple[Holding, ...]:
    found: list[Holding] = []
    current: dict[AnyRole, Holding] = {}
    for event in events:
        if isinstance(event, ChangeUndone) and event.role:
            found.append(replace(current.pop(event.role), until=event.at))
            if event.user:
                current[event.role] = Holding(role=event.role, user=event.user, since=event.at, until=end)
        if isinstance(event, RoleAssigned):
            if held := current.get(event.role):
                found.append(replace(held, until=event.at))
            current[event.role] = Holding(role=event.role, user=event.user, since=event.at, until=end)
    order: list[AnyRole] = [*Role, *(role for role in current if not isinstance(role, Role))]
    return tuple(sorted([*found, *current.values()], key=lambda one: (order.index(one.role), one.since)))


def _people(incident: Incident, events: Iterable[Event]) -> tuple[UserId, ...]:
    acted = [event.by for event in events if event.by]
    return tuple(dict.fromkeys([*incident.responders, *incident.roles.values(), *acted]))
