"""What happened to an incident's people, a sentence an event: handovers, duties, who is gone."""

from collections.abc import Sequence
from typing import assert_never

from bot.domain.evolve_people import PeopleEvent
from bot.domain.handovers import DutiesTicked, HandoverEnded, HandoverOffered, HandoverUnanswered
from bot.domain.model import AnyRole, label_of
from bot.domain.noticed import HolderBack, HolderGone, StructureProposed
from bot.views.sentences import Part, Person


def tell_of_people(event: PeopleEvent) -> tuple[Part, ...]:
    """Return what happened as a sentence without its full stop."""
    who = Person(event.by)
    match event:
        case HandoverOffered(role=role, user=user, holder=holder):
            offered = f" to be the {label_of(role)}; until they accept, "
            return (who, " asked ", Person(user), offered, Person(holder), " is")
        case HandoverEnded(role=role, holder=holder, how="declined"):
            return (who, f" cannot be the {label_of(role)}; ", Person(holder), " still is")
        case HandoverEnded(role=role, user=user, holder=holder):
            took_back: tuple[Part, ...] = (who, f" took back the offer of {label_of(role)} to ", Person(user), "; ")
            return (*took_back, Person(holder), " still is")
        case HandoverUnanswered(role=role, user=user, holder=holder):
            return (Person(user), f" has not answered whether they take over as {label_of(role)} from ", Person(holder))
        case DutiesTicked(role=role, done=done, of=count):
            return (who, f" has done {len(done)} of the {count} duties of {label_of(role)}")
        case HolderGone(user=user, roles=roles, how=how):
            went = "has left the channel" if how == "left" else "has no active account any more"
            return (Person(user), f", {_named(roles)}, {went}")
        case HolderBack(user=user):
            return (Person(user), " is in the channel again")
        case StructureProposed(vacant=vacant):
            return (f"SEV-1 for long, and vacant: {_named(vacant)}",)
        case _:
            assert_never(event)


def _named(roles: Sequence[AnyRole]) -> str:
    return ", ".join(label_of(role) for role in roles)
