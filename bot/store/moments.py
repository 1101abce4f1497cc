"""Moments that are remembered by a name: when Muster was last at work, when a heartbeat came last."""

from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import upsert
from bot.store.tables import moments

AT_WORK: Final = "at work"
BACK: Final = "back at work"


async def load(connection: AsyncConnection, name: str, *, lock: bool = False) -> datetime | None:
    """Return a moment, locked until the transaction ends when asked."""
    return (await connection.execute(_LOCKED if lock else _ONE, {"called": name})).scalar()


_ONE = select(moments.c.at).where(moments.c.name == bindparam("called"))
_LOCKED = _ONE.with_for_update()


async def save(connection: AsyncConnection, name: str, at: datetime) -> None:
    """Remember a moment; an earlier one of the name is forgotten."""
    await connection.execute(_save(connection.dialect.name), {"name": name, "at": at})


@cache
def _save(dialect: str) -> Insert:
    row = upsert.insert_into(dialect, moments)
    return row.on_conflict_do_update(index_elements=["name"], set_={"at": row.excluded.at})
