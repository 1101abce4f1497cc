"""What came in: receipts (so that a repeat changes nothing) and the bytes that sources delivered."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.model import SourceName
from bot.store import upsert
from bot.store.tables import deliveries, receipts


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    READ = "read"
    QUARANTINED = "quarantined"


async def take(connection: AsyncConnection, origin: str, key: str, now: datetime) -> bool:
    """Remember a receipt; tell whether it is new."""
    row = upsert.insert_into(connection, receipts).values(origin=origin, key=key, at=now)
    return (await connection.execute(row.on_conflict_do_nothing())).rowcount == 1


async def deposit(connection: AsyncConnection, rows: Sequence[dict[str, object]]) -> None:
    """Write deliveries, in their order."""
    await connection.execute(insert(deliveries), list(rows))


async def waiting(connection: AsyncConnection, source: SourceName, at_most: int) -> tuple[tuple[int, str, bytes], ...]:
    """Return the oldest unread deliveries of a source: id, integration, body."""
    columns = select(deliveries.c.id, deliveries.c.integration, deliveries.c.body)
    query = columns.where(deliveries.c.source == source, deliveries.c.status == DeliveryStatus.WAITING.value)
    rows = await connection.execute(query.order_by(deliveries.c.id).limit(at_most))
    return tuple((row.id, row.integration, row.body) for row in rows)


async def mark(connection: AsyncConnection, delivery: int, status: DeliveryStatus, fault: str | None = None) -> None:
    """Say where a delivery stands."""
    values = {"status": status.value, "fault": fault}
    await connection.execute(update(deliveries).where(deliveries.c.id == delivery).values(**values))


async def cap_quarantine(connection: AsyncConnection, source: SourceName, keep: int) -> None:
    """Forget the oldest quarantined deliveries of a source beyond so many."""
    aside = (deliveries.c.source == source) & (deliveries.c.status == DeliveryStatus.QUARANTINED.value)
    newest = select(deliveries.c.id).where(aside).order_by(deliveries.c.id.desc()).offset(keep)
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
