"""What came in: receipts (so that a repeat changes nothing) and the bytes that sources delivered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from itertools import accumulate
from typing import Final

from sqlalchemy import Executable, Integer, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import SourceName
from bot.store import upsert
from bot.store.tables import URGENT, deliveries, receipts


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    READ = "read"
    QUARANTINED = "quarantined"


Waiting = tuple[int, str, datetime, bytes]
"""A delivery that is not read yet: id, integration, arrival, body."""

_IS_ASIDE = deliveries.c.status == DeliveryStatus.QUARANTINED.value


async def take(connection: AsyncConnection, origin: str, key: str, now: datetime) -> bool:
    """Remember a receipt; tell whether it is new."""
    row = {"origin": origin, "key": key, "at": now}
    return (await connection.execute(_take(connection.dialect.name), row)).rowcount == 1


@cache
def _take(dialect: str) -> Insert:
    return upsert.insert_into(dialect, receipts).on_conflict_do_nothing()


async def take_all(connection: AsyncConnection, origin: str, keys: Collection[str], now: datetime) -> frozenset[str]:
    """Remember receipts, in one statement; return those that are new."""
    row = _take(connection.dialect.name).returning(receipts.c.key)
    # In one order everywhere: so two replicas that are brought the same never wait for each other.
    rows = [{"origin": origin, "key": key, "at": now} for key in sorted(keys)]
    return frozenset((await connection.execute(row, rows)).scalars()) if rows else frozenset()


async def deposit(connection: AsyncConnection, rows: Sequence[dict[str, object]]) -> None:
    """Write deliveries, in their order."""
    if rows:
        await connection.execute(DEPOSIT, list(rows))


DEPOSIT: Final = insert(deliveries)


async def waiting(
    connection: AsyncConnection, source: SourceName, at_most: int, bytes_at_most: int
) -> tuple[Waiting, ...]:
    """Return a source's oldest unread deliveries; of large ones fewer, at least one."""
    found = [(row[0], row[1]) for row in await connection.execute(_SIZES, {"of": source, "most": at_most})]
    until = accumulate(size for _, size in found)
    wanted = [delivery for (delivery, _), read in zip(found, until, strict=True) if read <= bytes_at_most]
    wanted = wanted or [delivery for delivery, _ in found[:1]]
    if not wanted:
        return ()
    return await _whole(connection, _WAITING, {"of": source, "last": wanted[-1]})


_UNREAD = (deliveries.c.source == bindparam("of")) & (deliveries.c.status == DeliveryStatus.WAITING.value)
_SIZES = (
    select(deliveries.c.id, func.length(deliveries.c.body))
    .where(_UNREAD)
    .order_by(deliveries.c.id)
    .limit(bindparam("most", type_=Integer))
)
_COLUMNS = (deliveries.c.id, deliveries.c.integration, deliveries.c.received_at, deliveries.c.body)
_WHOLE = select(*_COLUMNS).order_by(deliveries.c.id)
_WAITING = _WHOLE.where(_UNREAD, deliveries.c.id <= bindparam("last"))


async def urgent(connection: AsyncConnection, source: SourceName, after: int, at_most: int) -> tuple[Waiting, ...]:
    """Return unread deliveries of a source that are urgent, and came after one; the oldest first."""
    return await _whole(connection, _URGENT, {"of": source, "after": after, "most": at_most})


async def _whole(connection: AsyncConnection, query: Executable, wanted: Mapping[str, object]) -> tuple[Waiting, ...]:
    rows = await connection.execute(query, wanted)
    return tuple((row.id, row.integration, row.received_at, row.body) for row in rows)


_URGENT = _WHOLE.where(deliveries.c.source == bindparam("of"), URGENT, deliveries.c.id > bindparam("after")).limit(
    bindparam("most", type_=Integer)
)


async def is_unread(connection: AsyncConnection, source: SourceName, integration: str) -> bool:
    """Tell whether something that a sender has delivered is not read yet."""
    mine = (deliveries.c.source == source) & (deliveries.c.status == DeliveryStatus.WAITING.value)
    query = select(deliveries.c.id).where(mine & (deliveries.c.integration == integration)).limit(1)
    return (await connection.execute(query)).scalar() is not None


async def mark_read(connection: AsyncConnection, read: Collection[int]) -> None:
    """Say that deliveries are read."""
    await connection.execute(_READ, {"read": list(read)})


_READ = (
    update(deliveries)
    .where(deliveries.c.id.in_(bindparam("read", expanding=True)))
    .values(status=DeliveryStatus.READ.value)
)


async def set_aside(connection: AsyncConnection, delivery: int, fault: str) -> None:
    """Put a delivery into quarantine."""
    values = {"status": DeliveryStatus.QUARANTINED.value, "fault": fault}
    await connection.execute(update(deliveries).where(deliveries.c.id == delivery).values(**values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A delivery in quarantine, without its body."""

    id: int
    source: SourceName
    integration: str
    received_at: datetime
    fault: str
    size: int


async def aside(connection: AsyncConnection, source: SourceName | None = None) -> tuple[Aside, ...]:
    """Return what is in quarantine, the oldest first; of one source, or of all."""
    size = func.length(deliveries.c.body).label("size")
    columns = (deliveries.c.id, deliveries.c.source, deliveries.c.integration)
    query = select(*columns, deliveries.c.received_at, deliveries.c.fault, size).where(_IS_ASIDE)
    query = query if source is None else query.where(deliveries.c.source == source)
    rows = await connection.execute(query.order_by(deliveries.c.id))
    return tuple(Aside(**row) for row in rows.mappings())


async def body_aside(connection: AsyncConnection, delivery: int) -> bytes | None:
    """Return the body of a delivery in quarantine, or None when it is not there."""
    query = select(deliveries.c.body).where(_IS_ASIDE & (deliveries.c.id == delivery))
    return (await connection.execute(query)).scalar_one_or_none()


async def release(connection: AsyncConnection, delivery: int) -> None:
    """Take a delivery out of quarantine, to be read in its place among the others."""
    values = {"status": DeliveryStatus.WAITING.value, "fault": None}
    await connection.execute(update(deliveries).where(_IS_ASIDE & (deliveries.c.id == delivery)).values(**values))


async def cap_quarantine(connection: AsyncConnection, source: SourceName, keep: int) -> None:
    """Forget the oldest quarantined deliveries of a source beyond so many."""
    ours = select(deliveries.c.id).where(_IS_ASIDE & (deliveries.c.source == source))
    newest = ours.order_by(deliveries.c.id.desc()).offset(keep)
    await connection.execute(delete(deliveries).where(deliveries.c.id.in_(newest)))


async def forget(connection: AsyncConnection, before: datetime, at_most: int) -> int:
    """Delete receipts and read deliveries from before a moment, at most so many of each; return how many there were."""
    old = select(receipts.c.origin, receipts.c.key).where(receipts.c.at < before).limit(at_most)
    taken = await connection.execute(delete(receipts).where(tuple_(receipts.c.origin, receipts.c.key).in_(old)))
    read = (deliveries.c.received_at < before) & (deliveries.c.status == DeliveryStatus.READ.value)
    done = select(deliveries.c.id).where(read).limit(at_most)
    gone = await connection.execute(delete(deliveries).where(deliveries.c.id.in_(done)))
    return taken.rowcount + gone.rowcount


async def count(connection: AsyncConnection, status: DeliveryStatus) -> int:
    """Return how many deliveries stand so."""
    query = select(func.count()).select_from(deliveries).where(deliveries.c.status == status.value)
    return (await connection.execute(query)).scalar_one()
