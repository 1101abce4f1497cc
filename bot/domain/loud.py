"""What everybody in an incident's channel must see, even where Muster speaks in one thread.

Its course (resolved, reopened, merged), how bad it is, pages that no phone heard, a role that nobody looks after, what
could not be done. Reminders are said in the channel in any case, and so are questions that anybody may answer.
"""

from typing import Final

from bot.domain.course_events import (
    IncidentAbsorbed,
    IncidentAccepted,
    IncidentClosed,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
)
from bot.domain.events import DeliveryFailed, Event, IncidentResolved, SeverityChanged
from bot.domain.handovers import HandoverUnanswered
from bot.domain.noticed import HolderGone, HolderPaused, StructureProposed
from bot.domain.page_events import PagerAnswered, PagerSilent
from bot.domain.unacknowledged import AcknowledgementMissed

_LOUD: Final = (
    IncidentAbsorbed
    | IncidentAccepted
    | IncidentClosed
    | IncidentDeclined
    | IncidentMerged
    | IncidentReopened
    | IncidentResolved
    | SeverityChanged
    | PagerSilent
    | AcknowledgementMissed
    | PagerAnswered
    | HandoverUnanswered
    | HolderGone
    | HolderPaused
    | StructureProposed
    | DeliveryFailed
)


def is_loud(event: Event) -> bool:
    """Tell whether an event is said in the channel itself, whatever the severity's policy."""
    return isinstance(event, _LOUD)
