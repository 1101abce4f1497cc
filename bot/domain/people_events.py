"""What can happen to an incident's people: the part of events.py that roles, absences and calls need."""

from bot.domain.calls import CallAccepted, PeopleCalled, PeopleInvited
from bot.domain.handovers import DutiesTicked, HandoverEnded, HandoverOffered, HandoverUnanswered
from bot.domain.latecomers import LatecomerJoined
from bot.domain.noticed import HolderAwake, HolderBack, HolderGone, HolderPaused, StructureProposed
from bot.domain.privacy import MemberBack, MemberLeft

PeopleEvent = (
    HandoverOffered
    | HandoverEnded
    | HandoverUnanswered
    | DutiesTicked
    | HolderGone
    | HolderBack
    | HolderPaused
    | HolderAwake
    | LatecomerJoined
    | StructureProposed
    | PeopleCalled
    | CallAccepted
    | PeopleInvited
    | MemberLeft
    | MemberBack
)
