"""The words that were said of incidents, each with whose they are: what is looked for is found by how it begins.

A range of the primary key, the same on SQLite and PostgreSQL: it costs what is found, not what has ever been said.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Select, delete, insert, intersect, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import IncidentId
from bot.domain.model import Incident
from bot.domain.searching import indexed, told_of
from bot.store.tables import incident_words

# By how many of the words that somebody looks for candidates are found; the others are looked for in those.
MOST: Final = 8
# Behind all that begins alike.
_END: Final = "\U0010ffff"


async def write(connection: AsyncConnection, incident: Incident, *, new: bool) -> None:
    """Write down the words of an incident, in place of those before."""
    if not new:
        await connection.execute(delete(incident_words).where(incident_words.c.incident == incident.id))
    if rows := [{"word": word, "incident": incident.id} for word in sorted(indexed(told_of(incident)))]:
        await connection.execute(insert(incident_words), rows)


async def incidents_with(
    connection: AsyncConnection, beginnings: Collection[str], *, before: IncidentId, at_most: int
) -> list[IncidentId]:
    """Return the newest incidents before a number that have a word for each beginning, the newest first."""
    query = query_of(beginnings, before=before, at_most=at_most)
    return [IncidentId(one) for one in (await connection.execute(query)).scalars()]


def query_of(beginnings: Collection[str], *, before: IncidentId, at_most: int) -> Select[int]:
    """Return the query for them."""
    longest = sorted(beginnings, key=lambda one: (-len(one), one))[:MOST]  # those that fewest begin with
    word, number = incident_words.c.word, incident_words.c.incident
    each = [select(number).where(word >= one, word < one + _END, number < before) for one in longest]
    found = intersect(*each).subquery()
    return select(found.c.incident).order_by(found.c.incident.desc()).limit(at_most)
