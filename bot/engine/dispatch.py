"""The one way out: leases lanes and performs what is due in them, in order.

Each track has workers of its own, so paging never waits behind chat.
For every effect: claim (mark as sent) → commit → call → write the result, with all that it asks of us, in one
transaction under the lane's fence.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Chance, Clock
from bot.domain.commands import ReportFailure
from bot.domain.decisions import State
from bot.domain.model import ChannelId, MessageTs
from bot.domain.places import incident_of, place
from bot.domain.work import Announce, Place, PostPostmortem, Say, ShowAlert, Track, Work
from bot.engine.handle import Engine
from bot.engine.jobs import Done, Job, Perform, Posted
from bot.errors import FromNewer, Overloaded, TryLater, Uncertain, Undeliverable
from bot.store import alerts, effects, incidents, notes, timeline
from bot.store.effects import Claimed

log = structlog.get_logger()
LEASE = timedelta(seconds=30)
# A worker sends only while so much of its lease is left: longer than any single call may take.
MARGIN = timedelta(seconds=12)
# Whoever comes back after an outage of hours is noticed within this.
LONGEST_WAIT = timedelta(minutes=1)
POISONED_AFTER = 5
TRIES_AT_ONCE = 3
Write = Callable[[AsyncConnection], Awaitable[bool]]
PLACES: Mapping[Track, int] = {Track.PAGER: 8, Track.CHAT: 16, Track.CLOCK: 8, Track.INTAKE: 2}
UNKNOWN_SETTLES_IN = timedelta(seconds=5)
# While versions are mixed: how long an older one leaves a lane alone whose head it cannot read.
LEFT_FOR = timedelta(seconds=10)


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after so many tries: 1, 2, 4 … seconds, at most a minute."""
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(attempt - 1, 10)))


class Outcome(StrEnum):
    """What became of a try."""

    DONE = "done"
    LATER = "later"
    UNCERTAIN = "uncertain"
    NEVER = "never"
    FAILED = "failed"


