"""What the turns of its course make of an incident: the part of evolve.py for course_events.py."""

from typing import Final, assert_never

from bot.domain.copying import replace
from bot.domain.course_events import (
    CourseEvent,
    IncidentAbsorbed,
    IncidentAccepted,
    IncidentClosed,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
)
from bot.domain.events import IncidentResolved
from bot.domain.model import Incident, Milestone, Severity, Status
from bot.domain.set_aside import SetAside

_OF_THE_END: Final = frozenset({Milestone.MITIGATED, Milestone.RESOLVED})


def turned(incident: Incident, event: CourseEvent | IncidentResolved) -> Incident:
    """Return the incident after an event."""
    match event:
        case IncidentResolved(resolution=resolution, at=at):
            return replace(incident, status=Status.RESOLVED, resolution=resolution, resolved_at=at, update_due=None)
        case IncidentReopened():
            return _reopened(incident, event)
        case IncidentClosed():
            return replace(incident, status=Status.CLOSED)
        case IncidentAccepted():
            return _accepted(incident, event)
        case IncidentDeclined(at=at, by=by, reason=reason):
            return replace(incident, status=Status.DECLINED, set_aside=SetAside(at=at, by=by, reason=reason))
        case IncidentMerged():
            return _merged(incident, event)
        case IncidentAbsorbed(called=called):
            return replace(incident, responders=tuple(dict.fromkeys((*incident.responders, *called))))
        case _:
            assert_never(event)


def _merged(incident: Incident, event: IncidentMerged) -> Incident:
    """Return it without its alerts: those are the other's."""
    there = SetAside(at=event.at, by=event.by, reason=f"INC-{event.into} {event.title}", into=event.into)
    return replace(incident, status=Status.MERGED, set_aside=there, update_due=None, alerts=(), groups=())


def _accepted(incident: Incident, event: IncidentAccepted) -> Incident:
    asked_at = incident.page_asked_at or (event.at if event.paged else None)
    return replace(
        _running(incident, event),
        responders=tuple(dict.fromkeys((*incident.responders, *event.called))),
        paged=incident.paged or event.paged,
        page_asked_at=asked_at,
    )


def _reopened(incident: Incident, event: IncidentReopened) -> Incident:
    """Return it under way again: what ended it is taken back, and so is what is known of its last page."""
    return replace(
        _running(incident, event),
        reopened=event.n,
        resolved_at=None,
        resolution=None,
        mitigated_at=None,
        milestones={one: at for one, at in incident.milestones.items() if one not in _OF_THE_END},
        set_aside=None,
        paged=event.paged,
        page_asked_at=event.at if event.paged else None,
        page_accepted_at=None,
        pager_silent_at=None,
        page_taken=None,
        pager_told_at=None,
        level=0,
    )


def _running(incident: Incident, event: IncidentAccepted | IncidentReopened) -> Incident:
    return replace(
        incident,
        status=Status.INVESTIGATING,
        running_since=event.at,
        update_due=event.at + event.update_every,
        snooze=None,
        overdue=0,
        reminding=(),
        grave_since=event.at if incident.severity is Severity.SEV1 else None,
        unannounced=False,
    )
