"""Calling people in: paging a person or a service, asking people into the channel, waking the next level.

Each call has a number, under which the pager knows it for good: it wakes nobody twice. Asking for the same again soon
is refused, and says when it was.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, assert_never

from bot.domain.calls import (
    Call,
    CallAccepted,
    Callee,
    CalleeKind,
    InviteGroup,
    PageCallee,
    PeopleCalled,
    PeopleInvited,
    TellCalled,
)
from bot.domain.draft import Draft
from bot.domain.ids import ServiceName, UserId
from bot.domain.model import Incident, Severity
from bot.domain.paging import called_for
from bot.domain.people_commands import CallPeople, ConfirmCall, Escalate, Invite
from bot.domain.redaction import kept
from bot.domain.work import InvitePeople, Place
from bot.errors import Refused

AGAIN_AFTER: Final = timedelta(minutes=5)
WHY_LIMIT: Final = 500


def decide(draft: Draft, command: CallPeople | Escalate | Invite | ConfirmCall) -> None:
    """Call people in, or take note that the pager does."""
    match command:
        case CallPeople():
            _page(draft, command)
        case Escalate():
            _escalate(draft, command)
        case Invite():
            _invite(draft, command)
        case ConfirmCall(n=n):
            draft.happened(CallAccepted(at=draft.now, n=n))
        case _:
            assert_never(command)


def bring_for(draft: Draft, severity: Severity) -> None:
    """Ask those into the channel whom a severity wants there; into a private one nobody comes for that."""
    incident, wanted = draft.incident, draft.policy.severities[severity].invite
    people = [UserId(one.name) for one in wanted if one.kind is CalleeKind.PERSON]
    users = tuple(user for user in people if user not in incident.responders)
    groups = groups_for(draft, severity)
    if incident.private or not (users or groups):
        return
    event = PeopleInvited(at=draft.now, users=users, groups=groups)
    draft.say(draft.happened(event), event, Place.CHANNEL)
    _bring(draft, users, groups)


def groups_for(draft: Draft, severity: Severity) -> tuple[Callee, ...]:
    """Return the user groups whom a severity wants in the channel."""
    return tuple(one for one in draft.policy.severities[severity].invite if one.kind is CalleeKind.GROUP)


def first_level(draft: Draft) -> list[Callee]:
    """Return who is called when nobody has escalated: the first level, but for whom was called a moment ago."""
    incident = draft.incident
    path = draft.policy.severities[incident.severity].escalation
    if incident.level or not path:
        return []
    return [one for one in path[0] if not _called_lately(draft, incident, one)]


def call_first_level(draft: Draft, callees: Iterable[Callee], why: str) -> None:
    """Call whom `first_level` names, as when somebody escalates."""
    _called(draft, callees, why, None, level=1)


def follow(draft: Draft) -> None:
    """Let the phones be quiet when it is over."""
    if draft.ended:
        incident = draft.incident
        over = [one for one in incident.calls if one.by_pager and one.reopened == incident.reopened]
        draft.do(*(PageCallee(incident=incident.id, n=one.n, over=True) for one in over))


def _page(draft: Draft, command: CallPeople) -> None:
    """Call those who were not called a moment ago."""
    incident = draft.open_incident()
    why = kept(command.why, WHY_LIMIT).strip()
    if not why:
        message = "Say why they are called: `/incident page @person checkout fails, and nobody here knows it`."
        raise Refused(message)
    fresh = [one for one in dict.fromkeys(command.callees) if not _called_lately(draft, incident, one)]
    if not fresh:
        message = (
            f"They were called less than {AGAIN_AFTER.seconds // 60} minutes ago. "
            "To wake the next level: `/incident escalate`."
        )
        raise Refused(message)
    _called(draft, fresh, why, command.by)


def _escalate(draft: Draft, command: Escalate) -> None:
    """Wake the next level of the severity's escalation path."""
    incident = draft.open_incident()
    path = draft.policy.severities[incident.severity].escalation
    if not path:
        message = (
            f"No escalation path is configured for {incident.severity.label}. "
            "Wake somebody by name: `/incident page @person why`."
        )
        raise Refused(message)
    if incident.level >= len(path):
        message = "All levels were woken already. Wake somebody by name: `/incident page @person why`."
        raise Refused(message)
    level = incident.level + 1
    _called(draft, path[level - 1], kept(command.why, WHY_LIMIT).strip(), command.by, level=level)


def _invite(draft: Draft, command: Invite) -> None:
    """Ask people into the channel; nobody's phone rings."""
    incident = draft.open_incident()
    users = tuple(user for user in dict.fromkeys(command.users) if user not in incident.brought_in)
    groups = tuple(dict.fromkeys(command.groups))
    if not users and not groups:
        message = "They were asked into the channel already."
        raise Refused(message)
    event = PeopleInvited(at=draft.now, by=command.by, users=users, groups=groups)
    draft.say(draft.happened(event), event, Place.CHANNEL)
    _bring(draft, users, groups)


def _called(draft: Draft, callees: Iterable[Callee], why: str, by: UserId | None, *, level: int = 0) -> None:
    before = draft.incident
    calls = tuple(_call(draft, len(before.calls) + at, one, why) for at, one in enumerate(callees, start=1))
    event = PeopleCalled(at=draft.now, by=by, calls=calls, why=why, level=level)
    seq = draft.happened(event)
    number = before.id
    for one in calls:
        if one.by_pager:
            draft.do(PageCallee(incident=number, n=one.n))
        draft.do(*(TellCalled(incident=number, n=one.n, user=user, by=by) for user in one.told))
    draft.say(seq, event, Place.CHANNEL)
    people = tuple(dict.fromkeys(user for one in calls for user in one.told if user not in before.brought_in))
    _bring(draft, people, [one.callee for one in calls if one.callee.kind is CalleeKind.GROUP])


def _bring(draft: Draft, users: tuple[UserId, ...], groups: Iterable[Callee]) -> None:
    number = draft.incident.id
    if users:
        draft.do(InvitePeople(incident=number, users=users))
    draft.do(*(InviteGroup(incident=number, group=one.name) for one in groups))
    draft.refresh()


def _call(draft: Draft, n: int, callee: Callee, why: str) -> Call:
    own = callee.key in draft.policy.own_pagers
    match callee.kind:
        case CalleeKind.SERVICE:
            told = called_for(draft, ServiceName(callee.name))
            by_pager = own or draft.policy.paging
        case CalleeKind.PERSON:
            told, by_pager = (UserId(callee.name),), own
        case CalleeKind.GROUP:
            told, by_pager = (), False
        case _:
            assert_never(callee.kind)
    return Call(
        n=n, callee=callee, by_pager=by_pager, told=told, why=why, at=draft.now, reopened=draft.incident.reopened
    )


def _called_lately(draft: Draft, incident: Incident, callee: Callee) -> bool:
    of_now = (one for one in incident.calls if one.reopened == incident.reopened)  # those before are over
    of_it = [one.at for one in of_now if one.callee.key == callee.key and one.at]
    return bool(of_it) and draft.now - max(of_it) < AGAIN_AFTER
