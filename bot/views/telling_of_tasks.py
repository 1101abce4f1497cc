"""What happened to what is to do for an incident, a sentence an event."""

from collections.abc import Mapping
from typing import Final, assert_never

from bot.domain.action_items import (
    ActionAdded,
    ActionAssigned,
    ActionDueSet,
    ActionEnded,
    ActionReminded,
    ActionReopened,
)
from bot.domain.checklists import RunbookOpened, StepTicked
from bot.domain.links import Linked, LinkEvent, Relation
from bot.domain.model import Severity, Status
from bot.domain.roles_model import label_of
from bot.domain.task_events import TaskEvent
from bot.domain.undone import Change, ChangeUndone
from bot.views.action_items import day
from bot.views.blocks import host
from bot.views.sentences import Part, Person, quoted
from bot.views.words import STATUSES


def tell_of_tasks(event: TaskEvent) -> tuple[Part, ...]:
    """Return what happened as a sentence without its full stop."""
    who = Person(event.by)
    if isinstance(event, LinkEvent):
        return _of_link(event, who)
    if isinstance(event, ChangeUndone):
        return _of_undoing(event, who)
    if isinstance(event, RunbookOpened):
        return (who, f" opened the runbook {quoted(event.title)}")
    if isinstance(event, StepTicked):
        done = "did" if event.done else "took back"
        return (who, f" {done} step {event.step} of {event.of} of {quoted(event.title)}: {quoted(event.text)}")
    what = f" action item {event.n}: {quoted(event.text)}"
    match event:
        case ActionAdded(owner=owner, due=due):
            for_whom: tuple[Part, ...] = (", for ", Person(owner)) if owner else ()
            return (who, f" wrote down{what}", *for_whom, f", due {day(due)}" if due else "")
        case ActionAssigned(user=user, by=by) if user == by:
            return (who, f" took{what}")
        case ActionAssigned(user=user):
            return (who, " gave ", Person(user), what)
        case ActionDueSet(due=due):
            until = f", due {day(due)}" if due else ", without a due date"
            return (who, f" moved{what}{until}")
        case ActionEnded(how=how):
            done = " has done" if how == "done" else " dropped"
            return (who, f"{done}{what}")
        case ActionReopened():
            return (who, f" reopened{what}")
        case ActionReminded(user=user):
            return (Person(user), f" was reminded of{what}")
        case _:
            assert_never(event)


_IS: Final[Mapping[Relation, str]] = {
    Relation.RELATED: "related to",
    Relation.DUPLICATE: "a duplicate of",
    Relation.CAUSED_BY: "caused by",
    Relation.CAUSES: "the cause of",
}


def _of_link(event: LinkEvent, who: Person) -> tuple[Part, ...]:
    there = f"INC-{event.incident}" if event.incident else host(event.url) or "an address"
    what = f"{there} ({quoted(event.title)})" if event.title else there
    if isinstance(event, Linked):
        return (who, f" linked it: {_IS[event.relation]} {what}")
    return (who, f" took the link to {what} away")


def _of_undoing(event: ChangeUndone, who: Person) -> tuple[Part, ...]:
    if event.status:
        return (who, f" undid the last change: the status is {STATUSES[Status(event.status)]} again")
    if event.severity:
        return (who, f" undid the last change: the severity is {Severity(event.severity).label} again")
    if event.role:
        name = label_of(event.role)
        if event.user is None:
            return (who, f" undid the last change: nobody is the {name}")
        return (who, " undid the last change: ", Person(event.user), f" is the {name} again")
    return (who, f" undid the last change ({'a link' if event.what is Change.LINK else 'an action item'})")
