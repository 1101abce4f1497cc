"""Two incidents at once, locked in the order of their numbers, because something is said of both."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.decisions import State
from bot.domain.ids import IncidentId
from bot.store import incidents


async def pair(connection: AsyncConnection, one: IncidentId, other: IncidentId) -> State:
    """Look both up; where they are the same, or the other does not exist, there is only the one."""
    both = await incidents.load_all(connection, {one, other}, lock=True)
    return State(incident=both.get(one), into=both.get(other) if other != one else None)
