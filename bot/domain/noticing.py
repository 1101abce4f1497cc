"""Noticing who is missing: a role's holder who is gone or hears nothing, and roles that a grave incident should have.

Each is said once, with a button to step in. Who comes back and goes again is noticed again.
"""

from datetime import timedelta
from typing import Final, assert_never

from bot.domain.calls import Callee, CalleeKind
from bot.domain.course_events import IncidentAccepted, IncidentReopened
from bot.domain.draft import Draft
from bot.domain.events import IncidentDeclared, SeverityChanged
from bot.domain.latecomers import LatecomerJoined, SendSummary
from bot.domain.model import Severity
from bot.domain.noticed import AwaitStructure, HolderAwake, HolderBack, HolderGone, HolderPaused, StructureProposed
from bot.domain.people_commands import NoticeGone, NoticePause, NoticeReturn, StructureDue
from bot.domain.privacy import MemberBack, MemberLeft
from bot.domain.roles_model import Role
from bot.domain.work import Place

# A pause begins now by Slack's clock, which may be ahead of ours.
_CLOCKS_DIFFER: Final = timedelta(minutes=1)


def decide(draft: Draft, command: NoticeGone | NoticeReturn | NoticePause | StructureDue) -> None:
    """Answer what was noticed, or look whether something is to be."""
    match command:
        case NoticeGone():
            _gone(draft, command)
        case NoticeReturn():
            _back(draft, command)
        case NoticePause():
            _pause(draft, command)
        case StructureDue():
            _structure(draft)
        case _:
            assert_never(command)


def follow(draft: Draft) -> None:
    """Plan to look whether an incident that has just become as grave as can be gets its structure."""
    for event in draft.events:
        turns = isinstance(event, IncidentAccepted | IncidentReopened) and draft.incident.severity is Severity.SEV1
        if turns or (isinstance(event, IncidentDeclared | SeverityChanged) and event.severity is Severity.SEV1):
            due = draft.now + draft.policy.structure_after
            draft.do(AwaitStructure(incident=draft.incident.id), due=due)


def _gone(draft: Draft, command: NoticeGone) -> None:
    """Say that who holds roles is gone."""
    incident = draft.state.incident
    if incident and incident.private and command.how == "left" and command.user not in incident.left:
        draft.happened(MemberLeft(at=draft.now, user=command.user))
    if incident is None or not incident.status.is_open or command.user in incident.gone:
        return
    roles = tuple(incident.held_by(command.user))
    if roles:
        event = HolderGone(at=draft.now, user=command.user, roles=roles, how=command.how)
        draft.say(draft.happened(event), event, Place.CHANNEL)
        draft.refresh()


def _back(draft: Draft, command: NoticeReturn) -> None:
    """Take note that somebody is in the channel, again or for the first time; who comes late is told how it stands.

    Who is back in a private one is too, once: what waited for Slack was kept from them when they had left.
    """
    incident = draft.state.incident
    if incident is None:
        return
    if command.user not in incident.briefed:
        draft.happened(LatecomerJoined(at=draft.now, user=command.user))
    if command.user not in incident.briefed or command.user in incident.left:
        draft.do(SendSummary(incident=incident.id, user=command.user))
    if command.user in incident.left:
        draft.happened(MemberBack(at=draft.now, user=command.user))
    if command.user in incident.gone:
        draft.happened(HolderBack(at=draft.now, user=command.user))
        draft.refresh()


def _pause(draft: Draft, command: NoticePause) -> None:
    """Say that who holds roles hears nothing now, unless the channel was told so of this time already."""
    incident, user = draft.state.incident, command.user
    if incident is None or not incident.status.is_open:
        return
    told = incident.paused.get(user)
    if not command.begins - _CLOCKS_DIFFER <= draft.now < command.ends:
        if told:
            draft.happened(HolderAwake(at=draft.now, user=user))
        return
    roles = tuple(incident.held_by(user))
    if roles and user not in incident.gone and (told is None or told < command.ends):
        has_pager = Callee(kind=CalleeKind.PERSON, name=user).key in draft.policy.own_pagers
        event = HolderPaused(at=draft.now, user=user, roles=roles, until=command.ends, has_pager=has_pager)
        draft.say(draft.happened(event), event, Place.CHANNEL)


def _structure(draft: Draft) -> None:
    """Propose to fill the roles that are vacant, once, when it has been so grave for long enough."""
    incident = draft.incident
    since = incident.grave_since
    vacant = tuple(role for role in Role if role not in incident.roles)
    if not incident.status.is_open or incident.structure_proposed or since is None or not vacant:
        return
    due = since + draft.policy.structure_after
    if draft.now < due:
        draft.do(AwaitStructure(incident=incident.id), due=due)
        return
    event = StructureProposed(at=draft.now, vacant=vacant)
    draft.say(draft.happened(event), event, Place.CHANNEL)
