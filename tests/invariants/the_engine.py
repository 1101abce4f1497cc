"""What is on its way: nothing lost, nobody stuck, the pager asked, no secret written down (I7-I9, I14, I18-I20)."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.domain.calls import CallAccepted, PageCallee
from bot.domain.course_events import IncidentAccepted, IncidentReopened
from bot.domain.events import DeliveryFailed, Event, IncidentDeclared, ReminderPosted, SeverityChanged
from bot.domain.ids import IncidentId
from bot.domain.page_events import PagerAnswered, PagerSilent, PagerTold
from bot.domain.places import place
from bot.domain.second_route import CallPerson
from bot.domain.work import Page, PageAction
from bot.engine.dispatch import LEASE
from tests.invariants.picture import Picture, Waiting, Wrong, differ, must

# What may ask for a page.
_PAGING: Final = (IncidentDeclared, SeverityChanged, IncidentReopened, IncidentAccepted)
# Two machines' clocks are never quite one.
SKEW: Final = timedelta(seconds=5)


@must("I8")
def who_is_called_is_asked_of_the_pager_once(seen: Picture) -> Iterator[Wrong]:
    """See that each call by pager was accepted once, or is on its way, or is told to have failed, or is over."""
    for number, incident in seen.incidents.items():
        failed = seen.gave_up(number, "pager.call")
        calls = [one for one in incident.calls if one.reopened == incident.reopened]
        for one in calls if incident.status.is_open and not failed else ():
            work = PageCallee(incident=number, n=one.n)
            if one.by_pager and not one.accepted_at and not seen.waits(work.kind, place(work).key):
                yield f"INC-{number} call {one.n}", "accepted, or on its way", None
        accepted = Counter(event.n for event in seen.events(number) if isinstance(event, CallAccepted))
        for n, times in accepted.items():
            yield from differ(f"INC-{number} call {n} accepted", 1, times)
        for told in (event for event in seen.events(number) if isinstance(event, PagerTold) and event.callee):
            ringing = {one.n: one.callee for one in incident.calls if one.by_pager}
            yield from differ(f"INC-{number} who was called by call {told.n}", ringing.get(told.n), told.callee)


@must("I7")
def while_the_pager_is_silent_who_is_on_call_is_told(seen: Picture) -> Iterator[Wrong]:
    """See that who waits for a page is looked after in time, and then called: in Slack, or on its way there."""
    for number, incident in seen.incidents.items():
        silent = [event for event in seen.events(number) if isinstance(event, PagerSilent)]
        if incident.page_missing_since is None:
            continue
        if incident.pager_silent_at is None and not seen.waits("timer.page", f"page:{number}:overdue"):
            yield f"INC-{number}", "somebody who looks whether the pager has accepted the page", None
        failed = seen.gave_up(number, "slack.call")
        last = silent[-1].called if silent and incident.pager_silent_at else ()
        calls = (CallPerson(incident=number, user=user, reopened=incident.reopened) for user in last)
        for key in (place(call).key for call in calls):
            if not seen.posted.get(key) and not seen.waits("slack.call", key) and not failed:
                yield f"INC-{number} {key}", "posted, or waiting", None


@must("I8")
def a_page_is_accepted_or_waits_or_its_failure_is_known(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        trigger = Page(incident=number, action=PageAction.TRIGGER, reopened=incident.reopened)
        waits = seen.waits(trigger.kind, place(trigger).key)
        if not incident.paged or waits or number in seen.unneeded:
            continue
        ends = [
            event
            for event in seen.events(number)
            if (isinstance(event, PagerAnswered) and (event.action, event.reopened) == ("trigger", incident.reopened))
            or (isinstance(event, DeliveryFailed) and event.what == "pager.page")
        ]
        if not ends:
            yield f"INC-{number}", "an answer of the pager", None


@must("I8", at_rest=True)
def the_pager_knows_what_was_paged(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        asked = list(dict.fromkeys(seen.pages.get((number, incident.reopened), ())))
        failed = seen.gave_up(number, "pager.page")
        if not incident.paged or failed or number in seen.unneeded:
            continue
        yield from differ(f"INC-{number} first asked of the pager", ["trigger"], asked[:1])
        yield from differ(f"INC-{number} closed", not incident.status.is_open, "resolve" in asked)


@must("I8")
def nobody_is_woken_for_nothing_or_twice(seen: Picture) -> Iterator[Wrong]:
    for (number, reopened), asked in seen.pages.items():
        paged = (one.paged for one in _spell(seen, number, reopened) if isinstance(one, _PAGING))
        if asked and not any(paged):
            yield f"INC-{number} page {reopened}", "no page", asked
    for (number, reopened), times in seen.woken.items():
        if times > 1:
            yield f"INC-{number} page {reopened}", 1, times


@must("I9")
def nothing_is_paged_after_it_was_acknowledged_or_over(seen: Picture) -> Iterator[Wrong]:
    """Repeats of one request carry the same key and page nobody; a new kind of request after the end would."""
    for (number, reopened), asked in seen.pages.items():
        order = list(dict.fromkeys(asked))
        if "trigger" in order[1:]:
            yield f"INC-{number} page {reopened}", "the page first", order
        if "resolve" in order[:-1]:
            yield f"INC-{number} page {reopened}", "nothing after the page was closed", order


def _spell(seen: Picture, number: IncidentId, reopened: int) -> Iterator[Event]:
    """Yield what happened while an incident had been reopened so often."""
    times = 0
    for event in seen.events(number):
        times += isinstance(event, IncidentReopened)
        if times == reopened:
            yield event


@must("I14")
def no_secret_is_written_anywhere(seen: Picture) -> Iterator[Wrong]:
    for where, text in seen.written.items():
        for number, secret in enumerate(seen.secrets, 1):
            if secret and secret in text:
                yield where, "no secret", f"secret number {number}"


@must("I18")
def a_lane_has_one_owner_for_a_limited_time(seen: Picture) -> Iterator[Wrong]:
    tokens = Counter(lane.token for lane in seen.lanes if lane.token)
    for token, times in tokens.items():
        yield from differ(f"token {token}", 1, times)
    for lane in seen.lanes:
        yield from differ(f"lane {lane.name} leased with a token", lane.leased_until is not None, bool(lane.token))
        if lane.leased_until and lane.leased_until > seen.now + LEASE + SKEW:
            yield f"lane {lane.name}", f"leased for at most {LEASE}", lane.leased_until


@must("I18")
def an_id_is_never_given_to_other_work(seen: Picture) -> Iterator[Wrong]:
    """See that who still holds an id of long ago can never mean something else by it."""
    numbered = seen.accepted.numbered if seen.accepted else {}
    for one in seen.effects:
        known = numbered.setdefault(one.id, f"{one.kind} {one.key}")
        yield from differ(f"effect {one.id}", known, f"{one.kind} {one.key}")


@must("I19")
def what_waits_will_be_found(seen: Picture) -> Iterator[Wrong]:
    """See that each effect's lane is there, and wakes no later than its head is due, or is awake already.

    A lane that was freed from a dead worker keeps the moment at which that one took it: its head may be older.
    """
    lanes = {lane.name: lane for lane in seen.lanes}
    for head in _heads(seen).values():
        lane = lanes.get(head.lane)
        if lane is None:
            yield f"{head.kind} {head.key}", f"a lane {head.lane}", None
        elif lane.leased_until is None and lane.next_due > max(head.due, seen.now):
            yield f"lane {lane.name}", f"awake by {head.due}", lane.next_due


@must("I19", at_rest=True)
def nothing_waits_once_all_is_well(seen: Picture) -> Iterator[Wrong]:
    """See that nothing is due, or was tried and not done; what is due later (a timer) rightly waits."""
    for one in seen.effects:
        if not one.quarantined and (one.due <= seen.now or one.attempts):
            yield f"{one.kind} {one.key}", "done", f"due {one.due}, tried {one.attempts} times, {one.error}"
    for lane in seen.lanes:
        if lane.leased_until is not None:
            yield f"lane {lane.name}", "free", f"leased until {lane.leased_until}"
    if seen.deliveries["waiting"]:
        yield "deliveries", "all read", seen.deliveries["waiting"]


@must("I20")
def what_is_set_aside_is_told_to_somebody(seen: Picture) -> Iterator[Wrong]:
    for one in seen.effects:
        if one.quarantined and one.incident is not None and not seen.gave_up(one.incident, one.kind):
            yield f"{one.kind} {one.key}", "a row that says that it failed", None


@must("I20")
def who_can_mend_a_failure_is_told_of_it(seen: Picture) -> Iterator[Wrong]:
    """See that a person is told of each failure, or the admins are; of a reminder's only when the last came through."""
    for number, rows in seen.timelines.items():
        before: Event | None = None
        for row in rows:
            if (number, row.seq) in seen.too_late:
                continue
            # Who subscribed and cannot be written to misses what the channel has all the same: nobody has to mend it.
            if not isinstance(row.event, DeliveryFailed) or row.event.what in {"slack.failure", "slack.subscriber"}:
                before = row.event if isinstance(row.event, ReminderPosted) else before
                continue
            again, key = isinstance(before, DeliveryFailed), f"failure:{number}:{row.seq}"
            if row.event.what == "slack.remind":
                before = row.event
            in_vain = seen.gave_up(number, "slack.failure")  # it could be told to nobody but the admins
            told = seen.posted.get(key) or seen.waits("slack.failure", key) or in_vain
            if not told and not (again and row.event.what == "slack.remind"):
                yield f"INC-{number} {key}", "posted, or waiting", None


@must("I20", at_rest=True)
def nothing_is_set_aside(seen: Picture) -> Iterator[Wrong]:
    for one in seen.effects:
        if one.quarantined:
            yield f"{one.kind} {one.key}", "done", f"quarantined: {one.error}"


def _heads(seen: Picture) -> dict[str, Waiting]:
    heads: dict[str, Waiting] = {}
    for one in sorted(seen.effects, key=lambda effect: effect.id):
        if not one.quarantined:
            heads.setdefault(one.lane, one)
    return heads
