"""What happened to an incident's people, in a sentence an event: the part of telling.py for handovers and duties."""

from typing import assert_never

from bot.domain.handovers import DutiesTicked, HandoverEnded, HandoverOffered, HandoverUnanswered
from bot.domain.model import label_of
from bot.views.sentences import Part, Person


def tell_of_people(event: HandoverOffered | HandoverEnded | HandoverUnanswered | DutiesTicked) -> tuple[Part, ...]:
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
        case _:
            assert_never(event)
