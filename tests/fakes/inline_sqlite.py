"""The real SQLite, called on the loop's own thread: `url(file)` names it, `on_this_thread(engine)` opens it.

aiosqlite hands each statement to a thread and back, and SQLAlchemy a greenlet to each; that is most of what a simulated
hour would cost. The SQL, the file and its locks are the same, and so is all that SQLAlchemy makes of a statement; only
nothing else on the loop ever goes on during one, which a simulation that does one thing after another does not need.
"""

import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypeVar, cast

from sqlalchemy import Connection, Engine, Executable, NullPool, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import greenlet_spawn

from tests.fakes.ready_made import Rows, Shelf

T = TypeVar("T")


class Cursor(sqlite3.Cursor):
    """A cursor that reads its rows at once, as the driver with threads does: none is open when a commit comes."""

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        super().execute(sql, parameters)
        self._read = deque(super().fetchall())
        return self

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Self:
        super().executemany(sql, parameters)
        self._read = deque()
        return self

    def fetchone(self) -> Any:
        return self._read.popleft() if self._read else None

    def fetchall(self) -> list[Any]:
        rows, self._read = list(self._read), deque()
        return rows

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return [self._read.popleft() for _ in range(min(size or 1, len(self._read)))]

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override] # an iterator all the same
        while self._read:
            yield self._read.popleft()


class Driver(sqlite3.Connection):
    """A connection that makes such cursors."""

    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)


class Inline(SQLiteDialect_pysqlite):
    """SQLAlchemy's own dialect of SQLite, which says that it can wait, so that it is let in."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True  # said anew by each dialect, or nothing is remembered

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return NullPool

    def connect(self, *arguments: Any, **options: Any) -> Any:
        return super().connect(*arguments, **{**options, "factory": Driver})


registry.register("sqlite.inline", __name__, Inline.__name__)


class Straight:
    """What the product asks of SQLAlchemy's AsyncConnection, without a greenlet for each question."""

    def __init__(self, connection: Connection, shelf: Shelf) -> None:
        self.sync_connection, self._shelf = connection, shelf
        driver = connection.connection.driver_connection
        assert isinstance(driver, Driver)
        self._driver = driver

    @property
    def dialect(self) -> Dialect:
        return self.sync_connection.dialect

    async def execute(self, statement: Executable, parameters: Any = None) -> Any:
        rows = parameters if isinstance(parameters, list) else [parameters or {}]
        many = len(rows) > 1
        if rows and (ready := self._shelf.find(statement, rows[0], many=many)):
            text = ready.text(rows[0])
            cursor = self._driver.cursor(sqlite3.Cursor)
            try:
                if many:
                    cursor.executemany(text.sql, [text.with_these(row) for row in rows])
                else:
                    cursor.execute(text.sql, text.with_these(rows[0]))
                return Rows(ready, cursor.fetchall(), cursor.rowcount)
            except sqlite3.Error as error:
                raise _of_sqlalchemy(text.sql, error) from error
        return self.sync_connection.execute(statement, parameters)

    async def exec_driver_sql(self, statement: str) -> Any:
        if not statement.startswith("BEGIN"):
            return self.sync_connection.exec_driver_sql(statement)
        try:
            return self._driver.execute(statement)
        except sqlite3.Error as error:
            raise _of_sqlalchemy(statement, error) from error

    async def run_sync(self, act: Callable[..., T], *arguments: Any) -> T:
        return act(self.sync_connection, *arguments)

    def begin(self) -> "Transaction":
        return Transaction(self)

    def commit(self) -> None:
        self.sync_connection.commit()
        try:
            self._driver.commit()
        except sqlite3.Error as error:
            raise _of_sqlalchemy("COMMIT", error) from error

    def rollback(self) -> None:
        self.sync_connection.rollback()
        self._driver.rollback()


class Transaction:
    """One transaction of a connection."""

    def __init__(self, connection: Straight) -> None:
        self._connection = connection

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                self._connection.commit()
            except BaseException:
                self._connection.rollback()
                raise
        else:
            self._connection.rollback()


def _of_sqlalchemy(sql: str, error: sqlite3.Error) -> BaseException:
    """Return what SQLAlchemy makes of an error of its driver's."""
    return DBAPIError.instance(sql, None, error, sqlite3.Error)


class OnThisThread:
    """What the product asks of SQLAlchemy's AsyncEngine. A connection that was given back is given out again."""

    def __init__(self, engine: Engine) -> None:
        self.sync_engine = engine
        self._free: list[Straight] = []
        self._shelf = Shelf(engine.dialect)

    @property
    def dialect(self) -> Dialect:
        return self.sync_engine.dialect

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Straight]:
        taken = self._free.pop() if self._free else await greenlet_spawn(self._another)
        try:
            yield taken
        finally:
            self._free.append(taken)

    def _another(self) -> Straight:
        return Straight(self.sync_engine.connect(), self._shelf)

    async def dispose(self) -> None:
        for one in self._free:
            await greenlet_spawn(one.sync_connection.close)
        self._free.clear()
        await greenlet_spawn(self.sync_engine.dispose)


def on_this_thread(engine: AsyncEngine) -> AsyncEngine:
    """Return an engine that asks on the loop's own thread, where this dialect is used; any other as it is."""
    if engine.dialect.driver != Inline.driver:
        return engine
    return cast("AsyncEngine", OnThisThread(engine.sync_engine))


def url(file: Path) -> str:
    """Return the URL of a database in a file."""
    return f"sqlite+{Inline.driver}:///{file}"
