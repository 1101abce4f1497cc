"""Whether timelines are whole, and what they tell, for who asks outside the bot. Nothing is written.

Each row is chained to the one before, and the incident counts its rows: what was changed, taken out or cut off shows.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from bot.domain.events import TimelineRow
from bot.domain.ids import IncidentId, UserId
from bot.engine.beside import must_be_shown, opened
from bot.errors import Refused
from bot.store import incidents, notes, timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A timeline that was looked at: so many rows, the hash of the last, and what is wrong with it, if anything."""

    incident: IncidentId
    rows: int
    ends_in: str
    fault: str = ""


async def verified(url: str, number: IncidentId | None = None) -> AsyncIterator[Verified]:
    """Yield every timeline, or that of one incident, as it was found.

    Raises:
        Refused: there is no such incident, or no database.
        Overloaded: the database does not answer, or holds no Muster's tables.
    """
    async with opened(url) as database, database.reading() as connection:
        for incident in [number] if number is not None else await incidents.numbers(connection):
            known = await incidents.load(connection, incident)
            if known is None:
                raise Refused(f"There is no INC-{incident}.")
            found = await timeline.walk(connection, incident)
            fault = f"row {found.broken_at} does not follow from the one before" if found.broken_at else ""
            if not fault and found.rows != known.events:
                fault = f"there are {found.rows} rows, and the incident counts {known.events}"
            yield Verified(incident=incident, rows=found.rows, ends_in=found.ends_in, fault=fault)


async def told(
    url: str, number: IncidentId, *, private: bool = False
) -> tuple[tuple[TimelineRow, ...], Mapping[UserId, str]]:
    """Return the timeline of an incident, and what people are called; raises as `verified`."""
    async with opened(url) as database, database.reading() as connection:
        known = await incidents.load(connection, number)
        if known is None:
            raise Refused(f"There is no INC-{number}.")
        must_be_shown(known, private=private)
        return await timeline.rows_of(connection, number), await notes.names(connection)
