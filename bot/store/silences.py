"""Silences, as rows: what somebody does not want to hear of, and until when."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Row, and_, bindparam, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.declared import FILE
from bot.domain.ids import UserId
from bot.domain.matchers import matchers_of, text_of
from bot.domain.muting import Silence
from bot.store import numbering
from bot.store.tables import silences

COUNTER = "silences"


async def next_number(connection: AsyncConnection) -> int:
    """Take the next number; it is given back when the transaction fails."""
    return await numbering.next_number(connection, COUNTER)


async def load(connection: AsyncConnection, silence: int, *, lock: bool = False) -> Silence | None:
    """Return a silence, over or not; locked until the transaction ends when asked."""
    row = (await connection.execute(_LOCKED if lock else _ONE, {"silence": silence})).first()
    return _silence(row) if row else None


_ONE = select(silences).where(silences.c.id == bindparam("silence"))
_LOCKED = _ONE.with_for_update()


async def current(connection: AsyncConnection, now: datetime) -> tuple[Silence, ...]:
    """Return those that are not over."""
    rows = await connection.execute(_CURRENT, {"now": now})
    return tuple(_silence(row) for row in rows)


_CURRENT = (
    select(silences)
    .where(silences.c.ends_at > bindparam("now"), silences.c.ended_at.is_(None))
    .order_by(silences.c.ends_at, silences.c.id)
)


async def load_all(connection: AsyncConnection, numbers: Collection[int]) -> tuple[Silence, ...]:
    """Return silences by their numbers, over or not."""
    rows = await connection.execute(_ALL, {"numbers": list(numbers)})
    return tuple(_silence(row) for row in rows)


_ALL = select(silences).where(silences.c.id.in_(bindparam("numbers", expanding=True)))


async def shared_with(
    connection: AsyncConnection, sender: str, far: Collection[str], numbers: Collection[int], now: datetime
) -> tuple[Silence, ...]:
    """Return those that are not over, those of a sender's that have these ids there, and those of these numbers."""
    asked = {"sender": sender, "far": list(far), "numbers": list(numbers), "now": now}
    return tuple(_silence(row) for row in await connection.execute(_SHARED, asked))


_SHARED = (
    select(silences)
    .where(
        or_(
            and_(silences.c.ends_at > bindparam("now"), silences.c.ended_at.is_(None)),
            and_(silences.c.sender == bindparam("sender"), silences.c.far_id.in_(bindparam("far", expanding=True))),
            silences.c.id.in_(bindparam("numbers", expanding=True)),
        )
    )
    .order_by(silences.c.id)
)


async def from_file(connection: AsyncConnection, names: Collection[str], now: datetime) -> tuple[Silence, ...]:
    """Return those that came from the file and are not over, and all that ever had these names there."""
    rows = await connection.execute(_FROM_FILE, {"file": FILE, "names": list(names), "now": now})
    return tuple(sorted((_silence(row) for row in rows), key=lambda silence: silence.id))


_FROM_FILE = select(silences).where(  # in no order: for one, SQLite would read all that ever were
    silences.c.origin == bindparam("file"),
    or_(
        and_(silences.c.ends_at > bindparam("now"), silences.c.ended_at.is_(None)),
        silences.c.far_id.in_(bindparam("names", expanding=True)),
    ),
)


async def newest_called(connection: AsyncConnection, origin: str, name: str) -> Silence | None:
    """Return the newest that has this name where it came from."""
    row = (await connection.execute(_CALLED, {"origin": origin, "name": name})).first()
    return _silence(row) if row else None


_CALLED = (
    select(silences)
    .where(silences.c.far_id == bindparam("name"), silences.c.origin == bindparam("origin"))
    .order_by(silences.c.id.desc())
    .limit(1)
)


async def save(connection: AsyncConnection, silence: Silence, *, new: bool) -> None:
    """Write a silence; what it means and who made it never changes."""
    if not new:
        await connection.execute(_ENDED, {"silence": silence.id, "at": silence.ended_at, "who": silence.ended_by or ""})
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
        "ended_by": silence.ended_by or "",
        "sender": silence.sender,
        "far_id": silence.far_id,
    }
    await connection.execute(insert(silences), row)


_ENDED = update(silences).where(silences.c.id == bindparam("silence"))
_ENDED = _ENDED.values(ended_at=bindparam("at"), ended_by=bindparam("who"))


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
        ended_by=UserId(row.ended_by) if row.ended_by else None,
        sender=row.sender,
        far_id=row.far_id,
    )
