"""When more will be due: what a world with no other clock than the test's goes on to."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import Instant, gates, lanes


async def next_due(connection: AsyncConnection) -> Mapping[str, datetime]:
    """Return for each track when something is due next.

    A leased lane is when its lease ends, at the latest; what waits at a gate when it opens.
    """
    rows = await connection.execute(_soonest(connection.dialect.name))
    return {row.track: row.due for row in rows}


@cache
def _soonest(dialect: str) -> Select[str, datetime]:
    latest = func.greatest if dialect == "postgresql" else func.max
    leased, opens = (func.coalesce(one, lanes.c.next_due) for one in (lanes.c.leased_until, gates.c.opens_at))
    due = func.min(latest(lanes.c.next_due, leased, opens), type_=Instant).label("due")
    return select(lanes.c.track, due).outerjoin(gates, gates.c.name == lanes.c.gate).group_by(lanes.c.track)
