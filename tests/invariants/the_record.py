"""The record: what was accepted is in it, once; it is whole; and only what is legal happened (I1, I2, I10, I11)."""

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.domain.alert_events import AlertAcknowledged, AlertAttached
from bot.domain.course_events import (
    IncidentAbsorbed,
    IncidentAccepted,
    IncidentClosed,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
)
from bot.domain.deploys import DeployNoticed, is_of
from bot.domain.events import (
    ChannelOpened,
    Event,
    IncidentDeclared,
    IncidentResolved,
    RoleAssigned,
)
from bot.domain.evolve import fold
from bot.domain.ids import UserId
from bot.domain.message_events import MemberMoved, MessagePosted
from bot.domain.noticed import HolderAwake, HolderPaused
from bot.domain.page_events import PagerAnswered, PagerSilent
from bot.domain.policy import Policy
from bot.domain.roles_model import AnyRole
from bot.domain.undone import ChangeUndone
from bot.store.timeline import chain
from tests.invariants.picture import Log, Picture, Wrong, differ, must


@must("I1")
def what_was_accepted_is_in_the_record(seen: Picture) -> Iterator[Wrong]:
    log = seen.accepted or Log()
    for number in log.declared:
        if number not in seen.incidents:
            yield f"INC-{number}", "an incident", None
    for number, ts in log.messages:
        if not any(isinstance(event, MessagePosted) and event.ts == ts for event in seen.events(number)):
            yield f"INC-{number} message {ts}", "a row", None
    for number in log.resolved:
        if not any(isinstance(event, IncidentResolved) for event in seen.events(number)):
            yield f"INC-{number}", "resolved", None
    for number, role, user in log.assigned:
        given = (isinstance(e, RoleAssigned) and (e.role, e.user) == (role, user) for e in seen.events(number))
        if not any(given):
            yield f"INC-{number} {role}", user, None
    if seen.deliveries.total() < log.webhooks:
        yield "deliveries", log.webhooks, seen.deliveries.total()


@must("I1", at_rest=True)
def what_people_wrote_is_in_the_record_though_its_events_were_lost(seen: Picture) -> Iterator[Wrong]:
    for number, ts in seen.accepted.written if seen.accepted else ():
        if not any(isinstance(event, MessagePosted) and event.ts == ts for event in seen.events(number)):
            yield f"INC-{number} message {ts}", "a row", None


