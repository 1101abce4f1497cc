"""Keeps the dispatcher going: each track sleeps until something of its own is due or newly decided.

APScheduler ticks once a second; it keeps no record of anything: due times live in our own tables, and a missed tick
only makes the next one do more. What was put off here for a moment (a slot in a channel, Slack's pause) is looked for
when that is over: a channel takes a post a second, and ticks would give it one in two.
"""

import asyncio
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.domain.tracks import Track
from bot.engine.dispatch import PLACES, Dispatcher
from bot.errors import Overloaded
from bot.store import lanes

log = structlog.get_logger()
TICK = timedelta(seconds=1)
# What waits longer is left to the ticks; what waits for about as long is looked for at once.
A_MOMENT = timedelta(seconds=5)
ABOUT_AS_LONG = timedelta(milliseconds=20)


class Outage:
    """Says once that the database is away, and once that it is back: not every second of the hour between."""

    def __init__(self, seen_by: str) -> None:
        self._seen_by, self._away = seen_by, False

    def goes_on(self, error: Exception) -> None:
        """It does not answer."""
        if not self._away:
            log.warning("database_away", seen_by=self._seen_by, reason=str(error))
        self._away = True

    def is_over(self) -> None:
        """It answered."""
        if self._away:
            log.info("database_back", seen_by=self._seen_by)
        self._away = False


class Loop:
    """Runs the dispatcher until it is told to stop."""

    def __init__(self, dispatcher: Dispatcher, clock: Clock) -> None:
        """Nothing starts here."""
        self.dispatcher, self.clock = dispatcher, clock
        self.last_tick: datetime | None = None
        self._news = asyncio.Event()
        self._wake = {track: asyncio.Event() for track in Track}
        self._stopping = False
        self._at_work: set[asyncio.Task[None]] = set()
        self._alarms: dict[int, asyncio.Task[None]] = {}
        dispatcher.on_wait = self.wake_in

    def wake_in(self, wait: timedelta) -> None:
        """Say that something is due when so much time is over."""
        end = timedelta(seconds=self.clock.monotonic()) + wait
        alarm = -(-end // ABOUT_AS_LONG)  # rounded up: never before it is due
        if wait <= A_MOMENT and alarm not in self._alarms and not self._stopping:
            self._alarms[alarm] = asyncio.create_task(self._wait(alarm))

    async def _wait(self, alarm: int) -> None:
        await self.clock.sleep(alarm * ABOUT_AS_LONG - timedelta(seconds=self.clock.monotonic()))
        del self._alarms[alarm]
        self._news.set()

    def wake(self) -> None:
        """Say that something was put."""
        self._news.set()

    async def run(self) -> None:
        """Work until `stop`; lanes that are being worked off are finished first."""
        scheduler = AsyncIOScheduler(timezone="UTC")  # type: ignore[no-untyped-call] # the library has no types
        scheduler.add_job(self._tick, "interval", seconds=TICK.total_seconds(), max_instances=1, coalesce=True)  # type: ignore[no-untyped-call] # as above
        scheduler.start()  # type: ignore[no-untyped-call] # as above
        await self._tick()  # the first at once: whoever waits until we are ready waits for it
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._scout())
                for track in Track:
                    group.create_task(self._work(track))
        finally:
            scheduler.shutdown(wait=False)  # type: ignore[no-untyped-call] # as above
            for alarm in self._alarms.values():
                alarm.cancel()
            if self._at_work:
                await asyncio.wait(self._at_work, timeout=10)

    def stop(self) -> None:
        """Take up nothing new."""
        self._stopping = True
        self._news.set()
        for event in self._wake.values():
            event.set()

    async def _tick(self) -> None:
        self.last_tick = self.clock.now()
        self._news.set()

    async def _scout(self) -> None:
        """Look which tracks have something due; one cheap read serves them all."""
        outage = Outage("scout")
        while not self._stopping:
            await self._news.wait()
            self._news.clear()
            try:
                async with self.dispatcher.engine.database.reading() as connection:
                    due = await lanes.tracks_due(connection, self.clock.now())
            except (Overloaded, DBAPIError) as error:
                outage.goes_on(error)
                continue
            outage.is_over()
            for track in due:
                self._wake[track].set()

    async def _work(self, track: Track) -> None:
        wake, at_work, outage = self._wake[track], set[asyncio.Task[None]](), Outage(track)
        while not self._stopping:
            await wake.wait()
            wake.clear()
            free = PLACES[track] - len(at_work)
            if free <= 0 or self._stopping:
                continue
            try:
                claims = await self.dispatcher.claim(track, free)
            except (Overloaded, DBAPIError) as error:
                outage.goes_on(error)
                continue
            outage.is_over()
            for claim in claims:
                task = asyncio.create_task(self.dispatcher.work_off(claim))
                for known in (at_work, self._at_work):
                    known.add(task)
                    task.add_done_callback(known.discard)
                task.add_done_callback(lambda _: self._news.set())
