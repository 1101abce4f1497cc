"""Statements as the driver takes them, put together by SQLAlchemy once and remembered.

SQLAlchemy looks a statement up by what it is made of, puts its parameters together and makes a result that can do
everything, each time anew: ten times what SQLite takes to execute it. The text, and what is made of each parameter and
of each column, are SQLAlchemy's own here too; only the looking up is not repeated. What stands in no module (a
statement that is made for one question), or asks for more than is here, goes through SQLAlchemy as ever.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, Row
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.sql.compiler import SQLCompiler

Turn = Callable[[Any], Any]
Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A statement, with as many places as its lists have members; where the value of each place comes from."""

    sql: str
    values: Sequence[Callable[[Given], Any]]

    def with_these(self, given: Given) -> list[Any]:
        """Return what is sent."""
        return [value(given) for value in self.values]


class Rows:
    """What came back: of SQLAlchemy's result as much as the product asks for."""

    def __init__(self, shape: "ReadyMade", rows: Sequence[Any], rowcount: int) -> None:
        self._shape, self._rows, self.rowcount = shape, rows, rowcount

    def __iter__(self) -> Iterator[Row[Any]]:
        return iter(self.all())

    def all(self) -> list[Row[Any]]:
        return [self._shape.row(one) for one in self._rows]

    def first(self) -> Row[Any] | None:
        return self._shape.row(self._rows[0]) if self._rows else None

    def one(self) -> Row[Any]:
        (row,) = self._rows
        return self._shape.row(row)

    def mappings(self) -> "Members":
        return Members([row._mapping for row in self.all()])

    def scalars(self) -> "Members":
        return Members([self._shape.first_of(row) for row in self._rows])

    def scalar(self) -> Any:
        return self._shape.first_of(self._rows[0]) if self._rows else None

    def scalar_one(self) -> Any:
        (row,) = self._rows
        return self._shape.first_of(row)

    def scalar_one_or_none(self) -> Any:
        return self.scalar_one() if self._rows else None


class Members(list[Any]):
    """The first column, or the rows as mappings."""

    def all(self) -> list[Any]:
        return self

    def first(self) -> Any:
        return self[0] if self else None


class ReadyMade:
    """A statement for parameters of certain names."""

    def __init__(self, compiled: SQLCompiler, dialect: Dialect, given: Given) -> None:
        self._compiled, self._texts = compiled, dict[tuple[int, ...], Text]()
        self._lists = sorted(one.key for one in compiled.post_compile_params if one.key in given)
        columns = compiled._result_columns
        turns = [one.type._cached_result_processor(dialect, None) for one in columns]
        self._metadata = SimpleResultMetaData([one.keyname for one in columns])
        self._turns = cast("Any", turns if any(turns) else None)
        self._first = turns[0] if turns else None

    def row(self, values: Any) -> Row[Any]:
        return Row(self._metadata, self._turns, self._metadata._key_to_index, values)

    def first_of(self, row: Any) -> Any:
        return self._first(row[0]) if self._first else row[0]

    def text(self, given: Given) -> Text:
        """Return the statement for lists of such lengths."""
        lengths = tuple([len(given[name]) for name in self._lists])
        if lengths not in self._texts:
            self._texts[lengths] = self._made(given)
        return self._texts[lengths]

    def _made(self, given: Given) -> Text:
        compiled, turns = self._compiled, dict(cast("Mapping[str, Turn]", self._compiled._bind_processors))
        constants = dict(compiled.construct_params(dict(given), escape_names=False))
        sql, places, members = compiled.string, list(compiled.positiontup or ()), dict[str, tuple[str, int]]()
        if compiled.post_compile_params:
            state = compiled._process_parameters_for_postcompile(constants)
            sql, places = state.statement, list(state.positiontup or ())
            turns |= cast("Mapping[str, Turn]", state.processors)
            for name in self._lists:
                members |= {one: (name, at) for at, one in enumerate(state.parameter_expansion[name])}
        values = [
            _member(*members[name], turns.get(name))
            if name in members
            else _value(name, turns.get(name))
            if name in given
            else _constant(constants[name], turns.get(name))
            for name in places
        ]
        return Text(sql, values)


def _member(name: str, at: int, turn: Turn | None) -> Callable[[Given], Any]:
    return (lambda given: turn(given[name][at])) if turn else (lambda given: given[name][at])


def _value(name: str, turn: Turn | None) -> Callable[[Given], Any]:
    return (lambda given: turn(given[name])) if turn else (lambda given: given[name])


def _constant(value: Any, turn: Turn | None) -> Callable[[Given], Any]:
    made = turn(value) if turn else value
    return lambda _given: made


class Shelf:
    """What is ready-made for one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._made: WeakKeyDictionary[Executable, dict[object, ReadyMade | None]] = WeakKeyDictionary()

    def find(self, statement: Executable, given: Given, *, many: bool) -> ReadyMade | None:
        """Return a statement that came before, ready-made for such parameters; None when it is SQLAlchemy's to do."""
        known = self._made.get(statement)
        if known is None:
            self._made[statement] = {}
            return None
        shape = (many, *given)
        if shape not in known:
            known[shape] = self._make(statement, given, many=many)
        return known[shape]

    def _make(self, statement: Any, given: Given, *, many: bool) -> ReadyMade | None:
        compiled = statement.compile(dialect=self._dialect, column_keys=sorted(given), for_executemany=many)
        asks_for_more = (
            compiled.isplaintext
            or compiled.insert_prefetch
            or compiled.update_prefetch
            or compiled.literal_execute_params
            or (compiled._result_columns and not compiled._ordered_columns)
            or (many and (compiled.post_compile_params or compiled._insertmanyvalues))
            or given.keys() - compiled.binds.keys()
        )
        return None if asks_for_more else ReadyMade(compiled, self._dialect, given)
