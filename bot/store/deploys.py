"""Deploys, as rows: what was told of lately. What an incident knows of them is in its timeline."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.affected import key_of
from bot.domain.deploys import Deploy
from bot.domain.ids import ServiceName
from bot.store.tables import deploys
from bot.store.upsert import insert_into


async def add(connection: AsyncConnection, key: str, deploy: Deploy, now: datetime) -> tuple[Deploy, bool]:
    """Keep a deploy; return it with its number, and whether it is new: the same key names the same one."""
    row = {
        "key": key,
        "service": _column(deploy.service),
        "name": deploy.service,
        "version": deploy.version,
        "environment": deploy.environment,
        "url": deploy.url or "",
        "author": deploy.by,
        "at": deploy.at,
        "told_at": now,
    }
    new = insert_into(connection.dialect.name, deploys).values(row).on_conflict_do_nothing(index_elements=["key"])
    added = await connection.execute(new)
    kept = (await connection.execute(_ONE, {"name_of": key})).one()
    return _deploy(kept), added.rowcount == 1


async def told_since(connection: AsyncConnection, key: str, since: datetime) -> Deploy | None:
    """Return the deploy of a key, if it was told since a moment."""
    row = (await connection.execute(_ONE, {"name_of": key})).first()
    return _deploy(row) if row and row.told_at >= since else None


async def recent(connection: AsyncConnection, services: Iterable[ServiceName], since: datetime) -> tuple[Deploy, ...]:
    """Return the deploys of these services since a moment, the earliest first."""
    rows = await connection.execute(_RECENT, {"of": [_column(one) for one in services], "since": since})
    return tuple(_deploy(row) for row in rows)


async def forget(connection: AsyncConnection, before: datetime, at_most: int) -> int:
    """Delete what was told before a moment, at most so many; return how many there were."""
    old = select(deploys.c.id).where(deploys.c.told_at < before).limit(at_most)
    return (await connection.execute(delete(deploys).where(deploys.c.id.in_(old)))).rowcount


_LONGEST = 100
_ONE = select(deploys).where(deploys.c.key == bindparam("name_of"))
_RECENT = (
    select(deploys)
    .where(deploys.c.service.in_(bindparam("of", expanding=True)), deploys.c.at >= bindparam("since"))
    .order_by(deploys.c.at, deploys.c.id)
)


def _column(service: ServiceName) -> str:
    """Return a service's name as it is looked for: some letters are more when names are compared (ß is ss)."""
    return key_of(service)[:_LONGEST]


def _deploy(row: Row[tuple[object, ...]]) -> Deploy:
    return Deploy(
        id=row.id,
        service=ServiceName(row.name),
        version=row.version,
        environment=row.environment,
        url=row.url or None,
        by=row.author,
        at=row.at,
    )