class Dispatcher:
    """Performs what waits."""

    def __init__(
        self,
        engine: Engine,
        performers: Mapping[str, Perform],
        clock: Clock,
        chance: Chance,
        *,
        on_outcome: Callable[[str, Outcome], None] = lambda _kind, _outcome: None,
    ) -> None:
        """`performers` by kind of work, `on_outcome` is told what became of each; nothing starts here."""
        self.engine, self.performers, self.clock = engine, performers, clock
        self._on_outcome = on_outcome
        self._worker, self._claims = chance.token(12), 0
        self._left: dict[str, datetime] = {}

    async def claim(self, track: Track, at_most: int) -> list[tuple[Claimed, Job]]:
        """Lease lanes and load what their heads need."""
        now = self.clock.now()
        self._left = {lane: until for lane, until in self._left.items() if until > now}
        left = len(self._left)
        async with self.engine.database.transaction(what=f"a claim of {track}") as connection:
            lanes = await effects.due_lanes(connection, track, now, at_most, but=self._left)
            found = await self._take(connection, lanes)
        if len(self._left) > left:
            self.engine.on_work()  # what is left to others took the places of what is ours
        return found

    async def work_off(self, first: tuple[Claimed, Job]) -> None:
        """Perform the head of a leased lane and what is due behind it."""
        following: tuple[Claimed, Job] | None = first
        while following:
            claimed, job = following
            with structlog.contextvars.bound_contextvars(effect=claimed.work.kind, key=claimed.key):
                following = await self._one(claimed, job)

    async def _one(self, claimed: Claimed, job: Job) -> tuple[Claimed, Job] | None:
        kind, attempt = claimed.work.kind, claimed.attempt
        try:
            done = await self.performers[kind](job)
        except TryLater as error:
            self._on_outcome(kind, Outcome.LATER)
            after = error.after if error.after is not None else wait_after(attempt)
            return await self._later(claimed, after, str(error), uncertain=False)
        except Uncertain as error:
            self._on_outcome(kind, Outcome.UNCERTAIN)
            log.warning("outcome_unknown", reason=str(error), attempt=attempt)
            return await self._later(claimed, max(UNKNOWN_SETTLES_IN, wait_after(attempt)), str(error), uncertain=True)
        except Undeliverable as error:
            self._on_outcome(kind, Outcome.NEVER)
            log.warning("undeliverable", reason=str(error))
            return await self._never(claimed, str(error))
        except Exception as error:  # one of the three borders
            self._on_outcome(kind, Outcome.FAILED)
            log.exception("performer_failed", attempt=attempt)
            return await self._failed(claimed, f"{type(error).__name__}: {error}")
        self._on_outcome(kind, Outcome.DONE)
        return await self._done(claimed, done)

    async def _done(self, claimed: Claimed, done: Done) -> tuple[Claimed, Job] | None:
        async def write(connection: AsyncConnection) -> bool:
            decided = bool(done.command and (await self.engine.apply(connection, done.command)).effects)
            if done.posted:
                await notes.remember_post(connection, claimed.key, done.posted.channel, done.posted.ts)
            await notes.remember_names(connection, done.names)
            await effects.finish(connection, claimed)
            return decided

        log.debug("performed", attempt=claimed.attempt)
        return await self._write(claimed, write)

    async def _later(
        self, claimed: Claimed, after: timedelta, reason: str, *, uncertain: bool
    ) -> tuple[Claimed, Job] | None:
        async def write(connection: AsyncConnection) -> bool:
            until = self.clock.now() + after
            await effects.postpone(connection, claimed, until, reason, uncertain=uncertain)
            return False

        log.info("later", reason=reason, after=after.total_seconds())
        return await self._write(claimed, write)

    async def _never(self, claimed: Claimed, reason: str) -> tuple[Claimed, Job] | None:
        async def write(connection: AsyncConnection) -> bool:
            failure = ReportFailure(incident=incident_of(claimed.work), work=claimed.work, reason=reason)
            decision = await self.engine.apply(connection, failure)
            await effects.finish(connection, claimed)
            return bool(decision.effects)

        return await self._write(claimed, write)

    async def _failed(self, claimed: Claimed, reason: str) -> tuple[Claimed, Job] | None:
        """Try again what failed in a way that nobody foresaw; set it aside when it does so again and again."""
        poisoned = claimed.failures + 1 >= POISONED_AFTER

        async def write(connection: AsyncConnection) -> bool:
            now = self.clock.now()
            await effects.count_failure(connection, claimed)
            if not poisoned:
                after = wait_after(claimed.failures + 1)
                await effects.postpone(connection, claimed, now + after, reason, uncertain=True)
                return False
            failure = ReportFailure(incident=incident_of(claimed.work), work=claimed.work, reason=reason)
            decision = await self.engine.apply(connection, failure)
            await effects.quarantine(connection, claimed, now, reason)
            return bool(decision.effects)

        if poisoned:
            log.error("quarantined", reason=reason)
        return await self._write(claimed, write)

    async def _write(self, claimed: Claimed, write: Write) -> tuple[Claimed, Job] | None:
        """Write a result under the fence and take what is due next in the lane; keep trying while the lease lasts."""
        tries = 0
        while self.clock.now() < claimed.leased_until:
            try:
                async with self.engine.database.transaction(what=f"the result of {claimed.work.kind}") as connection:
                    await _lock_incident_first(connection, claimed)
                    if not await effects.still_leased(connection, claimed):
                        log.warning("lease_lost")
                        return None
                    decided = await write(connection)
                    following = await self._take(connection, [claimed.lane])
            except (Overloaded, DBAPIError) as error:
                log.warning("result_not_written_yet", reason=type(error).__name__)
                tries += 1
                if tries > TRIES_AT_ONCE:
                    await self.clock.sleep(timedelta(milliseconds=200))
            else:
                if decided:
                    self.engine.on_work()
                return following[0] if following else None
        return None

    async def _take(self, connection: AsyncConnection, lanes: Sequence[str]) -> list[tuple[Claimed, Job]]:
        """Lease lanes and load what their heads need; leave for a while what only a newer version can read."""
        now, first = self.clock.now(), self._claims + 1
        self._claims += len(lanes)
        tokens = {lane: f"{self._worker}:{number}" for number, lane in enumerate(lanes, first)}
        heads, unread = await effects.take_heads(connection, tokens, now, now + LEASE)
        try:
            found = await self._jobs(connection, heads)
        except FromNewer:
            found, strange = await self._one_by_one(connection, heads)
            unread += strange
        for lane in unread:
            self._left[lane] = now + LEFT_FOR
            log.warning("left_to_a_newer_version", lane=lane)
        return found

    async def _one_by_one(
        self, connection: AsyncConnection, heads: Sequence[Claimed]
    ) -> tuple[list[tuple[Claimed, Job]], list[str]]:
        """Load what each needs by itself; give back, and name, the lanes for which that cannot be read."""
        found, unread = list[tuple[Claimed, Job]](), list[str]()
        for head in heads:
            try:
                found += await self._jobs(connection, [head])
            except FromNewer:
                await effects.leave(connection, head)
                unread.append(head.lane)
        return found, unread

    async def _jobs(self, connection: AsyncConnection, heads: Sequence[Claimed]) -> list[tuple[Claimed, Job]]:
        """Load what the performers of these need, all of it together."""
        if not heads:
            return []
        states = await _states(connection, heads)
        posts = await notes.posts_of(connection, {head.key for head in heads} | set(filter(None, map(_anchor, heads))))
        found = []
        for head in heads:
            of_incident = head.work.incident if isinstance(head.work, PostPostmortem) else None
            job = Job(
                work=head.work,
                key=head.key,
                attempt=head.attempt,
                state=states[head.key],
                maybe_sent_since=head.first_sent_at,
                last_sent_at=head.last_sent_at,
                posted=_posted(posts.get(head.key)),
                anchor=_posted(posts.get(_anchor(head) or "")),
                rows=await timeline.rows_of(connection, of_incident) if of_incident else (),
                names=await notes.names(connection) if of_incident else {},
                still_ours=partial(self._is_ours, head.leased_until),
            )
            found.append((head, job))
        return found

    def _is_ours(self, leased_until: datetime) -> bool:
        return self.clock.now() < leased_until - MARGIN


