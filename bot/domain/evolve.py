"""What an event makes of an incident.

The incident is nothing but the fold of its timeline: a checker replays it and compares.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded, AlertFlapping
from bot.domain.archives import ArchivingEvent
from bot.domain.comms import CommsEvent
from bot.domain.copying import replace
from bot.domain.course_events import CourseEvent
from bot.domain.deploys import DeployNoticed
from bot.domain.events import (
    ChannelOpened,
    CommandVacant,
    DeliveryFailed,
    Event,
    IncidentDeclared,
    IncidentResolved,
    ReminderPosted,
    RoleAssigned,
    SeverityChanged,
    StatusChanged,
    Told,
    UpdateOverdue,
    UpdateSent,
)
from bot.domain.evolve_comms import told_apart
from bot.domain.evolve_course import rewound, turned
from bot.domain.evolve_people import after_giving, call_told, people
from bot.domain.evolve_tasks import tasks
from bot.domain.keeping_events import KeepingEvent
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.model import Incident, PageTaken, Proposal, Severity, Status, Update
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.page_events import PagerAnswered, PagerSilent, PagerTold
from bot.domain.people_events import PeopleEvent
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.roles_model import Duties, Role
from bot.domain.snoozing import Snooze, UpdateSnoozed
from bot.domain.task_events import TaskEvent
from bot.domain.unacknowledged import AcknowledgementMissed
from bot.domain.work import Reminder


def evolve(incident: Incident | None, event: Event) -> Incident:
    """Return the incident after an event; the first event of all is its declaration."""
    if isinstance(event, IncidentDeclared):
        return _declared(event)
    if incident is None:
        message = f"A timeline begins with its declaration, not with {event.kind}."
        raise ValueError(message)
    changed = replace(_changed(incident, event), events=incident.events + 1)
    return _told(changed, event) if isinstance(event, Told) else changed


def fold(events: Iterable[Event]) -> Incident | None:
    """Return what a whole timeline amounts to."""
    incident: Incident | None = None
    for event in events:
        incident = evolve(incident, event)
    return incident


def _declared(event: IncidentDeclared) -> Incident:
    return Incident(
        id=event.incident,
        title=event.title,
        severity=event.severity,
        status=Status.TRIAGE if event.triage else Status.INVESTIGATING,
        declared_by=event.by,
        rule=event.rule,
        declared_at=event.at,
        channel_name=event.channel_name,
        service=event.service,
        also=event.also,
        responders=event.responders,
        paged=event.paged,
        page_asked_at=event.at if event.paged else None,
        update_due=None if event.triage else event.at + event.update_every,
        grave_since=event.at if event.severity is Severity.SEV1 and not event.triage else None,
        unannounced=event.triage,
        private=event.private,
        adopts=event.adopts,
        pager_name=event.channel_name if event.adopts else "",
        events=1,
    )


def _changed(incident: Incident, event: Event) -> Incident:  # noqa: C901, PLR0911, PLR0912 - one line or two a kind of event
    if isinstance(event, PeopleEvent):
        return people(incident, event)
    if isinstance(event, TaskEvent):
        return tasks(incident, event)
    if isinstance(event, CourseEvent | IncidentResolved | ArchivingEvent):
        return turned(incident, event)
    if isinstance(event, CommsEvent) or (isinstance(event, DeliveryFailed) and event.what == "slack.open_comms"):
        return told_apart(incident, event)
    if isinstance(event, DeployNoticed):
        return replace(incident, deploys=(*incident.deploys, event.deploy))
    if isinstance(event, KeepingEvent | MessagePosted | MessageEdited | MessageDeleted | NoteTaken):
        return incident
    match event:
        case (
            AlertAttached() | AlertAcknowledged() | AlertEnded() | AlertFlapping() | ResolveProposed() | ProposalEnded()
        ):
            return _alerted(incident, event)
        case ChannelOpened(channel=channel, name=name, members=members):
            there = tuple(dict.fromkeys((*incident.responders, *members)))
            return replace(incident, channel=channel, channel_name=name, briefed=there)
        case RoleAssigned():
            return _role_given(incident, event)
        case StatusChanged(status=status, at=at):
            mitigated = (incident.mitigated_at or at) if status is Status.MONITORING else None
            return replace(incident, status=status, mitigated_at=mitigated)
        case SeverityChanged():
            return _regraded(incident, event)
        case UpdateSent():
            return _updated(incident, event)
        case UpdateOverdue():
            return _overdue(incident, event)
        case UpdateSnoozed():
            return replace(rewound(incident, event.until), snooze=Snooze(reason=event.reason, by=event.by))
        case CommandVacant(n=n):
            return replace(incident, vacancies=n)
        case ReminderPosted() | DeliveryFailed(what="slack.remind"):
            return _reminded(incident, event)
        case PagerAnswered(action="trigger", at=at, reopened=times) if times == incident.reopened:
            return replace(incident, page_accepted_at=at)
        case PagerSilent() | AcknowledgementMissed() | PagerTold():
            return _paged(incident, event)
        case MilestoneSet(milestone=milestone, happened_at=at):
            return replace(incident, milestones={**incident.milestones, milestone: at})
        case PagerAnswered() | DeliveryFailed() | IncidentDeclared():
            return incident
        case _:
            assert_never(event)


def _updated(incident: Incident, event: UpdateSent) -> Incident:
    by, last = event.by, incident.last_update
    update = Update(text=event.text, by=by, at=event.at, impact=event.impact, doing=event.doing) if by else last
    return replace(rewound(incident, event.at + event.update_every), last_update=update)


def _told(incident: Incident, event: Told) -> Incident:
    """Return it with what is known of the newest telling; of one from before they were counted only its moment is."""
    if event.told_at is None:
        return incident
    newest = event.at if event.told_with else None
    return replace(incident, told_at=event.told_at, told_with=event.told_with, told_newest=newest)


def _reminded(incident: Incident, event: ReminderPosted | DeliveryFailed) -> Incident:
    """Count a reminder that came to its end: the channel saw it, or it cannot be told there now."""
    failed_at = event.at if isinstance(event, DeliveryFailed) else None
    if event.about == Reminder.UPDATE:
        posted = max(incident.reminders_posted, event.n)
        return replace(incident, reminders_posted=posted, reminder_posted_at=event.at, reminder_failed_at=failed_at)
    if event.about == Reminder.TRIAGE:
        posted = max(incident.triage_reminders, event.n)
        return replace(incident, triage_reminders=posted, reminder_failed_at=failed_at)
    return replace(incident, vacancies_posted=max(incident.vacancies_posted, event.n), reminder_failed_at=failed_at)


def _overdue(incident: Incident, event: UpdateOverdue) -> Incident:
    known = tuple(dict.fromkeys((*incident.responders, *event.called)))
    counted = replace(incident, reminded=event.n, overdue=incident.overdue + 1)
    return replace(counted, reminding=event.called, responders=known)


def _regraded(incident: Incident, event: SeverityChanged) -> Incident:
    asked_at = incident.page_asked_at or (event.at if event.paged else None)
    runs = incident.status.is_running  # in triage no clock runs
    grave = event.at if event.severity is Severity.SEV1 and runs else None
    regraded = rewound(incident, event.at + event.update_every) if runs else incident
    changed = replace(regraded, severity=event.severity, grave_since=grave)
    return replace(changed, paged=incident.paged or event.paged, page_asked_at=asked_at)


def _alerted(
    incident: Incident,
    event: AlertAttached | AlertAcknowledged | AlertEnded | AlertFlapping | ResolveProposed | ProposalEnded,
) -> Incident:
    match event:
        case AlertAttached(alert=alert, group=group):
            groups = dict.fromkeys((*incident.groups, *filter(None, [group])))
            return replace(incident, alerts=(*incident.alerts, alert), groups=tuple(groups))
        case AlertAcknowledged(at=at, takes_page=takes):
            taken = PageTaken(at=at) if takes else incident.page_taken
            first = _earlier(incident.acknowledged_at, at)
            return replace(incident, acknowledged_at=first, page_taken=taken, alert_taken=True)
        case AlertEnded(at=at):
            return replace(incident, last_alert_ended_at=at)
        case AlertFlapping():
            return incident
        case ResolveProposed(n=n, at=at, since=since):
            return replace(incident, proposal=Proposal(n=n, at=at, since=since))
        case ProposalEnded(at=at, by=by):
            ended = replace(incident.proposal, kept_by=by, ended_at=at) if incident.proposal else None
            return replace(incident, proposal=ended)
        case _:
            assert_never(event)


def _role_given(incident: Incident, event: RoleAssigned) -> Incident:
    known = event.user in incident.responders
    given = replace(
        incident,
        roles={**incident.roles, event.role: event.user},
        duties={**incident.duties, event.role: Duties(seq=incident.events + 1)},
        handovers=after_giving(incident, event),
        gone=tuple(user for user in incident.gone if user != event.user),
        responders=incident.responders if known else (*incident.responders, event.user),
        page_taken=PageTaken(at=event.at) if event.takes_page else incident.page_taken,
    )
    if event.role is Role.COMMANDER:
        return replace(given, acknowledged_at=_earlier(given.acknowledged_at, event.at))
    return given


def _paged(incident: Incident, event: PagerSilent | AcknowledgementMissed | PagerTold) -> Incident:
    match event:
        case PagerSilent(at=at):
            return replace(incident, pager_silent_at=at)
        case AcknowledgementMissed(at=at):
            return replace(incident, unacknowledged_at=at)
        case PagerTold():
            return _pager_told(incident, event)
        case _:
            assert_never(event)


def _pager_told(incident: Incident, event: PagerTold) -> Incident:
    """Return it after a word of the pager's: it has the page, and its newest word says whether somebody has taken it.

    So it ends the same in whatever order the words come.
    """
    if event.callee:
        return call_told(incident, event)
    is_taken = event.word in {"acknowledged", "resolved"}
    known = replace(incident, page_accepted_at=incident.page_accepted_at or event.at)
    if is_taken and event.name:
        known = replace(known, acknowledged_at=_earlier(known.acknowledged_at, event.at))
    if incident.pager_told_at and event.told_at < incident.pager_told_at:
        return known
    taken = incident.page_taken
    if is_taken:
        taken = PageTaken(at=event.at, in_pager=True, name=event.name)
    elif event.rings and not (taken and taken.at > event.told_at):
        taken = None
    return replace(known, page_taken=taken, pager_told_at=event.told_at)


def _earlier(known: datetime | None, at: datetime) -> datetime:
    return min(known or at, at)