@must("I1", at_rest=True)
def an_open_incident_knows_what_went_out_on_its_service(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        known = {one.id for one in incident.deploys}
        since = incident.declared_at - (seen.policy or Policy()).deploys_before
        for one in seen.deploys if incident.status.is_open else ():
            if one.at >= since and is_of(one, incident.services) and one.id not in known:
                yield f"INC-{number} deploy {one.id}", "noticed", one.version


@must("I1", at_rest=True)
def every_number_that_was_given_has_its_incident(seen: Picture) -> Iterator[Wrong]:
    numbers = sorted(seen.incidents.keys() | seen.unreadable)
    yield from differ("incidents", list(range(1, len(numbers) + 1)), numbers)


@must("I2")
def what_comes_again_changes_nothing(seen: Picture) -> Iterator[Wrong]:
    for number in seen.timelines:
        counts = Counter(_once_each(seen.events(number)))
        for name, times in counts.items():
            yield from differ(f"INC-{number} {name}", 1, times)
    if seen.accepted:
        for number, times in Counter(seen.accepted.declared).items():
            yield from differ(f"INC-{number} accepted as declared", 1, times)


def _once_each(events: Iterable[Event]) -> Iterator[str]:
    """Yield the names under which things can happen only once to an incident, or once each time that it is open.

    What fires again after its end is taken up again, under the name of the alert that opened its group. An alert that
    became another's, when that was declared from it, comes back with the other when the two are merged.
    """
    reopened, fired, heard, absorbed = 0, 0, 0, 0
    for event in events:
        reopened += isinstance(event, IncidentReopened)
        fired += isinstance(event, AlertAttached)
        heard += isinstance(event, HolderAwake)
        absorbed += isinstance(event, IncidentAbsorbed)
        if isinstance(event, AlertAttached):
            yield f"{event.kind} {event.alert} after {absorbed} others"
        elif isinstance(event, AlertAcknowledged):
            yield f"{event.kind} {event.alert} of {fired} that fired"
        elif isinstance(event, HolderPaused):
            yield f"{event.kind} {event.user} until {event.until} after {heard} who heard again"
        elif name := _only_once(event, reopened):
            yield name


def _only_once(event: Event, reopened: int) -> str | None:
    match event:
        case IncidentDeclared():
            return event.kind
        case ChannelOpened(channel=channel):  # reopened once its channel is archived it gets another
            return f"{event.kind} {channel}"
        case (
            PagerSilent()
            | IncidentResolved()
            | IncidentClosed()
            | IncidentAccepted()
            | IncidentDeclined()
            | IncidentMerged()
        ):
            return f"{event.kind} {reopened}"
        case IncidentReopened(n=n):
            return f"{event.kind} {n}"
        case IncidentAbsorbed(incident=number):
            return f"{event.kind} {number}"
        case MessagePosted(ts=ts) | MemberMoved(ts=ts):
            return f"message {ts}"
        case DeployNoticed(deploy=deploy):
            return f"deploy {deploy.id}"
        case PagerAnswered(action="trigger", reopened=page):
            return f"page {page}"
        case _:
            return None


@must("I2")
def nobody_says_what_nobody_did(seen: Picture) -> Iterator[Wrong]:
    """See that the record has no more than what was accepted."""
    log = seen.accepted
    if log is None:
        return
    for number in set(log.declared):
        said = Counter(event.ts for event in seen.events(number) if isinstance(event, MessagePosted))
        for ts in said.keys() - {ts for of, ts in log.messages.keys() | log.written if of == number}:
            yield f"INC-{number} message {ts}", "nothing", "a row"
        over = any(isinstance(event, IncidentResolved) for event in seen.events(number))
        yield from differ(f"INC-{number} resolved", number in log.resolved, over)
        given = Counter((e.role, e.user) for e in seen.events(number) if isinstance(e, RoleAssigned))
        for (role, user), times in given.items():
            if times > log.assigned[number, role, user]:
                yield f"INC-{number} {role} to {user}", log.assigned[number, role, user], times


@must("I10")
def a_timeline_has_no_gap_and_its_chain_holds(seen: Picture) -> Iterator[Wrong]:
    for number, rows in seen.timelines.items():
        yield from differ(f"INC-{number} rows", list(range(1, len(rows) + 1)), [row.seq for row in rows])
        previous = ""
        for row in rows:
            expected = chain(previous, number, row.seq, row.body)
            yield from differ(f"INC-{number} row {row.seq} hash", expected, row.hash)
            previous = row.hash
            stored = row.event and (row.event.at, row.event.kind)
            yield from differ(f"INC-{number} row {row.seq}", (row.at, row.kind), stored)


@must("I10")
def an_incident_is_the_fold_of_its_timeline(seen: Picture) -> Iterator[Wrong]:
    for number in seen.incidents.keys() | seen.timelines.keys() | seen.unreadable:
        found, events = seen.incidents.get(number), seen.events(number)
        try:
            yield from differ(f"INC-{number}", fold(events), found)
        except ValueError as error:
            yield f"INC-{number}", "a timeline that begins with its declaration", str(error)
    for number in seen.disagreeing:
        yield f"INC-{number}", "columns that say what its body says", "others"


@must("I11")
def a_role_has_one_holder_and_each_handover_names_the_one_before(seen: Picture) -> Iterator[Wrong]:
    for number in seen.timelines:
        holders: dict[AnyRole, UserId] = {}
        for event in seen.events(number):
            if isinstance(event, ChangeUndone) and event.role:
                holders.pop(event.role, None)
                holders |= {event.role: event.user} if event.user else {}
            if not isinstance(event, RoleAssigned):
                continue
            where = f"INC-{number} {event.kind} at {event.at}"
            yield from differ(where, holders.get(event.role), event.previous)
            if event.previous == event.user:
                yield where, "a new holder", event.user
            holders[event.role] = event.user
