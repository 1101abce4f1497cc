"""What is said once when something happens: in the incident's channel, or under its announcement."""

from typing import Final, assert_never

from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded, AlertFlapping
from bot.domain.archives import ArchiveWarned, ArchivingEnded, ArchivingEvent, ChannelReplaced
from bot.domain.calls import CallAccepted, PeopleCalled, PeopleInvited
from bot.domain.comms import CommsArchived, CommsAsked, CommsEvent, CommsOpened
from bot.domain.course_events import CourseEvent
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
    UpdateOverdue,
    UpdateSent,
)
from bot.domain.handovers import DutiesTicked, HandoverEnded, HandoverOffered, HandoverUnanswered
from bot.domain.keeping_events import KeepingEvent
from bot.domain.latecomers import LatecomerJoined
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.model import Incident
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.noticed import HolderAwake, HolderBack, HolderGone, HolderPaused, StructureProposed
from bot.domain.page_events import PagerAnswered, PagerSilent, PagerTold
from bot.domain.people_events import PeopleEvent
from bot.domain.privacy import MemberBack, MemberLeft
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.snoozing import UpdateSnoozed
from bot.domain.task_events import TaskEvent
from bot.domain.text import cut
from bot.domain.unacknowledged import AcknowledgementMissed
from bot.domain.work import Place
from bot.views.archiving import replaced
from bot.views.blocks import (
    Block,
    Message,
    actions,
    bold,
    code,
    context,
    date,
    line,
    mention,
    message,
    prose,
    section,
)
from bot.views.comms import opened
from bot.views.handover import asked
from bot.views.missing import missed, unacknowledged
from bot.views.moments_of_course import turn
from bot.views.sentences import sentence
from bot.views.standing import more_of_update
from bot.views.telling import tell
from bot.views.turns import reopen_button
from bot.views.words import duration

_TEXT_LIMIT: Final = 2900


def moment(event: Event, incident: Incident, place: Place) -> Message | None:
    """Return what is said of an event at a place, or None when nothing is; `incident` may have moved on since."""
    place = Place.ANNOUNCEMENT if place is Place.COMMS else place  # for those who do not work on it
    if isinstance(event, PeopleEvent | ArchivingEvent | CommsEvent):
        return _of_people(event, incident) if place is Place.CHANNEL else None
    if isinstance(event, KeepingEvent | NoteTaken):
        return None
    if isinstance(event, TaskEvent):  # of runbooks their checklists tell, and those put nothing to say
        return sentence(incident.label, tell(event))
    if isinstance(event, CourseEvent | IncidentDeclared):
        return turn(event, incident, place)
    match event:
        case UpdateSent():
            return _update(event, incident)
        case IncidentResolved():
            return _resolved(event, incident, place)
        case AcknowledgementMissed():
            return unacknowledged(event, incident, place)
        case StatusChanged() | SeverityChanged():
            return sentence(incident.label, tell(event))
        case PagerTold():
            return _in_the_pager(event, incident) if place is Place.CHANNEL else None
        case (
            AlertAttached()
            | AlertAcknowledged()
            | AlertEnded()
            | AlertFlapping()
            | RoleAssigned()
            | UpdateSnoozed()
            | PagerSilent()
            | PagerAnswered(action="trigger")
            | MilestoneSet()
            | DeliveryFailed()
        ):
            return sentence(incident.label, tell(event)) if place is Place.CHANNEL else None
        case (
            ChannelOpened()
            | UpdateOverdue()
            | CommandVacant()
            | ReminderPosted()
            | ResolveProposed()
            | ProposalEnded()
            | MessagePosted()
            | MessageEdited()
            | MessageDeleted()
            | PagerAnswered()
        ):
            return None
        case _:
            assert_never(event)


def _of_people(event: PeopleEvent | ArchivingEvent | CommsEvent, incident: Incident) -> Message | None:
    match event:
        case HandoverOffered() | HandoverUnanswered():
            return asked(event, incident)
        case HolderGone() | HolderPaused() | StructureProposed():
            return missed(event, incident)
        case HandoverEnded() | PeopleCalled() | PeopleInvited():
            return sentence(incident.label, tell(event))
        case (
            DutiesTicked()
            | HolderBack()
            | HolderAwake()
            | LatecomerJoined()
            | MemberLeft()
            | MemberBack()
            | CallAccepted()
        ):
            return None
        case CommsOpened():
            return opened(event, incident)
        case CommsArchived():
            another = context(line("Open another: ", code("/incident comms channel")))
            return sentence(incident.label, tell(event), another if incident.status.is_open else None)
        case ChannelReplaced(archived=before):
            return replaced(incident, before)
        case ArchiveWarned() | ArchivingEnded() | CommsAsked():
            return None
        case _:
            assert_never(event)


def _in_the_pager(event: PagerTold, incident: Incident) -> Message:
    """Say what somebody did with the page in the pager; that it is closed there does not end the incident."""
    end = code("/incident resolve <what fixed it>")
    left = context(line(incident.label, " is still open. When it is over: ", end)) if event.word == "resolved" else None
    return sentence(incident.label, tell(event), left)


def _update(event: UpdateSent, incident: Incident) -> Message:
    who: tuple[str, ...] = (" from ", mention(event.by)) if event.by else ()
    text = cut(event.text, _TEXT_LIMIT)
    return message(
        f"Update on {incident.label}: {text}",
        section(line(bold("Update"), *who)),
        section(prose(text)),
        more_of_update(event.impact, event.doing),
        context(line("The next update is due ", date(event.at + event.update_every))),
    )


def _resolved(event: IncidentResolved, incident: Incident, place: Place) -> Message:
    who: tuple[str, ...] = (" by ", mention(event.by)) if event.by else ()
    took = f" after {duration(event.at - incident.declared_at)}"
    text = cut(event.resolution, _TEXT_LIMIT)
    follows: Block | None = context("The postmortem draft follows here") if place is Place.CHANNEL else None
    return message(
        f"{incident.label} is resolved{took}: {text}",
        section(line(bold("Resolved"), *who, took)),
        section(prose(text)),
        follows,
        actions(reopen_button(incident)) if place is Place.CHANNEL else None,
    )
