"""What is left to do is asked about in order, once a day, not when it is done (I6); who is told is told once (I4)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Final

from bot.domain.action_items import ActionEnded, ActionReminded, ActionReopened, AwaitAction, ShowAction, zone_named
from bot.domain.events import Told
from bot.domain.ids import IncidentId
from bot.domain.places import place
from bot.domain.privacy import MemberLeft, may_be_told
from tests.invariants.picture import Picture, Wrong, differ, must

TOGETHER_FOR: Final = timedelta(minutes=5)
# Of what somebody is told in direct messages, and how many parts of its marker name the thing.
DIRECT: Final[Mapping[str, int]] = {"action": 4, "action_reminder": 4, "subscribed": 4}


@must("I6")
def who_has_something_to_do_is_asked_once_a_day_and_not_when_it_is_done(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        asked = {event.n for event in seen.events(number) if isinstance(event, ActionReminded)}
        yield from differ(f"INC-{number} asked about", asked, asked & {one.n for one in incident.actions})
        for one in incident.actions:
            where, over, days, counts = f"INC-{number} action item {one.n}", False, list[object](), list[int]()
            for event in seen.events(number):
                if not isinstance(event, ActionReminded | ActionEnded | ActionReopened) or event.n != one.n:
                    continue
                if isinstance(event, ActionReminded):
                    days.append((event.at.astimezone(zone_named(one.zone)).date(), event.user))
                    counts.append(event.count)
                    yield from differ(where, "asked while it is open", "asked after its end") if over else ()
                else:
                    over = isinstance(event, ActionEnded)
            yield from differ(f"{where} is counted", list(range(1, one.reminded + 1)), counts)
            yield from differ(f"{where} is asked about once a day", len(set(days)), len(days))


@must("I6")
def what_is_due_has_its_timer(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        for one in incident.open_actions:
            timer = AwaitAction(incident=number, n=one.n)
            if one.due and not seen.waits(timer.kind, place(timer).key):
                yield f"INC-{number} action item {one.n}", "a timer", None


@must("I6")
def only_what_was_decided_is_asked_in_direct_messages(seen: Picture) -> Iterator[Wrong]:
    for said in seen.messages:
        if not said.marker or not said.marker.startswith("action_reminder:"):
            continue
        _, number, n, count = said.marker.split(":")
        incident = seen.incidents.get(IncidentId(int(number)))
        decided = incident.actions[int(n) - 1].reminded if incident else 0
        if int(count) > decided:
            yield said.marker, f"at most {decided} reminders", count


@must("I4")
def who_is_given_something_is_told_of_it(seen: Picture) -> Iterator[Wrong]:
    """See that an owner is told, but who was out of a private incident while Slack was away, though they are back."""
    for number, incident in seen.incidents.items():
        if seen.gave_up(number, "slack.action"):
            continue
        were_out = {event.user for event in seen.events(number) if isinstance(event, MemberLeft)}
        for one in incident.open_actions:
            if not one.owner or not one.told or one.owner in were_out or not may_be_told(incident, one.owner):
                continue
            work = ShowAction(incident=number, n=one.n, given=one.given, user=one.owner)
            key = place(work).key
            if not seen.posted.get(key) and not seen.waits(work.kind, key):
                yield f"INC-{number} {key}", "posted, or waiting", None


@must("I4")
def who_is_told_by_themselves_is_told_once(seen: Picture) -> Iterator[Wrong]:
    """See that of one thing there is one direct message, whatever it was called."""
    told = Counter(":".join(parts[:size]) for parts, size in _told(seen))
    for what, times in told.items():
        yield from differ(what, 1, times)


@must("I4")
def subscribers_have_at_most_one_message_in_five_minutes(seen: Picture) -> Iterator[Wrong]:
    for number in seen.timelines:
        told = [event for event in seen.events(number) if isinstance(event, Told) and event.subscribers]
        for first, second in pairwise(sorted({event.told_at for event in told if event.told_at})):
            if second - first < TOGETHER_FOR:
                yield f"INC-{number} told at {second}", f"not before {first + TOGETHER_FOR}", second
        moments = {(event.told_with, event.told_at) for event in told}
        yield from differ(f"INC-{number} moments of tellings", len({row for row, _ in moments}), len(moments))


def _told(seen: Picture) -> Iterator[tuple[list[str], int]]:
    """Yield the markers of direct messages by their parts, and how many of these name what is told."""
    for one in seen.messages:
        parts = (one.marker or "").split(":")
        if one.ours and parts[0] in DIRECT:
            yield parts, DIRECT[parts[0]]
