"""The course of an incident: from each status only legal moves are made, and each move goes where it says (I11)."""

from collections.abc import Iterator
from typing import Final

from bot.domain.course_events import (
    IncidentAbsorbed,
    IncidentAccepted,
    IncidentClosed,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
)
from bot.domain.events import (
    Event,
    IncidentDeclared,
    IncidentResolved,
    RoleAssigned,
    SeverityChanged,
    StatusChanged,
    UpdateSent,
)
from bot.domain.model import Status
from bot.domain.undone import ChangeUndone
from tests.invariants.picture import Picture, Wrong, differ, must

RUNNING: Final = frozenset({Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING})
OPEN: Final = RUNNING | {Status.TRIAGE}
# From where what may happen, and where it leads.
FROM: Final[dict[type[Event], frozenset[Status]]] = {
    RoleAssigned: OPEN,
    SeverityChanged: OPEN,
    StatusChanged: RUNNING,
    UpdateSent: RUNNING,
    IncidentResolved: RUNNING,
    IncidentAccepted: frozenset({Status.TRIAGE}),
    IncidentDeclined: frozenset({Status.TRIAGE}),
    IncidentMerged: OPEN,
    IncidentAbsorbed: OPEN,
    IncidentReopened: frozenset({Status.RESOLVED, Status.CLOSED, Status.DECLINED}),
    IncidentClosed: frozenset({Status.RESOLVED}),
}
TO: Final[dict[type[Event], Status]] = {
    IncidentResolved: Status.RESOLVED,
    IncidentAccepted: Status.INVESTIGATING,
    IncidentDeclined: Status.DECLINED,
    IncidentMerged: Status.MERGED,
    IncidentReopened: Status.INVESTIGATING,
    IncidentClosed: Status.CLOSED,
}

# What people have heard: nothing before it is taken back.
FINAL: Final = (*TO, UpdateSent, IncidentAbsorbed)


@must("I11")
def only_legal_moves_are_made(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        status = Status.INVESTIGATING
        for event in seen.events(number):
            where = f"INC-{number} {event.kind} at {event.at}"
            if status not in FROM.get(type(event), {status}):
                yield where, "a move that is legal", f"{event.kind} while {status}"
            if isinstance(event, StatusChanged):
                yield from differ(where, status, event.previous)
                if event.status == event.previous or event.status not in RUNNING:
                    yield where, "another status of those in which people work on it", event.status
            status = _after(status, event)
        yield from differ(f"INC-{number} status", status, incident.status)


@must("I11")
def reopenings_are_counted_without_a_gap(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        counted = [event.n for event in seen.events(number) if isinstance(event, IncidentReopened)]
        yield from differ(f"INC-{number} reopenings", list(range(1, incident.reopened + 1)), counted)


@must("I11")
def what_was_merged_is_had_by_the_other_alone(seen: Picture) -> Iterator[Wrong]:
    """See that both timelines tell of it, and that no alert or group is left behind."""
    for number, incident in seen.incidents.items():
        into = incident.set_aside.into if incident.set_aside else None
        if into is None:
            continue
        told = [
            event for event in seen.events(into) if isinstance(event, IncidentAbsorbed) and event.incident == number
        ]
        yield from differ(f"INC-{number} in the timeline of INC-{into}", 1, len(told))
        left = [str(alert.id) for alert in seen.alerts if alert.incident == number]
        left += [str(group.id) for group in seen.groups if group.incident == number]
        yield from differ(f"INC-{number} alerts and groups", [], left)


@must("I11")
def a_link_is_shown_by_both(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        for one in incident.links:
            other = seen.incidents.get(one.incident) if one.incident else None
            back = [link.relation for link in other.links if link.leads_to(number, "")] if other else []
            yield from differ(f"INC-{number} {one.incident}", [one.relation.other_way], back) if one.incident else ()


@must("I11")
def only_the_last_change_is_taken_back_and_to_what_was_before(seen: Picture) -> Iterator[Wrong]:
    for number, rows in seen.timelines.items():
        over, undone = 0, set[int]()
        for row in rows:
            over = row.seq if isinstance(row.event, FINAL) else over
            if not isinstance(row.event, ChangeUndone):
                continue
            where, of = f"INC-{number} {row.kind} at {row.at}", row.event.of
            if of <= over or of in undone:
                yield where, f"a change since row {over} that stands", of
            undone.add(of)
            yield from differ(where, _before(rows[of - 1].event), row.event.status or row.event.severity)


def _before(event: Event | None) -> str | None:
    return event.previous.value if isinstance(event, StatusChanged | SeverityChanged) else None


def _after(status: Status, event: Event) -> Status:
    match event:
        case IncidentDeclared(triage=triage):
            return Status.TRIAGE if triage else Status.INVESTIGATING
        case StatusChanged(status=new):
            return new
        case ChangeUndone(status=str(before)):
            return Status(before)
        case _:
            return TO.get(type(event), status)
