"""What its tasks make of an incident: the part of evolve.py for task_events.py."""

from typing import assert_never

from bot.domain.action_items import (
    ActionAdded,
    ActionAssigned,
    ActionDueSet,
    ActionEnded,
    ActionItem,
    ActionReminded,
    ActionReopened,
    ActionState,
)
from bot.domain.checklists import Checklist, ChecklistEvent, RunbookOpened, Step, StepTicked
from bot.domain.copying import replace
from bot.domain.evolve_course import rewound
from bot.domain.links import Link, LinkEvent, Unlinked
from bot.domain.model import Incident, Severity, Status
from bot.domain.roles_model import Duties
from bot.domain.task_events import TaskEvent
from bot.domain.undone import ChangeUndone


def tasks(incident: Incident, event: TaskEvent) -> Incident:
    """Return the incident after an event."""
    if isinstance(event, LinkEvent):
        return _linked(incident, event)
    if isinstance(event, ChangeUndone):
        return _undone(incident, event)
    if isinstance(event, ChecklistEvent):
        return _worked(incident, event)
    if isinstance(event, ActionAdded):
        return replace(incident, actions=(*incident.actions, _added(event)))
    changed = tuple(_changed(one, event) if one.n == event.n else one for one in incident.actions)
    return replace(incident, actions=changed)


def _undone(incident: Incident, event: ChangeUndone) -> Incident:
    """Return it as it was before a change; of links and action items the event behind this one tells."""
    if event.status:
        return replace(incident, status=Status(event.status), mitigated_at=event.mitigated_at)
    if event.severity:
        severity, every = Severity(event.severity), event.update_every  # without one it is in triage: no clock runs
        grave = event.at if severity is Severity.SEV1 and every else None
        regraded = replace(incident, severity=severity, grave_since=grave)
        return rewound(regraded, event.at + every) if every else regraded
    if event.role is None:
        return incident
    roles = {role: user for role, user in incident.roles.items() if role != event.role}
    duties = {role: one for role, one in incident.duties.items() if role != event.role}
    if event.user:
        roles, duties = roles | {event.role: event.user}, duties | {event.role: Duties(seq=incident.events + 1)}
    return replace(incident, roles=roles, duties=duties)


def _worked(incident: Incident, event: ChecklistEvent) -> Incident:
    if isinstance(event, RunbookOpened):
        opened = Checklist(
            n=event.n,
            name=event.name,
            title=event.title,
            steps=tuple(Step(text=text) for text in event.steps),
            by=event.by,
            at=event.at,
            url=event.url,
            left_out=event.left_out,
        )
        return replace(incident, runbooks=(*incident.runbooks, opened))
    return replace(incident, runbooks=tuple(_ticked(one, event) for one in incident.runbooks))


def _ticked(one: Checklist, event: StepTicked) -> Checklist:
    if one.n != event.n:
        return one
    done = (event.by, event.at) if event.done else (None, None)
    steps = list(one.steps)
    steps[event.step - 1] = replace(steps[event.step - 1], by=done[0], at=done[1])
    return replace(one, steps=tuple(steps))


def _linked(incident: Incident, event: LinkEvent) -> Incident:
    others = tuple(one for one in incident.links if not one.leads_to(event.incident, event.url))
    if isinstance(event, Unlinked):
        return replace(incident, links=others)
    link = Link(
        relation=event.relation,
        incident=event.incident,
        title=event.title,
        channel=event.channel,
        url=event.url,
        by=event.by,
        at=event.at,
    )
    return replace(incident, links=(*others, link))


def _added(event: ActionAdded) -> ActionItem:
    by = event.by or event.owner
    assert by  # noqa: S101 - only people write action items down
    return ActionItem(
        n=event.n,
        text=event.text,
        by=by,
        at=event.at,
        owner=event.owner,
        given=1 if event.owner else 0,
        told=event.owner not in {None, by},
        due=event.due,
        zone=event.zone,
    )


_Change = ActionAssigned | ActionDueSet | ActionEnded | ActionReopened | ActionReminded


def _changed(one: ActionItem, event: _Change) -> ActionItem:
    match event:
        case ActionAssigned(user=user, by=by, zone=zone):
            return replace(one, owner=user, given=one.given + 1, told=user != by, zone=zone)
        case ActionDueSet(due=due):
            return replace(one, due=due)
        case ActionEnded(how=how, by=by, at=at):
            return replace(one, state=ActionState(how), ended_by=by, ended_at=at)
        case ActionReopened():
            return replace(one, state=ActionState.OPEN, ended_by=None, ended_at=None)
        case ActionReminded(count=count):
            return replace(one, reminded=count)
        case _:
            assert_never(event)
