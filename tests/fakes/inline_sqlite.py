"""The real SQLite, called on the loop's own thread: `url(file)` names it.

aiosqlite hands each statement to a thread and back, which is most of what a simulated hour costs. The SQL, the file and
its locks are the same; only a statement here never lets anything else on the loop go on, which a simulation that does
one thing after another does not need.
"""

import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

from sqlalchemy import AsyncAdaptedQueuePool, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.util import await_only


async def _turn() -> None:
    """Let nobody go on: SQLAlchemy wants to see that its driver could have waited."""


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

    async def _async_soft_close(self) -> None:
        """There is nothing left to close."""


class Connection(sqlite3.Connection):
    """A connection that makes such cursors."""

    def cursor(self, factory: Any = Cursor) -> Any:
        return super().cursor(factory)


class Inline(SQLiteDialect_pysqlite):
    """SQLAlchemy's own dialect of SQLite, which says that it can wait."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def connect(self, *arguments: Any, **options: Any) -> Any:
        return super().connect(*arguments, **{**options, "factory": Connection})

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        await_only(_turn())
        cursor.execute(statement, parameters)

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        await_only(_turn())
        cursor.executemany(statement, parameters)


registry.register("sqlite.inline", __name__, Inline.__name__)


def url(file: Path) -> str:
    """Return the URL of a database in a file."""
    return f"sqlite+{Inline.driver}:///{file}"
