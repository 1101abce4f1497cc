"""Time: reminders come once, never early, not too late, and never after the end (I6, I9)."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final, TypeGuard

from bot.domain.alert_events import AlertAcknowledged
from bot.domain.course_events import IncidentAccepted, IncidentDeclined, IncidentMerged, IncidentReopened
from bot.domain.events import (
    CommandVacant,
    DeliveryFailed,
    Event,
    IncidentDeclared,
    IncidentResolved,
    ReminderPosted,
    RoleAssigned,
    SeverityChanged,
    UpdateOverdue,
    UpdateSent,
)
from bot.domain.handovers import AwaitHandover
from bot.domain.ids import IncidentId
from bot.domain.model import Incident, Status
from bot.domain.noticed import AwaitStructure
from bot.domain.page_events import PagerTold
from bot.domain.places import place
from bot.domain.roles_model import Role
from bot.domain.unacknowledged import AcknowledgementMissed, AwaitAcknowledgement
from bot.domain.undone import ChangeUndone
from bot.domain.work import Reminder, Timer
from tests.invariants.picture import Picture, Wrong, differ, must

# A call that was under way when the incident ended, and that Slack applies late.
ENDS: Final = (IncidentResolved, IncidentDeclined, IncidentMerged)
UNDER_WAY: Final = timedelta(seconds=60)


@must("I6")
def reminders_are_counted_without_a_gap(seen: Picture) -> Iterator[Wrong]:
    for number in seen.timelines:
        overdue = [event.n for event in seen.events(number) if isinstance(event, UpdateOverdue)]
        vacant = [event.n for event in seen.events(number) if isinstance(event, CommandVacant)]
        for name, decided in (("update", overdue), ("command", vacant)):
            yield from differ(f"INC-{number} reminders of {name}", list(range(1, len(decided) + 1)), decided)
            ended = _ended(seen, number, name)
            yield from differ(f"INC-{number} ended reminders of {name}", decided[: len(ended)], ended)


@must("I6")
def none_is_decided_while_another_is_on_its_way(seen: Picture) -> Iterator[Wrong]:
    """See that after an outage there is one reminder, not fifty."""
    for number in seen.timelines:
        decided, ended = Counter[str](), Counter[str]()
        for event in seen.events(number):
            match event:
                case UpdateOverdue() | CommandVacant():
                    about = "update" if isinstance(event, UpdateOverdue) else "command"
                    yield from differ(f"INC-{number} reminders of {about} at {event.at}", ended[about], decided[about])
                    decided[about] += 1
                case ReminderPosted(about=about) | DeliveryFailed(what="slack.remind", about=about):
                    ended[about] += 1
                case _:
                    pass


@must("I6", at_rest=True)
def each_reminder_came_to_its_end(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        for name, decided in (("update", incident.reminded), ("command", incident.vacancies)):
            failed = any(event.kind == "delivery_failed" for event in seen.events(number))
            if not failed:
                yield from differ(f"INC-{number} reminders of {name}", decided, len(_ended(seen, number, name)))


@must("I6")
def no_reminder_comes_before_its_time_or_much_later(seen: Picture) -> Iterator[Wrong]:
    """See that each was decided on the grid of its due time, at most `late` after a point of it, when that is said."""
    for number in seen.timelines:
        every = timedelta()
        for event in seen.events(number):
            match event:
                case IncidentDeclared() | IncidentAccepted() | IncidentReopened() | SeverityChanged() | UpdateSent():
                    every = event.update_every
                case ChangeUndone(update_every=timedelta() as again):
                    every = again
                case UpdateOverdue(at=at, due=due, n=n):
                    where = f"INC-{number} reminder {n}"
                    if at < due:
                        yield where, f"not before {due}", at
                    elif seen.late is not None and every and (at - due) % every > seen.late:
                        yield where, f"at most {seen.late} after its time", (at - due) % every
                case _:
                    pass


@must("I6")
def only_decided_reminders_are_in_the_channel(seen: Picture) -> Iterator[Wrong]:
    for one in seen.messages:
        if not one.marker or not one.marker.startswith("reminder:"):
            continue
        _, number, about, n = one.marker.split(":")
        incident = seen.incidents.get(IncidentId(int(number)))
        decided = _decided(incident, about) if incident else 0
        if int(n) > decided:
            yield one.marker, f"at most {decided} reminders", n


def _decided(incident: Incident, about: str) -> int:
    """Return how many reminders may have been posted; of triage one is not counted before it stands there."""
    match about:
        case "update":
            return incident.reminded
        case "triage":
            return incident.triage_reminders + 1
        case _:
            return incident.vacancies


@must("I6")
def an_open_incident_keeps_its_timers(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        wanted = [Reminder.UPDATE] if incident.commander else [Reminder.UPDATE, Reminder.COMMAND]
        asked = seen.policy is None or seen.policy.triage_after is not None
        if incident.status is Status.TRIAGE:
            wanted = [Reminder.TRIAGE] if asked else []
        for about in wanted if incident.status.is_open else ():
            timer = Timer(incident=number, about=about)
            if not seen.waits(timer.kind, place(timer).key):
                yield f"INC-{number}", f"a timer of {about}", None


@must("I6")
def a_grave_incident_is_looked_at_for_its_structure(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        vacant = [role for role in Role if role not in incident.roles]
        due = incident.status.is_open and incident.grave_since and not incident.structure_proposed
        timer = AwaitStructure(incident=number)
        if due and vacant and not seen.waits(timer.kind, place(timer).key):
            yield f"INC-{number}", "a timer", None


@must("I6")
def a_target_is_told_once_at_most_and_only_of_what_nobody_took_up(seen: Picture) -> Iterator[Wrong]:
    """See that nothing is told as not acknowledged that is, nor twice before it is reopened."""
    for number in seen.timelines:
        commander, taken, told, newest = False, False, 0, None
        for event in seen.events(number):
            match event:
                case RoleAssigned(role=Role.COMMANDER):
                    commander = True
                case ChangeUndone(role=Role.COMMANDER):
                    commander = event.user is not None
                case AlertAcknowledged():
                    taken = True
                case PagerTold(callee=None) if newest is None or event.told_at >= newest.told_at:
                    newest = event
                case IncidentReopened():
                    taken, told, newest = False, 0, None
                case AcknowledgementMissed():
                    told += 1
                    has_it = commander or taken or (newest and newest.word in {"acknowledged", "resolved"})
                    if has_it or told > 1:
                        yield f"INC-{number} at {event.at}", "told once, and only when nobody has taken it up", event
                case _:
                    pass


@must("I6")
def a_page_is_looked_at_when_its_target_passes(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        within = seen.policy.severities[incident.severity].acknowledge_within if seen.policy else None
        since, timer = incident.pages_since, AwaitAcknowledgement(incident=number)
        awaited = within and since and not incident.unacknowledged_at and seen.now < since + within
        if awaited and not seen.waits(timer.kind, place(timer).key):
            yield f"INC-{number}", "a timer", None


@must("I6")
def what_was_offered_is_asked_after(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        for one in incident.handovers if incident.status.is_open else ():
            timer = AwaitHandover(incident=number, n=one.n)
            if one.stands and not one.unanswered and not seen.waits(timer.kind, place(timer).key):
                yield f"INC-{number} handover {one.n}", "a timer", None


@must("I9")
def nothing_is_reminded_of_after_the_end(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        over = False
        for event in seen.events(number):
            if over and isinstance(event, UpdateOverdue | CommandVacant | AcknowledgementMissed):
                yield f"INC-{number}", "no reminder after the end", event.kind
            over = isinstance(event, ENDS) or (over and not isinstance(event, IncidentReopened))
        if incident.ended_at is None:
            continue
        limit = (incident.ended_at + UNDER_WAY + seen.set_back).timestamp()
        for one in seen.said_in(incident.channel):
            if one.marker and one.marker.startswith(f"reminder:{number}:") and one.at > limit:
                yield one.marker, f"nothing after {incident.ended_at}", one.ts
        missed = {row.seq for row in seen.timelines[number] if isinstance(row.event, AcknowledgementMissed)}
        told = {f"{how}:{number}:{seq}" for seq in missed for how in ("said", "announced", "told")}
        for one in seen.messages if told else ():
            if one.marker in told and one.at > limit:
                yield one.marker, f"nothing after {incident.ended_at}", one.ts


def _ended(seen: Picture, number: IncidentId, about: str) -> list[int]:
    return [event.n for event in seen.events(number) if _is_end(event) and event.about == about]


def _is_end(event: Event) -> TypeGuard[ReminderPosted | DeliveryFailed]:
    """Tell whether a reminder came to its end: in the channel, or in vain."""
    return isinstance(event, ReminderPosted) or (isinstance(event, DeliveryFailed) and event.what == "slack.remind")
