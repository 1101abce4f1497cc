"""What handovers, checklists and absences make of an incident: the part of evolve.py that is about its people."""

from typing import assert_never

from bot.domain.calls import Call, CallAccepted, PeopleCalled, PeopleInvited
from bot.domain.copying import replace
from bot.domain.events import RoleAssigned
from bot.domain.handovers import DutiesTicked, HandoverEnded, HandoverOffered, HandoverUnanswered
from bot.domain.ids import UserId
from bot.domain.latecomers import LatecomerJoined
from bot.domain.model import Incident
from bot.domain.noticed import HolderAwake, HolderBack, HolderGone, HolderPaused, StructureProposed
from bot.domain.page_events import PagerTold
from bot.domain.people_events import PeopleEvent
from bot.domain.privacy import MemberBack, MemberLeft
from bot.domain.roles_model import Handover, HandoverEnd


def people(incident: Incident, event: PeopleEvent) -> Incident:  # noqa: C901 - one line or two a kind of event
    """Return the incident after an event."""
    match event:
        case HandoverOffered(n=n, role=role, user=user, holder=holder, at=at, by=by):
            offered = Handover(n=n, role=role, to=user, by=by or holder, holder=holder, at=at)
            earlier = tuple(
                _ended(one, HandoverEnd.OVERTAKEN, event) if one.role == role else one for one in incident.handovers
            )
            return replace(incident, handovers=(*earlier, offered))
        case HandoverEnded(n=n, how=how):
            ended = tuple(_ended(one, HandoverEnd(how), event) if one.n == n else one for one in incident.handovers)
            return replace(incident, handovers=ended)
        case HandoverUnanswered(n=n):
            told = tuple(replace(one, unanswered=True) if one.n == n else one for one in incident.handovers)
            return replace(incident, handovers=told)
        case DutiesTicked(role=role, done=done):
            return replace(incident, duties={**incident.duties, role: replace(incident.duties[role], done=done)})
        case HolderGone() | HolderBack() | HolderPaused() | HolderAwake():
            return _missed(incident, event)
        case LatecomerJoined(user=user):
            return replace(incident, briefed=(*incident.briefed, user))
        case StructureProposed():
            return replace(incident, structure_proposed=True)
        case PeopleCalled(calls=calls, level=level):
            people_told = [user for one in calls for user in one.told]
            known = replace(incident, calls=(*incident.calls, *calls), level=level or incident.level)
            return replace(known, responders=_once(*incident.responders, *people_told))
        case CallAccepted(n=n, at=at):
            accepted = tuple(replace(one, accepted_at=at) if one.n == n else one for one in incident.calls)
            return replace(incident, calls=accepted)
        case PeopleInvited(users=users):
            return replace(incident, responders=_once(*incident.responders, *users))
        case MemberLeft(user=user):
            return replace(incident, left=_once(*incident.left, user))
        case MemberBack(user=user):
            return replace(incident, left=tuple(one for one in incident.left if one != user))
        case _:
            assert_never(event)


def _missed(incident: Incident, event: HolderGone | HolderBack | HolderPaused | HolderAwake) -> Incident:
    match event:
        case HolderGone(user=user):
            return replace(incident, gone=(*incident.gone, user))
        case HolderBack(user=user):
            return replace(incident, gone=tuple(one for one in incident.gone if one != user))
        case HolderPaused(user=user, until=until):
            return replace(incident, paused={**incident.paused, user: until})
        case HolderAwake(user=user):
            return replace(incident, paused={one: until for one, until in incident.paused.items() if one != user})
        case _:
            assert_never(event)


def call_told(incident: Incident, event: PagerTold) -> Incident:
    """Return it after a word of the pager's about a call: that has it, and its newest word says whether it is taken."""
    is_taken = event.word in {"acknowledged", "resolved"}

    def after(one: Call) -> Call:
        if one.n != event.n:
            return one
        known = replace(one, accepted_at=one.accepted_at or event.at)
        if one.told_at and event.told_at < one.told_at:
            return known
        if is_taken:
            known = replace(known, taken_at=event.at, taken_by=event.name)
        elif event.rings:
            known = replace(known, taken_at=None, taken_by="")
        return replace(known, told_at=event.told_at)

    told = replace(incident, calls=tuple(map(after, incident.calls)))
    if is_taken and event.name:
        return replace(told, acknowledged_at=min(told.acknowledged_at or event.at, event.at))
    return told


def _once(*users: UserId) -> tuple[UserId, ...]:
    return tuple(dict.fromkeys(users))


def after_giving(incident: Incident, event: RoleAssigned) -> tuple[Handover, ...]:
    """Return the handovers after a role was given: the one that was accepted, and one that was overtaken, are over."""

    def after(one: Handover) -> Handover:
        if one.role != event.role or not one.stands:
            return one
        how = HandoverEnd.ACCEPTED if one.n == event.handover else HandoverEnd.OVERTAKEN
        return replace(one, end=how, ended_by=event.user, ended_at=event.at)

    return tuple(after(one) for one in incident.handovers)


def _ended(one: Handover, how: HandoverEnd, event: HandoverOffered | HandoverEnded) -> Handover:
    return replace(one, end=how, ended_by=event.by, ended_at=event.at) if one.stands else one
