"""Inserts that are all known beforehand, as text: each is put together once, and its rows are turned into what is sent.

SQLAlchemy puts a statement together, sends it and reads its result anew each time, which costs more than SQLite takes
to execute it. What asks for no result needs none of that. The statements are SQLAlchemy's own, so they stand once.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Insert

Row = Mapping[str, Any]
Write = tuple[Insert, Sequence[Row]]
"""A statement, and the rows that it is executed with."""
Text = tuple[str, Sequence[Sequence[Any]]]
"""The same, as SQLite's driver takes it."""


def texts(writes: Collection[Write], dialect: Dialect) -> list[Text]:
    """Return statements as text; all rows of one name the same columns."""
    return [_prepared(statement, dialect, tuple(rows[0])).with_rows(rows) for statement, rows in writes if rows]


class _Prepared:
    """A statement as text, and what tells each of its values: a column of the row, or the statement itself."""

    def __init__(self, statement: Insert, dialect: Dialect, columns: Sequence[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(columns))
        self._text = str(compiled)
        self._values: list[Callable[[Row], Any]] = []
        for name in compiled.positiontup or ():
            turn = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            self._values.append(_value(name, turn) if name in columns else _constant(compiled.params[name], turn))

    def with_rows(self, rows: Sequence[Row]) -> Text:
        return self._text, [[value(row) for value in self._values] for row in rows]


def _value(column: str, turn: Callable[[Any], Any] | None) -> Callable[[Row], Any]:
    return (lambda row: turn(row[column])) if turn else itemgetter(column)


def _constant(given: Any, turn: Callable[[Any], Any] | None) -> Callable[[Row], Any]:  # noqa: ANN401 - of any column
    value = turn(given) if turn else given
    return lambda _row: value


@cache
def _prepared(statement: Insert, dialect: Dialect, columns: tuple[str, ...]) -> _Prepared:
    return _Prepared(statement, dialect, columns)
