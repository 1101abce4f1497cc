"""SQLite's connections with one errand to their thread for each statement, where aiosqlite takes four.

SQLAlchemy asks a driver for a cursor, lets it execute, fetches and closes it. aiosqlite sends its thread each of these
and waits: under load this way there and back costs more than the statement. Here the thread executes and fetches at
once (SQLAlchemy takes all rows at once anyway), begins with the first statement, and nobody waits for the end of what
was only read. A commit of what was written is waited for: it is what makes it durable.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

from bot.store.at_once import Text

Execute = Callable[[sqlite3.Connection], sqlite3.Cursor]


class Errand:
    """A cursor as SQLAlchemy uses it: for one statement."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        """Nothing is done yet."""
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount, self.lastrowid = -1, 0

    async def __aenter__(self) -> Self:
        """Return itself: nothing is to be opened."""
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Execute a statement and fetch its rows; a BEGIN waits for the first of its transaction."""
        if sql.startswith("BEGIN"):
            self._connection.begin(sql)
        else:
            await self._connection.run(self._take, lambda connection: connection.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Execute a statement for each of these."""
        await self._connection.run(self._take, lambda connection: connection.executemany(sql, parameters))

    async def fetchall(self) -> Sequence[Any]:
        """Return the rows."""
        return self._rows

    async def close(self) -> None:
        """Forget the rows."""
        self._rows = ()

    def _take(self, connection: sqlite3.Connection, execute: Execute) -> None:
        cursor = execute(connection)
        self.description, self._rows = cursor.description, cursor.fetchall()
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid or 0
        cursor.close()
        if self.rowcount >= 0 or self.description is None:
            self._connection.wrote()


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with such cursors."""

    def __init__(self, database: str, **options: Any) -> None:  # noqa: ANN401 - SQLAlchemy's for the driver
        """Nothing is opened yet; the thread never holds the process up at its end."""
        super().__init__(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
        self._thread.daemon = True
        self._begin = ""
        # Whether something is open, as far as we know: of what failed, or was not waited for, nothing is known.
        self._open, self._reads_only = False, False

    def cursor(self) -> Errand:  # type: ignore[override] # for SQLAlchemy, which uses no more of a cursor
        """Return a cursor."""
        return Errand(self)

    def begin(self, sql: str) -> None:
        """Begin a transaction with the next statement."""
        self._begin, self._reads_only = sql, sql == "BEGIN"

    def wrote(self) -> None:
        """Know that something was written: its commit is waited for."""
        self._reads_only = False

    async def run(self, take: Callable[[sqlite3.Connection, Execute], None], execute: Execute) -> None:
        """Let the thread execute something."""
        begin, self._begin, self._open = self._begin, "", True
        await self._execute(_after, begin, take, self._conn, execute)  # type: ignore[no-untyped-call] # the library's

    async def at_once(self, texts: Sequence[Text]) -> None:
        """Execute statements whose results nobody needs in a transaction of their own, and commit it: one errand."""
        await self._execute(_at_once, self._conn, texts)  # type: ignore[no-untyped-call] # the library's

    async def commit(self) -> None:
        """End a transaction; what was written is durable."""
        if self._reads_only and self._open:
            self._tx.put_nowait((None, self._conn.commit))
        elif self._open:
            await super().commit()
        self._begin, self._open = "", False

    async def rollback(self) -> None:
        """Undo a transaction; without one there is nothing to do."""
        if self._open:
            await super().rollback()
        self._begin, self._open = "", False


def _after(begin: str, take: Callable[..., None], connection: sqlite3.Connection, execute: Execute) -> None:
    if begin:
        connection.execute(begin)
    take(connection, execute)


def _at_once(connection: sqlite3.Connection, texts: Sequence[Text]) -> None:
    if connection.in_transaction:  # what was to be undone the last time could not be
        connection.rollback()
    connection.execute("BEGIN IMMEDIATE")
    try:
        for sql, rows in texts:
            connection.executemany(sql, rows)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
