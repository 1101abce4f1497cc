"""One clock for all replicas: the database's.

Leases, due times and what settles are compared across machines, whose own clocks are never quite one. So on PostgreSQL
the time is asked of the database, now and then, and carried on by seconds that never jump: whoever reads it does not
wait, and a machine's own clock may be wrong, or be set, without anybody taking what another still has.
"""

from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import text

from bot.clock import Clock
from bot.errors import Overloaded
from bot.store.database import Database

log = structlog.get_logger()
# The answer is taken for the middle of the wait: one that took longer (a frozen process, a slow line) is not believed.
BELIEVED_WITHIN: Final = timedelta(seconds=1)
TRIES: Final = 5
FAR_APART: Final = timedelta(seconds=5)


class SharedClock:
    """The database's clock, read without asking; `agree` first."""

    def __init__(self, database: Database, own: Clock) -> None:
        """`own` is this machine's clock; nothing is asked yet."""
        self._database, self._own = database, own
        self._then, self._at = own.now(), own.monotonic()

    def now(self) -> datetime:
        """Return the present moment (aware, UTC)."""
        return self._then + timedelta(seconds=self._own.monotonic() - self._at)

    def monotonic(self) -> float:
        """Return seconds that never jump; only differences mean anything."""
        return self._own.monotonic()

    async def sleep(self, delay: timedelta) -> None:
        """Wait for so long."""
        await self._own.sleep(delay)

    async def agree(self) -> None:
        """Ask the database what time it is.

        Raises:
            Overloaded: it is away, or answers too slowly to be believed; what was agreed before still holds.
        """
        for _ in range(TRIES):
            async with self._database.reading() as connection:
                began = self._own.monotonic()
                said = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
                ended = self._own.monotonic()
            if ended - began <= BELIEVED_WITHIN.total_seconds():
                self._then, self._at = said, (began + ended) / 2
                apart = self._own.now() - self.now()
                if abs(apart) > FAR_APART:
                    log.warning("clock_differs_from_the_database", ahead_by=round(apart.total_seconds(), 1))
                return
        message = "The database answers too slowly to tell the time."
        raise Overloaded(message)


async def shared(database: Database, own: Clock) -> Clock:
    """Return the clock to go by: on PostgreSQL the database's; who works alone on an SQLite file keeps their own.

    Raises:
        Overloaded: the database does not tell.
    """
    if database.is_sqlite:
        return own
    clock = SharedClock(database, own)
    await clock.agree()
    return clock
