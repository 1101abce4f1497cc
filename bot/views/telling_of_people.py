"""What happened to an incident's people, a sentence an event: handovers, duties, who is gone."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from bot.domain.calls import Call, CallAccepted, Callee, CalleeKind, PeopleCalled, PeopleInvited
from bot.domain.handovers import DutiesTicked, HandoverEnded, HandoverOffered, HandoverUnanswered
from bot.domain.ids import UserId
from bot.domain.latecomers import LatecomerJoined
from bot.domain.noticed import HolderAwake, HolderBack, HolderGone, HolderPaused, StructureProposed
from bot.domain.people_events import PeopleEvent
from bot.domain.privacy import MemberBack, MemberLeft
from bot.domain.roles_model import AnyRole, label_of
from bot.domain.text import one_line
from bot.views.sentences import Part, Person, When, quoted


def tell_of_people(event: PeopleEvent) -> tuple[Part, ...]:  # noqa: C901 - one line or two a kind of event
    """Return what happened as a sentence without its full stop."""
    who = Person(event.by)
    match event:
        case HandoverOffered(role=role, user=user, holder=holder):
            offered = f" to be the {label_of(role)}; until they accept, "
            return (who, " asked ", Person(user), offered, Person(holder), " keeps it")
        case HandoverEnded(role=role, holder=holder, how="declined"):
            return (who, f" cannot be the {label_of(role)}; ", Person(holder), " still is")
        case HandoverEnded(role=role, user=user, holder=holder):
            took_back: tuple[Part, ...] = (who, f" took back the offer of {label_of(role)} to ", Person(user), "; ")
            return (*took_back, Person(holder), " still is")
        case HandoverUnanswered(role=role, user=user, holder=holder):
            return (Person(user), f" has not answered whether they take over as {label_of(role)} from ", Person(holder))
        case DutiesTicked(role=role, done=done, of=count):
            return (who, f" has done {len(done)} of the {count} duties of {label_of(role)}")
        case HolderGone() | HolderPaused() | HolderAwake():
            return _missed(event)
        case HolderBack(user=user) | LatecomerJoined(user=user) | MemberBack(user=user):
            came = "joined the channel" if isinstance(event, LatecomerJoined) else "is in the channel again"
            return (Person(user), f" {came}")
        case PeopleCalled():
            return _called(event)
        case CallAccepted(n=n):
            return (f"The pager accepted call {n}",)
        case PeopleInvited():
            return (who, *_asked_in(event))
        case MemberLeft(user=user):
            return (Person(user), " left the channel")
        case StructureProposed(vacant=vacant):
            return (f"SEV-1 for long, and vacant: {_named(vacant)}",)
        case _:
            assert_never(event)


def _missed(event: HolderGone | HolderPaused | HolderAwake) -> tuple[Part, ...]:
    match event:
        case HolderGone(user=user, roles=roles, how=how):
            went = "has left the channel" if how == "left" else "has no active account any more"
            return (Person(user), f", {_named(roles)}, {went}")
        case HolderPaused(user=user, roles=roles, until=until):
            return (Person(user), f", {_named(roles)}, has notifications paused until ", When(until))
        case HolderAwake(user=user):
            return (Person(user), " hears notifications again")
        case _:
            assert_never(event)


def _asked_in(event: PeopleInvited) -> tuple[Part, ...]:
    asked: list[Part] = [*(Person(user) for user in event.users), *(_group(one) for one in event.groups)]
    if event.users == (event.by,) and not event.groups:
        return (" joined",)
    return (" asked ", *_listed(asked), " into the channel")


def _called(event: PeopleCalled) -> tuple[Part, ...]:
    """Say who was called and how: whose phone rings, and who was only written to."""
    how = f" called level {event.level}: " if event.level else " called "
    parts: list[Part] = [Person(event.by), how]
    for at, one in enumerate(event.calls):
        parts += ["; "] if at else []
        parts += _who(one)
    return (*parts, f". Why: {quoted(event.why)}") if event.why else tuple(parts)


def _who(call: Call) -> tuple[Part, ...]:
    callee = call.callee
    if callee.kind is CalleeKind.GROUP:
        return (f"{_group(callee)}, asked into the channel",)
    name = callee_name(callee)
    on_call = () if callee.kind is CalleeKind.PERSON or not call.told else (" (", *_listed(map(Person, call.told)), ")")
    if call.by_pager:
        return (name, *on_call, " by pager")
    told = "in a direct message" if call.told else "nobody is on call"
    return (name, *on_call, f", {told} (no pager is configured)")


def callee_name(callee: Callee) -> Part:
    """Return who was called: a person, or what a service is called."""
    return Person(UserId(callee.name)) if callee.kind is CalleeKind.PERSON else one_line(callee.name, 80)


def _group(callee: Callee) -> str:
    return f"the user group {one_line(callee.label or callee.name, 80)}"


def _listed(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(part for one in parts for part in (", ", one))[1:]


def _named(roles: Sequence[AnyRole]) -> str:
    return ", ".join(label_of(role) for role in roles)
