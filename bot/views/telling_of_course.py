"""What happened to an incident's course as a whole, a sentence an event: accepted, declined, reopened, closed."""

from typing import assert_never

from bot.domain.course_events import (
    CourseEvent,
    IncidentAbsorbed,
    IncidentAccepted,
    IncidentClosed,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
)
from bot.views.sentences import Part, Person, quoted


def tell_of_course(event: CourseEvent) -> tuple[Part, ...]:
    """Return what happened as a sentence without its full stop."""
    who = Person(event.by)
    match event:
        case IncidentReopened(reason=reason, by=None):
            return (f"The incident was reopened, its alert fired again: {quoted(reason)}",)
        case IncidentReopened(reason=reason):
            return (who, f" reopened the incident: {quoted(reason)}")
        case IncidentClosed():
            return (who, " closed the incident")
        case IncidentAccepted(rule=str(rule)):
            return (f"Rule {quoted(rule)} holds: it is an incident",)
        case IncidentAccepted():
            return (who, " accepted it as an incident")
        case IncidentDeclined(reason=reason):
            return (who, f" declined it, it is no incident: {quoted(reason)}")
        case IncidentMerged(into=into, title=title):
            return (who, f" merged it into INC-{into}: {quoted(title)}")
        case IncidentAbsorbed(incident=number, title=title):
            return (who, f" merged INC-{number} into this one: {quoted(title)}")
        case _:
            assert_never(event)
