"""The one way out: leases lanes and performs what is due in them, in order.

Each track has workers of its own, so paging never waits behind chat.
For every effect: claim (mark as sent) → commit → call → write the result, with all that it asks of us, in one
transaction under the lane's fence.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Chance, Clock
from bot.domain.places import incident_of, place
from bot.domain.result_commands import ReportFailure
from bot.domain.spots import Spot
from bot.domain.tracks import Track
from bot.engine.breaker import LONGEST, Breaker
from bot.engine.giving_way import place_aside
from bot.engine.handle import Engine
from bot.engine.jobs import Done, Job, Perform
from bot.engine.loading import jobs_of
from bot.engine.locking import lock_first
from bot.errors import DeliveryError, FromNewer, NoSlot, Overloaded, TryLater, Uncertain, Undeliverable
from bot.store import effects, lanes, notes
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
PLACES: Mapping[Track, int] = {
    Track.PAGER: 8,
    Track.CHAT: 16,
    Track.CLOCK: 8,
    Track.INTAKE: 2,
    Track.ERRANDS: 2,
}
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
        # Told for how long something waits now: a tick alone would come up to a second late.
        self.on_wait: Callable[[timedelta], None] = lambda _wait: None
        self.worker, self._claims = chance.token(12), 0
        self._left: dict[str, datetime] = {}
        self.breakers = {track: Breaker(track, clock) for track in LONGEST}

    async def claim(self, track: Track, at_most: int) -> list[tuple[Claimed, Job]]:
        """Lease lanes and load what their heads need."""
        now, breaker = self.clock.now(), self.breakers.get(track)
        if breaker and not (at_most := breaker.lets_through(at_most)):
            return []
        self._left = {lane: until for lane, until in self._left.items() if until > now}
        left = len(self._left)
        async with self.engine.database.transaction(what=f"a claim of {track}") as connection:
            but = [*self._left, *(breaker.passed_over if breaker else ())]
            due = await lanes.due_lanes(connection, track, now, at_most, but=but)
            if not due and len(but) > left:
                due = await lanes.due_lanes(connection, track, now, at_most, but=self._left)
            found = await self._take(connection, due)
        if breaker:
            for claimed, _ in found:
                breaker.took(claimed.lane)
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
            self._learn(claimed, error)
            if isinstance(error, NoSlot) and (gate := place(claimed.work).gate):
                await self._turned_away(claimed, gate, error.opens)
                return None
            after = error.after if error.after is not None else self._wait(claimed, error)
            aside = place_aside(claimed, job, error)
            return await self._later(claimed, after, str(error), uncertain=False, aside=aside)
        except Uncertain as error:
            self._on_outcome(kind, Outcome.UNCERTAIN)
            self._learn(claimed, error)
            log.warning("outcome_unknown", reason=str(error), attempt=attempt)
            after = max(UNKNOWN_SETTLES_IN, self._wait(claimed, error))
            return await self._later(claimed, after, str(error), uncertain=True)
        except Undeliverable as error:
            self._on_outcome(kind, Outcome.NEVER)
            self._learn(claimed)
            log.warning("undeliverable", reason=str(error))
            return await self._never(claimed, str(error))
        except Exception as error:  # one of the three borders
            self._on_outcome(kind, Outcome.FAILED)
            log.exception("performer_failed", attempt=attempt)
            return await self._failed(claimed, f"{type(error).__name__}: {error}")
        self._on_outcome(kind, Outcome.DONE)
        self._learn(claimed)
        # An edit stands where it stood: nothing new to remember.
        return await self._done(claimed, replace(done, posted=None) if done.posted == job.posted else done)

    def held_back(self) -> tuple[Track, ...]:
        """Return the tracks whose work waits rightly, because their far side is away or was a moment ago."""
        return tuple(track for track, breaker in self.breakers.items() if breaker.holds_back)

    def is_away(self, track: Track) -> bool:
        """Tell whether the far side of a track is away, as far as we know."""
        return self.breakers[track].is_open

    def _learn(self, claimed: Claimed, error: DeliveryError | None = None) -> None:
        """Tell the track's breaker what a try says of its far side; without an error it answered."""
        breaker = self.breakers.get(place(claimed.work).track)
        if breaker is None:
            return
        if error and error.away:
            breaker.no_answer(claimed.lane, str(error))
        elif error:
            breaker.no_call(claimed.lane)
        elif breaker.answered():
            self.engine.on_work()

    def _wait(self, claimed: Claimed, error: DeliveryError) -> timedelta:
        """Return how long what failed waits; where the breaker spares the far side, no longer than its probes do."""
        breaker, wait = self.breakers.get(place(claimed.work).track), wait_after(claimed.attempt)
        return min(wait, breaker.longest) if breaker and error.away else wait

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
        self, claimed: Claimed, after: timedelta, reason: str, *, uncertain: bool, aside: Spot | None = None
    ) -> tuple[Claimed, Job] | None:
        async def write(connection: AsyncConnection) -> bool:
            until = self.clock.now() + after
            if aside:
                await lanes.move(connection, claimed.id, aside, until)
            await effects.postpone(connection, claimed, until, reason, uncertain=uncertain)
            return False

        log.info("later", reason=reason, after=after.total_seconds())
        following = await self._write(claimed, write)
        self.on_wait(after)
        return following

    async def _turned_away(self, claimed: Claimed, gate: str, opens: timedelta) -> None:
        """Close the gate, and put back as it was what found no slot: it was no try."""

        async def write(connection: AsyncConnection) -> bool:
            await lanes.close_gate(connection, gate, self.clock.now() + opens)
            await effects.leave(connection, claimed)
            return False

        log.debug("turned_away", gate=gate, opens=opens.total_seconds())
        await self._write(claimed, write, go_on=False)
        self.on_wait(opens)

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

    async def _write(self, claimed: Claimed, write: Write, *, go_on: bool = True) -> tuple[Claimed, Job] | None:
        """Write a result under the fence and take what is due next in the lane; keep trying while the lease lasts."""
        tries = 0
        while self.clock.now() < claimed.leased_until:
            try:
                async with self.engine.database.transaction(what=f"the result of {claimed.work.kind}") as connection:
                    await lock_first(connection, claimed, self.clock.now())
                    if not await effects.still_leased(connection, claimed):
                        log.warning("lease_lost")
                        return None
                    decided = await write(connection)
                    following = await self._take(connection, [claimed.lane]) if go_on else []
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

    async def _take(self, connection: AsyncConnection, names: Sequence[str]) -> list[tuple[Claimed, Job]]:
        """Lease lanes and load what their heads need; leave for a while what only a newer version can read."""
        now, first = self.clock.now(), self._claims + 1
        self._claims += len(names)
        tokens = {lane: f"{self.worker}:{number}" for number, lane in enumerate(names, first)}
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
        return await jobs_of(connection, heads, self._is_ours)

    def _is_ours(self, leased_until: datetime) -> bool:
        return self.clock.now() < leased_until - MARGIN
