"""Moments that are remembered by a name: when Muster was last at work, when a heartbeat came last."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import upsert
from bot.store.tables import moments

AT_WORK: Final = "at work"
BACK: Final = "back at work"


async def load(connection: AsyncConnection, name: str, *, lock: bool = False) -> datetime | None:
    """Return a moment, locked until the transaction ends when asked."""
    query = select(moments.c.at).where(moments.c.name == name)
    return (await connection.execute(query.with_for_update() if lock else query)).scalar()


async def save(connection: AsyncConnection, name: str, at: datetime) -> None:
    """Remember a moment; an earlier one of the name is forgotten."""
    row = upsert.insert_into(connection.dialect.name, moments).values(name=name, at=at)
    await connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": at}))
