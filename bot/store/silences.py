"""Silences, as rows: what somebody does not want to hear of, and until when."""

from datetime import datetime

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.matchers import matchers_of, text_of
from bot.domain.model import UserId
from bot.domain.muting import Silence
from bot.store import numbering
from bot.store.tables import silences

COUNTER = "silences"


async def next_number(connection: AsyncConnection) -> int:
    """Take the next number; it is given back when the transaction fails."""
    return await numbering.next_number(connection, COUNTER)


async def load(connection: AsyncConnection, silence: int) -> Silence | None:
    """Return a silence, locked until the transaction ends."""
    row = (await connection.execute(_ONE, {"silence": silence})).first()
    return _silence(row) if row else None


_ONE = select(silences).where(silences.c.id == bindparam("silence")).with_for_update()


async def look_up(connection: AsyncConnection, silence: int) -> Silence | None:
    """Return a silence, over or not."""
    row = (await connection.execute(_SEEN, {"silence": silence})).first()
    return _silence(row) if row else None


_SEEN = select(silences).where(silences.c.id == bindparam("silence"))


async def current(connection: AsyncConnection, now: datetime) -> tuple[Silence, ...]:
    """Return those that are not over."""
    rows = await connection.execute(_CURRENT, {"now": now})
    return tuple(_silence(row) for row in rows)


_CURRENT = (
    select(silences)
    .where(silences.c.ends_at > bindparam("now"), silences.c.ended_at.is_(None))
    .order_by(silences.c.ends_at, silences.c.id)
)


async def save(connection: AsyncConnection, silence: Silence, *, new: bool) -> None:
    """Write a silence; what it means and who made it never changes."""
    if not new:
        await connection.execute(_ENDED, {"silence": silence.id, "at": silence.ended_at})
        return
    row = {
        "id": silence.id,
        "matchers": text_of(silence.matchers),
        "by": silence.by,
        "reason": silence.reason,
        "origin": silence.origin,
        "created_at": silence.created_at,
        "starts_at": silence.starts_at,
        "ends_at": silence.ends_at,
        "ended_at": silence.ended_at,
    }
    await connection.execute(insert(silences), row)


_ENDED = update(silences).where(silences.c.id == bindparam("silence")).values(ended_at=bindparam("at"))


def _silence(row: Row[tuple[object, ...]]) -> Silence:
    return Silence(
        id=row.id,
        matchers=matchers_of(row.matchers),
        by=UserId(row.by),
        reason=row.reason,
        created_at=row.created_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        origin=row.origin,
        ended_at=row.ended_at,
    )
