"""Nobody is told more of alerts than is needed: storms, digests, proposals, what flaps or is never over (I25)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from bot.domain.alert_events import AlertFlapping
from bot.domain.alerts_model import AlertStatus
from bot.domain.digests_model import digest_of
from bot.domain.events import IncidentResolved
from bot.domain.groups_model import Became, Group
from bot.domain.ids import AlertId
from bot.domain.names import short_digest
from bot.domain.places import place
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.storms import GRAVE_FOR, GRAVE_IN_THREAD
from bot.domain.storms_model import Stand
from bot.domain.work import WatchHeartbeat
from tests.invariants.picture import Picture, Wrong, differ, must

# By how much a clock that is set while something is on its way may differ from itself.
SET_BY: Final = timedelta(minutes=10)
BY_PEOPLE: Final = frozenset({Became.TAKEN, Became.GIVEN, Became.HUSHED, Became.UNHUSHED, Became.JOINED})
# What is remembered of a group is its last; of one with so much behind it nobody knows any more how it began.
LONG: Final = 15


@must("I25")
def no_more_groups_stand_by_themselves_than_are_no_storm(seen: Picture) -> Iterator[Wrong]:
    policy = seen.policy.storm if seen.policy else None
    if policy is None or not policy.groups:
        return
    calm: dict[str, list[datetime]] = defaultdict(list)
    for group in seen.groups:
        if group.stand is Stand.CHANNEL and group.storm is None and _is_simple(group):
            calm[group.channel].append(group.opened_at)
    for channel, moments in calm.items():
        yield from _too_many(channel, moments, policy.groups, policy.within)


@must("I25")
def few_of_a_storm_have_a_message(seen: Picture) -> Iterator[Wrong]:
    """See that the thread stays readable, and that even critical groups of a storm do not flood the channel."""
    for storm in seen.storms:
        groups = [group for group in seen.groups if group.storm == storm.id and _is_simple(group)]
        threaded = sum(group.stand is Stand.THREAD for group in groups)
        if threaded > GRAVE_IN_THREAD:
            yield f"storm {storm.id} thread", f"at most {GRAVE_IN_THREAD}", threaded
        if seen.policy and seen.policy.storm.groups:
            alone = [group.opened_at for group in groups if group.stand is Stand.CHANNEL and not group.past]
            limit = seen.policy.storm
            yield from _too_many(f"storm {storm.id}", alone, limit.groups, limit.within * GRAVE_FOR)


def _is_simple(group: Group) -> bool:
    """Tell whether a group found its place when it opened, and nobody did anything about it since."""
    kept_back = any(one.what is Became.QUIET or one.what in BY_PEOPLE for one in group.past)
    return not (kept_back or group.hidden or group.judged or group.digest or len(group.past) > LONG)


def _too_many(where: str, moments: list[datetime], allowed: int, within: timedelta) -> Iterator[Wrong]:
    there = sorted(moments)
    for first, last in zip(there, there[allowed:], strict=False):
        if last - first < within:
            yield f"{where} at {last}", f"at most {allowed} groups in {within}", "more"


@must("I25")
def what_is_told_in_a_digest_has_no_message_of_its_own(seen: Picture) -> Iterator[Wrong]:
    for group in seen.groups:
        if group.digest:
            yield from differ(f"group {group.id} messages", 0, seen.posted.get(f"group:{group.id}", 0))


@must("I25")
def a_digest_is_told_at_its_time_and_once_a_period(seen: Picture) -> Iterator[Wrong]:
    known = {short_digest(group.channel, group.digest): group.digest for group in seen.groups if group.digest}
    for one in seen.messages:
        kind, _, rest = (one.marker or "").partition(":")
        name, _, until = rest.partition(":")
        if kind != "digest" or name not in known:
            continue
        told = datetime.fromtimestamp(int(until), seen.now.tzinfo)
        yield from differ(f"{one.marker} period", digest_of(known[name]).next_after(told - timedelta(seconds=1)), told)
        if one.at < (told - SET_BY).timestamp():
            yield f"{one.marker}", f"not before {told}", one.ts


@must("I25")
def an_end_is_proposed_once_a_quiet_spell(seen: Picture) -> Iterator[Wrong]:
    for number in seen.timelines:
        asked: list[ResolveProposed] = []
        stands = None
        for event in seen.events(number):
            where = f"INC-{number} {event.kind} at {event.at}"
            match event:
                case ResolveProposed(n=n):
                    yield from differ(where, (len(asked) + 1, None), (n, stands))
                    asked.append(event)
                    stands = n
                case ProposalEnded(n=n):  # who reopens what was resolved ends what was proposed before
                    yield from differ(where, stands, n)
                    stands = None
                case _:
                    pass
        for before, after in pairwise(asked):
            if before.since == after.since:
                yield f"INC-{number} proposal {after.n}", "another quiet spell", after.since
        told = [one.marker for one in seen.messages if (one.marker or "").startswith(f"proposal:{number}:")]
        if len(told) > len(asked):
            yield f"INC-{number} proposals", len(asked), told


@must("I25")
def that_alerts_flap_is_said_once(seen: Picture) -> Iterator[Wrong]:
    for number in seen.timelines:
        flapping = set[AlertId]()
        for event in seen.events(number):
            if isinstance(event, IncidentResolved):
                flapping.clear()
            elif isinstance(event, AlertFlapping) and event.steady is None:
                if event.alert in flapping:
                    yield f"INC-{number} at {event.at}", f"nothing more of {event.alert} until it is steady", event.kind
                flapping.add(event.alert)
            elif isinstance(event, AlertFlapping):
                flapping.discard(event.alert)


@must("I25", at_rest=True)
def what_its_source_never_resolves_is_over_in_time(seen: Picture) -> Iterator[Wrong]:
    for alert in seen.alerts:
        if seen.policy is None or alert.status is not AlertStatus.FIRING or alert.group is None:
            continue
        if seen.policy.resolve_after(alert.report) is None:
            yield from differ(f"alert {alert.id} over without its source's word", None, alert.lapses_at)
        elif alert.lapses_at is None or alert.lapses_at <= seen.now:
            yield f"alert {alert.id}", "over, or about to be looked at", alert.lapses_at


@must("I25")
def an_expected_heartbeat_is_waited_for(seen: Picture) -> Iterator[Wrong]:
    for dog in seen.policy.watchdogs if seen.policy else ():
        look = WatchHeartbeat(source=dog.source, integration=dog.integration)
        if not seen.waits(look.kind, place(look).key):
            yield f"heartbeat of {dog.label}", "a look whether it is overdue", None
