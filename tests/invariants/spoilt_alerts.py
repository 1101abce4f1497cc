"""Pictures that are wrong in what is told of alerts, as those of spoilt.py."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.domain.alert_events import AlertFlapping
from bot.domain.alerts_model import AlertSeverity
from bot.domain.archives import ArchiveWarned, ArchivingEnd, ArchivingEnded, ChannelReplaced
from bot.domain.events import Event
from bot.domain.groups_model import Group
from bot.domain.ids import AlertId, ChannelId, GroupId, IncidentId, MessageTs, SourceName, UserId
from bot.domain.matchers import matchers_of
from bot.domain.message_events import MessagePosted
from bot.domain.muting import Silence
from bot.domain.names import short_digest
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.storms_model import Stand, Storm, StormId
from bot.domain.watchdogs import Watchdog
from tests.invariants import the_archive, the_calm, the_quiet
from tests.invariants.picture import Check, Message, Picture, Row

Spoil = Callable[[Picture], Picture]
N: Final = IncidentId(1)
MINUTE: Final = timedelta(minutes=1)
MANY: Final = 60


def _happen(make: Callable[[Picture], Iterable[Event]]) -> Spoil:
    """Let more happen to the first incident, at the end of its timeline."""

    def spoil(seen: Picture) -> Picture:
        rows = list(seen.timelines[N])
        for event in make(seen):
            rows.append(Row(seq=len(rows) + 1, at=event.at, kind=event.kind, body="", hash="", event=event))
        return replace(seen, timelines={**seen.timelines, N: tuple(rows)})

    return spoil


def _group(**changes: object) -> Spoil:
    """Let the group that is there be otherwise."""

    def spoil(seen: Picture) -> Picture:
        first, *others = seen.groups
        return replace(seen, groups=(replace(first, **changes), *others))  # type: ignore[arg-type] # real fields

    return spoil


def _many(stand: Stand, storm: str | None = None) -> Spoil:
    """Let very many groups stand there that opened at once."""

    def spoil(seen: Picture) -> Picture:
        simple = replace(seen.groups[0], past=(), stand=stand, storm=StormId(storm) if storm else None, judged=None)
        many: tuple[Group, ...] = tuple(replace(simple, id=GroupId(f"g{n}")) for n in range(MANY))
        counts = {"": {AlertSeverity.WARNING: MANY}}
        storms = (Storm(id=StormId(storm), channel="alerts", counts=counts, groups=MANY),) if storm else ()
        return replace(seen, groups=many, storms=storms)

    return spoil


def _silenced(seen: Picture) -> Picture:
    since = seen.now - timedelta(days=7)
    silence = Silence(
        id=1,
        matchers=matchers_of("service=checkout"),
        by=next(iter(seen.incidents.values())).declared_by or "",  # type: ignore[arg-type] # anybody
        reason="known",
        created_at=since,
        starts_at=since,
        ends_at=seen.now + timedelta(days=7),
    )
    return replace(seen, silences=(silence,))


def _expected(seen: Picture) -> Picture:
    assert seen.policy
    dog = Watchdog(source=SourceName("a"), integration="b", match=(), every=MINUTE, grace=MINUTE)
    return replace(seen, policy=replace(seen.policy, watchdogs=(dog,)))


def _digest(*, until_off: timedelta) -> Spoil:
    """Let a digest of every hour be told at a time that is none of its."""

    def spoil(seen: Picture) -> Picture:
        of_digests = replace(seen.groups[0], digest="1h", id=GroupId("of a digest"))
        until = seen.now.replace(minute=0, second=0, microsecond=0) + until_off
        marker = f"digest:{short_digest(of_digests.channel, '1h')}:{until.timestamp():.0f}"
        told = Message(channel="C1", ts=f"{seen.now.timestamp():.6f}", ours=True, markup="", marker=marker)
        return replace(seen, groups=(*seen.groups, of_digests), messages=(*seen.messages, told))

    return spoil


def _asked(seen: Picture, n: int) -> ResolveProposed:
    return ResolveProposed(at=seen.now, n=n, since=seen.now - MINUTE)


def _wrote(seen: Picture) -> MessagePosted:
    return MessagePosted(at=seen.now, by=UserId("U0ANA"), ts=MessageTs("9.9"), text="Still here", permalink="")


def _warned(seen: Picture, n: int = 1) -> ArchiveWarned:
    return ArchiveWarned(at=seen.now, n=n, since=seen.now - MINUTE, notice=MINUTE)


def _archived(seen: Picture, n: int = 1, *, later: timedelta = MINUTE) -> ArchivingEnded:
    return ArchivingEnded(at=seen.now + later, n=n, end=ArchivingEnd.ARCHIVED)


def _flaps(seen: Picture) -> AlertFlapping:
    return AlertFlapping(at=seen.now, alert=AlertId("a"), title="It flaps", since=seen.now, turns=4)


SPOILT_ALERTS: Final[Mapping[str, tuple[Check, Spoil]]] = {
    "very many groups by themselves": (
        the_calm.no_more_groups_stand_by_themselves_than_are_no_storm,
        _many(Stand.CHANNEL),
    ),
    "very many critical groups of a storm by themselves": (
        the_calm.few_of_a_storm_have_a_message,
        _many(Stand.CHANNEL, "s"),
    ),
    "a thread that is very long": (the_calm.few_of_a_storm_have_a_message, _many(Stand.THREAD, "s")),
    "a message of what is told in a digest": (
        the_calm.what_is_told_in_a_digest_has_no_message_of_its_own,
        _group(digest="1h"),
    ),
    "a digest between two hours": (
        the_calm.a_digest_is_told_at_its_time_and_once_a_period,
        _digest(until_off=-30 * MINUTE),
    ),
    "a digest before its time": (
        the_calm.a_digest_is_told_at_its_time_and_once_a_period,
        _digest(until_off=timedelta(hours=2)),
    ),
    "two proposals at once": (
        the_calm.an_end_is_proposed_once_a_quiet_spell,
        _happen(lambda seen: [_asked(seen, 1), _asked(seen, 2)]),
    ),
    "a proposal that is counted wrongly": (
        the_calm.an_end_is_proposed_once_a_quiet_spell,
        _happen(lambda seen: [_asked(seen, 7)]),
    ),
    "two proposals of one quiet spell": (
        the_calm.an_end_is_proposed_once_a_quiet_spell,
        _happen(lambda seen: [_asked(seen, 1), ProposalEnded(at=seen.now, n=1), _asked(seen, 2)]),
    ),
    "the end of a proposal that nobody made": (
        the_calm.an_end_is_proposed_once_a_quiet_spell,
        _happen(lambda seen: [ProposalEnded(at=seen.now, n=1)]),
    ),
    "two warnings at once": (
        the_archive.a_channel_is_archived_after_a_warning_that_had_its_time,
        _happen(lambda seen: [_warned(seen), _warned(seen, 2)]),
    ),
    "a channel that is archived without a warning": (
        the_archive.a_channel_is_archived_after_a_warning_that_had_its_time,
        _happen(lambda seen: [_archived(seen)]),
    ),
    "a quiet channel that nobody looks at": (
        the_archive.a_quiet_channel_will_be_looked_at,
        lambda seen: replace(seen, effects=tuple(one for one in seen.effects if one.kind != "timer.quiet")),
    ),
    "a channel that is archived too soon": (
        the_archive.a_channel_is_archived_after_a_warning_that_had_its_time,
        _happen(lambda seen: [_warned(seen), _archived(seen, later=timedelta())]),
    ),
    "a new channel for what was not to be archived": (
        the_archive.a_channel_is_archived_after_a_warning_that_had_its_time,
        _happen(lambda seen: [ChannelReplaced(at=seen.now, archived=ChannelId("C1"))]),
    ),
    "a warning that counts from before the last word": (
        the_archive.who_wrote_is_heard_before_a_channel_is_warned,
        _happen(lambda seen: [_wrote(seen), _warned(seen)]),
    ),
    "flapping that is told twice": (
        the_calm.that_alerts_flap_is_said_once,
        _happen(lambda seen: [_flaps(seen), _flaps(seen)]),
    ),
    "a heartbeat that nobody waits for": (the_calm.an_expected_heartbeat_is_waited_for, _expected),
    "a message of what is hidden": (the_quiet.what_is_hidden_has_no_message, _group(hidden=True)),
    "a message of what was silenced all the time": (
        the_quiet.nothing_is_said_or_paged_of_what_was_quiet_from_its_first_moment,
        _silenced,
    ),
}
