"""What is said once when something happens: in the incident's channel, or under its announcement."""

from typing import Final, assert_never

from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded, AlertFlapping
from bot.domain.calls import CallAccepted, PeopleCalled, PeopleInvited
from bot.domain.course_events import (
    IncidentAbsorbed,
    IncidentAccepted,
    IncidentClosed,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
)
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
from bot.domain.latecomers import LatecomerJoined
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.model import Incident
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.noticed import HolderBack, HolderGone, StructureProposed
from bot.domain.page_events import PagerAnswered, PagerSilent, PagerTold
from bot.domain.people_events import PeopleEvent
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.snoozing import UpdateSnoozed
from bot.domain.text import cut
from bot.domain.work import Place
from bot.views.blocks import (
    Block,
    Message,
    actions,
    bold,
    code,
    context,
    line,
    mention,
    message,
    prose,
    section,
)
from bot.views.handover import asked
from bot.views.missing import missed
from bot.views.moments_of_course import turn
from bot.views.sentences import sentence
from bot.views.telling import tell
from bot.views.turns import reopen_button
from bot.views.words import duration

_TEXT_LIMIT: Final = 2900


def moment(event: Event, incident: Incident, place: Place) -> Message | None:
    """Return what is said of an event at a place, or None when nothing is.

    `incident` may have moved on since: what is said is taken from the event.
    """
    if isinstance(event, PeopleEvent):
        return _of_people(event, incident) if place is Place.CHANNEL else None
    match event:
        case UpdateSent():
            return _update(event, incident)
        case IncidentResolved():
            return _resolved(event, incident, place)
        case IncidentDeclared() | IncidentReopened() | IncidentClosed() | IncidentAccepted() | IncidentDeclined():
            return turn(event, incident, place)
        case IncidentMerged() | IncidentAbsorbed():
            return turn(event, incident, place)
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
            | NoteTaken()
            | PagerAnswered()
        ):
            return None
        case _:
            assert_never(event)


def _of_people(event: PeopleEvent, incident: Incident) -> Message | None:
    match event:
        case HandoverOffered() | HandoverUnanswered():
            return asked(event, incident)
        case HolderGone() | StructureProposed():
            return missed(event, incident)
        case HandoverEnded() | PeopleCalled() | PeopleInvited():
            return sentence(incident.label, tell(event))
        case DutiesTicked() | HolderBack() | LatecomerJoined() | CallAccepted():
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
    return message(f"Update on {incident.label}: {text}", section(line(bold("Update"), *who)), section(prose(text)))


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
