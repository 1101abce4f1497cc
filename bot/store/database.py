"""The database itself: one place that opens connections and transactions, for SQLite and for PostgreSQL.

SQLite (https://www.sqlite.org/wal.html): WAL, synchronous=FULL (a commit survives a power cut), foreign keys, one
writer at a time by an asyncio lock and `BEGIN IMMEDIATE` (a deferred read-then-write fails at once when another
process writes). PostgreSQL: READ COMMITTED and row locks.
"""

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import IO, Any

from sqlalchemy import create_mock_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.errors import ConfigError, MaybeKept, Overloaded
from bot.failpoints import reached
from bot.store import errand
from bot.store.at_once import Write, texts
from bot.store.tables import metadata
from bot.store.turns import Turns

PATIENCE = timedelta(seconds=2)
_WITH_ERRANDS = "aiosqlite"
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    _WITH_ERRANDS: {"connect_args": {"async_creator_fn": errand.Connection}},
    "asyncpg": {"pool_size": 10, "pool_pre_ping": True},
}


@cache
def _creating(driver: str) -> tuple[str, ...]:
    """Return the statements that create all tables: SQLAlchemy takes longer to write them than databases to obey."""
    dialect, written = make_url(f"{driver}://").get_dialect()(), list[str]()
    engine = create_mock_engine(f"{driver}://", lambda ddl, *_: written.append(str(ddl.compile(dialect=dialect))))
    metadata.create_all(engine, checkfirst=False)
    return tuple(written)


class Database:
    """Opens transactions; nothing else does."""

    def __init__(self, url: str, *, durable: bool = True) -> None:
        """Prepare; `durable=False` trades the power cut for speed (tests only)."""
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = create_async_engine(self.url, **_OPTIONS.get(self.url.get_driver_name(), {}))
        self._turns = Turns()
        self._kept: AsyncConnection | None = None
        self._claim: IO[str] | None = None
        if self.is_sqlite:
            self._prepare_sqlite(durable=durable)

    @asynccontextmanager
    async def transaction(
        self, patience: timedelta = PATIENCE, *, answering: bool = False, what: str = "a transaction"
    ) -> AsyncIterator[AsyncConnection]:
        """Open the one write transaction of a request; commit at the end.

        `answering`: somebody outside waits for it, so it goes before what goes on by itself (turns.py). `what` names it
        for tests of crashes (failpoints.py).

        Raises:
            Overloaded: the database is busy for longer than `patience`, or away; nothing was changed.
            MaybeKept: it went away during the commit; every writer is repeatable (receipts, versions).
        """
        if self.is_sqlite:
            async with self._turn(patience, answering=answering), self._open(write=True, what=what) as connection:
                yield connection
        else:
            async with self._open(write=True, what=what) as connection:
                yield connection

    async def write(self, writes: Sequence[Write], *, answering: bool = False, what: str) -> None:
        """Execute statements whose rows are known beforehand and whose results nobody needs, in one transaction.

        On SQLite that is one errand to its thread (at_once.py), a fifth of what a transaction costs otherwise.

        Raises:
            Overloaded: as `transaction`; what SQLite finds wrong with it is `MaybeKept`.
        """
        if self.url.get_driver_name() != _WITH_ERRANDS:
            async with self.transaction(answering=answering, what=what) as connection:
                for statement, rows in writes:
                    await connection.execute(statement, rows)
            return
        given = texts(writes, self.engine.dialect)
        async with self._turn(PATIENCE, answering=answering):
            reached("before commit of", what)
            try:
                await (await self._writer()).at_once(given)
            except (sqlite3.Error, OperationalError) as error:
                message = "The database is busy or away."
                raise MaybeKept(message) from error
            reached("after commit of", what)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a read transaction: a consistent picture that blocks nobody."""
        async with self._open(write=False) as connection:
            yield connection

    def claim_file(self) -> None:
        """Make sure that no other process works on the same SQLite file.

        The lock dies with the process, even with kill -9.

        Raises:
            ConfigError: another process holds it.
        """
        if not self.is_sqlite or not self.url.database or self.url.database == ":memory:":
            return
        handle = Path(f"{self.url.database}.lock").open("w")  # noqa: SIM115 - held for the life of the process
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            message = (
                f"Another Muster already works on {self.url.database}. "
                "Stop it, or run replicas on PostgreSQL (MUSTER_DATABASE_URL)."
            )
            raise ConfigError([message]) from None
        self._claim = handle

    async def create_tables(self) -> None:
        """Create the newest tables in an empty database, without migrations (tests)."""
        async with self.transaction() as connection:
            for statement in _creating(self.url.drivername):
                await connection.exec_driver_sql(statement)

    async def close(self) -> None:
        """Close every connection."""
        if self._kept:
            await self._kept.close()
            self._kept = None
        await self.engine.dispose()
        if self._claim:
            self._claim.close()
            self._claim = None

    async def _writer(self) -> errand.Connection:
        """Return a connection of SQLite that is kept for `write`: to take one and give it back costs more than that."""
        if self._kept is None:
            self._kept = await self.engine.connect()
        driver = _driver(self._kept)
        assert isinstance(driver, errand.Connection)  # noqa: S101 - the maker of our connections says so
        return driver

    @asynccontextmanager
    async def _turn(self, patience: timedelta, *, answering: bool) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(patience.total_seconds()):
                await self._turns.acquire(answering=answering)
        except TimeoutError:
            message = "The database is busy."
            raise Overloaded(message) from None
        try:
            yield
        finally:
            self._turns.release()

    @asynccontextmanager
    async def _open(self, *, write: bool, what: str = "") -> AsyncIterator[AsyncConnection]:
        connected = committing = False
        try:
            async with self.engine.connect() as connection:
                connected = True
                async with connection.begin():
                    if self.is_sqlite:  # not by an event of SQLAlchemy's: who listens to one pays at each statement
                        await _begin(connection, "BEGIN IMMEDIATE" if write else "BEGIN")
                    yield connection
                    if write:
                        reached("before commit of", what)
                    committing = write
                committing = False
                if write:
                    reached("after commit of", what)
        except (OperationalError, InterfaceError, OSError) as error:
            message = "The database is busy or away."
            raise (MaybeKept if committing else Overloaded)(message) from error
        except DBAPIError as error:
            if committing and not isinstance(error, IntegrityError):
                message = "The database went away during the commit."
                raise MaybeKept(message) from error
            # Who is not let in (no such database, starting up, too many connections) may be later.
            if error.connection_invalidated or not connected:
                message = "The database went away." if connected else "The database does not let us in."
                raise Overloaded(message) from error
            raise

    def _prepare_sqlite(self, *, durable: bool) -> None:
        @event.listens_for(self.engine.sync_engine, "connect")
        def connected(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=2000")
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.close()


async def _begin(connection: AsyncConnection, sql: str) -> None:
    """Begin a transaction; where that waits for its first statement anyway, it costs nothing of SQLAlchemy's."""
    driver = _driver(connection)
    if isinstance(driver, errand.Connection):
        driver.begin(sql)
    else:
        await connection.exec_driver_sql(sql)


def _driver(connection: AsyncConnection) -> object:
    return connection.sync_connection.connection.driver_connection if connection.sync_connection else None
