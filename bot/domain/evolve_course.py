"""What the turns of its course make of an incident: the part of evolve.py for course_events.py and archives.py."""

from datetime import datetime
from typing import Final, assert_never

from bot.domain.archives import ArchiveWarned, Archiving, ArchivingEnd, ArchivingEnded, ArchivingEvent, ChannelReplaced
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
from bot.domain.ids import UserId
from bot.domain.model import Incident, Milestone, Severity, Status
from bot.domain.roles_model import HandoverEnd
from bot.domain.set_aside import SetAside

_OF_THE_END: Final = frozenset({Milestone.MITIGATED, Milestone.RESOLVED})


def turned(incident: Incident, event: CourseEvent | IncidentResolved | ArchivingEvent) -> Incident:
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
        case ArchiveWarned(n=n, at=at, since=since, notice=notice):
            refused = incident.archiving is not None and incident.archiving.refused
            return replace(incident, archiving=Archiving(n=n, at=at, since=since, notice=notice, refused=refused))
        case ArchivingEnded():
            return replace(incident, archiving=_ended(incident.archiving, event) if incident.archiving else None)
        case ChannelReplaced():
            return _elsewhere(incident, incident.archiving.ended_by if incident.archiving else None)
        case _:
            assert_never(event)


def _ended(archiving: Archiving, event: ArchivingEnded) -> Archiving:
    refused = archiving.refused or event.end is ArchivingEnd.REFUSED
    return replace(archiving, end=event.end, ended_at=event.at, refused=refused)


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
    """Return it under way again: what ended it is taken back, and so is what is known of its last page.

    A handover that nobody answered before the end is over with it: who was asked was told that no answer is needed.
    """
    handovers = tuple(
        replace(one, end=HandoverEnd.OVER, ended_at=event.at) if one.stands else one for one in incident.handovers
    )
    warned = incident.archiving
    archiving = replace(warned, end=ArchivingEnd.REOPENED, ended_by=event.by) if warned else None
    there = replace(incident, archiving=archiving, reopened=event.n)
    return replace(
        _running(_elsewhere(there, event.by) if event.archived else there, event),
        handovers=handovers,
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
        alert_taken=False,
        unacknowledged_at=None,
        pager_told_at=None,
        level=0,
    )


def _elsewhere(incident: Incident, by: UserId | None) -> Incident:
    """Return it without the channel that is archived, for another.

    Who reopens it, and who holds a role, come into that though they had left the old one: somebody has to be in it.
    """
    back = (*([by] if by else []), *incident.roles.values())
    return replace(
        incident,
        responders=tuple(dict.fromkeys((*incident.responders, *back))),
        left=tuple(user for user in incident.left if user not in back),
        channel=None,
        channel_name=_next_name(incident),
    )


def _next_name(incident: Incident) -> str:
    """Return a name for a channel beside the one that is archived: Slack takes 80 characters, and a number behind."""
    return f"{incident.channel_name[:70]}-r{incident.reopened}"


def rewound(incident: Incident, due: datetime) -> Incident:
    """Return an incident with its update clock started anew."""
    return replace(incident, update_due=due, snooze=None, overdue=0, reminding=())


def _running(incident: Incident, event: IncidentAccepted | IncidentReopened) -> Incident:
    return replace(
        rewound(incident, event.at + event.update_every),
        status=Status.INVESTIGATING,
        running_since=event.at,
        grave_since=event.at if incident.severity is Severity.SEV1 else None,
        unannounced=False,
    )
