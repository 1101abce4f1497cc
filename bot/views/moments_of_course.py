"""What is said once when an incident's course turns: in triage, accepted, declined, reopened, closed."""

from typing import Final, assert_never

from bot.domain.course_events import (
    CourseEvent,
    IncidentAbsorbed,
    IncidentAccepted,
    IncidentClosed,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
)
from bot.domain.events import IncidentDeclared
from bot.domain.model import Incident
from bot.domain.text import cut
from bot.domain.work import Place
from bot.views.blocks import (
    Message,
    Safe,
    bold,
    channel_link,
    code,
    context,
    date,
    line,
    mention,
    message,
    prose,
    section,
)
from bot.views.sentences import sentence
from bot.views.telling_of_course import tell_of_course

_TEXT_LIMIT: Final = 2900


def turn(event: CourseEvent | IncidentDeclared, incident: Incident, place: Place) -> Message | None:
    """Return what is said of a turn; of a declaration nothing: the card says it."""
    match event:
        case IncidentDeclared():
            return None
        case IncidentReopened():
            return _reopened(event, incident, place)
        case IncidentAccepted(at=at, update_every=every, paged=paged):
            pager = "; who is on call is paged" if paged else ""
            return _sentence(
                event, incident, line("Everybody is told. The next update is due ", date(at + every), pager)
            )
        case IncidentDeclined():
            again = code(f"/incident reopen {incident.label} what happened")
            return _sentence(event, incident, line("It was one after all? ", again))
        case IncidentClosed():
            return _sentence(event, incident)
        case IncidentMerged(into=into, channel=channel):
            there = channel_link(channel, "") if channel else f"INC-{into}"
            left = line("Go on in ", there, ": its alerts and its people are there")
            return _sentence(event, incident, left if place is Place.CHANNEL else None)
        case IncidentAbsorbed():
            return _sentence(event, incident, line("Its alerts belong here now, and its people are invited"))
        case _:
            assert_never(event)


def _sentence(event: CourseEvent, incident: Incident, follows: Safe | None = None) -> Message:
    return sentence(incident.label, tell_of_course(event), context(follows) if follows else None)


def _reopened(event: IncidentReopened, incident: Incident, place: Place) -> Message:
    """Say that it is not over; by an alert when nobody said so."""
    who: tuple[str, ...] = (" by ", mention(event.by)) if event.by else (": an alert fired again",)
    text, before = cut(event.reason, _TEXT_LIMIT), event.archived
    pager = "who is on call is paged anew" if event.paged else "nobody is paged"
    clock = line("Investigating again. The next update is due ", date(event.at + event.update_every), f"; {pager}")
    return message(
        f"{incident.label} is open again: {text}",
        section(line(bold("Reopened"), *who)),
        section(prose(text)),
        context(clock) if place is Place.CHANNEL else None,
        context(line("What was said before: ", channel_link(before, ""), ", archived"))
        if before and place is Place.CHANNEL
        else None,
    )
