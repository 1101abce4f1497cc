"""Proves the record again and again: no gap, an unbroken chain, and the incident is the fold of its timeline.

What was proved is not read again while Muster runs: of an incident that changed only the new rows are, from the last
proved one on. Beside that a slow round goes through all incidents from their first rows, a few a round, so that a past
that was changed behind us shows as well.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from bot.domain.evolve import evolve
from bot.domain.ids import IncidentId
from bot.domain.model import Incident
from bot.store import audit, timeline
from bot.store.audit import StoredIncident, StoredRow
from bot.store.bodies import event_body
from bot.store.database import Database

# On PostgreSQL rows may be committed in another order than they were numbered in.
OVERLAP: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much is read: rows in one query, in a round, and by its slow part; how many proved incidents are kept."""

    rows_at_once: int = 500
    rows_a_round: int = 5000
    rows_swept: int = 500
    remembered: int = 1000


class Fault(StrEnum):
    """What can be wrong with a record."""

    GAP = "gap"
    CHAIN = "chain"
    STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong with an incident's record: expected and found, without a word of what people wrote."""

    incident: IncidentId
    fault: Fault
    detail: str


@dataclass(slots=True)
class _Proved:
    """How far a timeline is proved: the last row, its hash, and the incident up to there."""

    seq: int = 0
    hash: str = ""
    incident: Incident | None = None


class Broken(Exception):
    """A record does not hold; nothing behind the place can be proved."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault, self.detail = fault, detail


class RecordAudit:
    """Remembers how far it came; `look` goes on from there."""

    def __init__(self, database: Database, pace: Pace | None = None) -> None:
        """Nothing starts here."""
        self.database, self.pace = database, pace or Pace()
        self.flaws: dict[IncidentId, Flaw] = {}
        self._seen: int | None = None
        self._queue: dict[IncidentId, None] = {}
        self._proved: OrderedDict[IncidentId, _Proved] = OrderedDict()
        self._swept = IncidentId(0)

    @property
    def behind(self) -> int:
        """Return how many incidents are still to be looked at."""
        return len(self._queue)

    async def look(self) -> int:
        """Prove what changed, what was found broken, and a little of all the rest; return how many rows were read.

        Raises:
            Overloaded: the database is busy or away; the next look goes on.
        """
        await self._find_changes()
        for number in self.flaws:
            self._from_its_first_row(number)
        read = steps = 0
        while self._queue and read + steps < self.pace.rows_a_round:
            read += await self._prove(next(iter(self._queue)))
            steps += 1
        swept = steps = 0
        while not self._queue and swept + steps < self.pace.rows_swept and await self._line_up_the_next():
            swept += await self._prove(next(iter(self._queue)))
            steps += 1
        return read + swept

    async def _find_changes(self) -> None:
        async with self.database.reading() as connection:
            if self._seen is None:
                self._seen = await audit.newest_row(connection)
                self._enqueue(await audit.open_ones(connection, self.pace.rows_a_round))
                return
            rows = await audit.changed_since(connection, max(0, self._seen - OVERLAP), self.pace.rows_a_round)
        self._enqueue(number for _, number in rows)
        self._seen = max([self._seen, *(row for row, _ in rows)])

    def _enqueue(self, numbers: Iterable[IncidentId]) -> None:
        self._queue.update(dict.fromkeys(numbers))

    def _from_its_first_row(self, number: IncidentId) -> None:
        self._proved.pop(number, None)
        self._enqueue([number])

    async def _line_up_the_next(self) -> bool:
        """Line up the next incident of all, from its first row on; tell False after the last, and begin anew."""
        async with self.database.reading() as connection:
            await audit.freeze(connection)
            last = await audit.last_number(connection)
            number = await audit.next_incident(connection, self._swept) or IncidentId(last + 1)
        if self._swept >= last:
            self._swept = IncidentId(0)
            return False
        expected = IncidentId(self._swept + 1)
        # Numbers have no gaps: where one is missing, its incident is looked for, and is not found.
        self._from_its_first_row(expected)
        self._swept = max(expected, IncidentId(number - 1))
        return True

    async def _prove(self, number: IncidentId) -> int:
        """Go on with one incident by at most as many rows as are read at once."""
        known = self._proved.get(number) or _Proved()
        async with self.database.reading() as connection:
            await audit.freeze(connection)
            stored = await audit.stored_incident(connection, number)
            rows = await audit.rows_after(connection, number, known.seq, self.pace.rows_at_once)
        try:
            for row in rows:
                _take(known, number, row)
            if len(rows) < self.pace.rows_at_once:
                _compare(known, stored)
        except Broken as error:
            self.flaws[number] = Flaw(incident=number, fault=error.fault, detail=error.detail)
            self._proved.pop(number, None)
        else:
            self._remember(number, known)
            if len(rows) == self.pace.rows_at_once:
                return len(rows)
            self.flaws.pop(number, None)
        self._queue.pop(number)
        return len(rows)

    def _remember(self, number: IncidentId, known: _Proved) -> None:
        self._proved[number] = known
        self._proved.move_to_end(number)
        if len(self._proved) > self.pace.remembered:
            self._proved.popitem(last=False)


def _take(known: _Proved, number: IncidentId, row: StoredRow) -> None:
    """Prove one more row."""
    if row.seq != known.seq + 1:
        raise Broken(Fault.GAP, f"row {known.seq + 1} is missing: row {row.seq} follows row {known.seq}")
    if row.hash != timeline.chain(known.hash, number, row.seq, row.body):
        raise Broken(Fault.CHAIN, f"row {row.seq} is not what was chained to row {known.seq}")
    try:
        event = event_body.validate_json(row.body)
        known.incident = evolve(known.incident, event)
    except ValueError:
        raise Broken(Fault.STATE, f"row {row.seq} cannot be read") from None
    if (event.at, event.kind) != (row.at, row.kind):
        raise Broken(Fault.CHAIN, f"the columns of row {row.seq} do not say what its event says")
    known.seq, known.hash = row.seq, row.hash


def _compare(known: _Proved, stored: StoredIncident | None) -> None:
    """Compare a whole timeline with its incident."""
    if stored is None:
        raise Broken(Fault.GAP, f"the incident is gone, {known.seq} rows of it are there")
    if stored.incident is None:
        raise Broken(Fault.STATE, "the incident cannot be read")
    if known.seq < stored.incident.events:
        raise Broken(Fault.GAP, f"{stored.incident.events} rows were written, {known.seq} are there")
    if known.incident != stored.incident:
        differing = ", ".join(_differences(known.incident, stored.incident))
        raise Broken(Fault.STATE, f"the timeline amounts to another {differing}")
    if not stored.columns_agree:
        raise Broken(Fault.STATE, "the incident's columns do not say what its body says")


def _differences(folded: Incident | None, found: Incident) -> Iterator[str]:
    for one in fields(found):
        if folded is None or getattr(folded, one.name) != getattr(found, one.name):
            yield one.name