async def _lock_incident_first(connection: AsyncConnection, claimed: Claimed) -> None:
    """Lock in the order in which `handle` locks (incident, then lane), so that the two never wait for each other."""
    number = incident_of(claimed.work)
    if number is not None:
        await incidents.lock(connection, number)


async def _states(connection: AsyncConnection, heads: Sequence[Claimed]) -> Mapping[str, State]:
    """Return the state around each head, by its key."""
    named = {head.work.alert for head in heads if isinstance(head.work, ShowAlert)}
    shown = await alerts.load_all(connection, named) if named else {}
    numbers = {number for head in heads if (number := incident_of(head.work)) is not None}
    around = numbers | {alert.incident for alert in shown.values() if alert.incident}
    there = await incidents.load_all(connection, around) if around else {}
    attached = await alerts.of_incidents(connection, numbers) if numbers else {}

    def state(work: Work) -> State:
        if isinstance(work, ShowAlert):
            alert = shown.get(work.alert)
            return State(alert=alert, incident=there.get(alert.incident) if alert and alert.incident else None)
        number = incident_of(work)
        return State() if number is None else State(incident=there.get(number), alerts=attached[number])

    return {head.key: state(head.work) for head in heads}


def _anchor(head: Claimed) -> str | None:
    """Return the key of the announcement under which a moment is said."""
    match head.work:
        case Say(place=Place.ANNOUNCEMENT, incident=number):
            return place(Announce(incident=number)).key
        case _:
            return None


def _posted(spot: tuple[ChannelId, MessageTs] | None) -> Posted | None:
    return Posted(channel=spot[0], ts=spot[1]) if spot else None
