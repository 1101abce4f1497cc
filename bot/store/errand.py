"""SQLite's connections with one errand to their thread for each statement, where aiosqlite takes four.

SQLAlchemy asks a driver for a cursor, lets it execute, fetches and closes it. aiosqlite sends its thread each of these
and waits: under load this way there and back costs more than the statement. Here the thread executes and fetches at
once (SQLAlchemy takes all rows at once anyway), and the rest needs no thread.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite


class Errand:
    """A cursor as SQLAlchemy uses it: for one statement."""

    arraysize = 1

    def __init__(self, run: Callable[..., Any]) -> None:
        """`run` lets the connection's thread do something with the connection."""
        self._run = run
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount, self.lastrowid = -1, 0

    async def __aenter__(self) -> Self:
        """Return itself: nothing is to be opened."""
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Execute a statement and fetch its rows."""
        await self._run(self._take, sqlite3.Connection.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Execute a statement for each of these."""
        await self._run(self._take, sqlite3.Connection.executemany, sql, parameters)

    async def fetchall(self) -> Sequence[Any]:
        """Return the rows."""
        return self._rows

    async def close(self) -> None:
        """Forget the rows."""
        self._rows = ()

    def _take(self, way: Callable[..., sqlite3.Cursor], connection: sqlite3.Connection, *what: object) -> None:
        cursor = way(connection, *what)
        self.description, self._rows = cursor.description, cursor.fetchall()
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid or 0
        cursor.close()


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with such cursors."""

    def __init__(self, database: str, **options: Any) -> None:  # noqa: ANN401 - SQLAlchemy's for the driver
        """Nothing is opened yet; the thread never holds the process up at its end."""
        super().__init__(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
        self._thread.daemon = True

    def cursor(self) -> Errand:  # type: ignore[override] # for SQLAlchemy, which uses no more of a cursor
        """Return a cursor."""
        return Errand(self.run)

    async def run(self, function: Callable[..., None], way: Callable[..., sqlite3.Cursor], *what: object) -> None:
        """Let the thread do something with the connection."""
        await self._execute(function, way, self._conn, *what)  # type: ignore[no-untyped-call] # the library's
