"""Numbers that people read (INC-42, S-7): each counter goes on by one, without gaps."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import upsert
from bot.store.tables import numbers


async def hold(connection: AsyncConnection, counter: str) -> None:
    """Let nobody else take a number of a counter until the transaction ends; take none."""
    row = upsert.insert_into(connection.dialect.name, numbers).values(name=counter, last=0)
    await connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"last": numbers.c.last}))


async def next_number(connection: AsyncConnection, counter: str) -> int:
    """Take a counter's next number; it is given back when the transaction fails."""
    row = upsert.insert_into(connection.dialect.name, numbers).values(name=counter, last=1)
    row = row.on_conflict_do_update(index_elements=["name"], set_={"last": numbers.c.last + 1})
    return int((await connection.execute(row.returning(numbers.c.last))).scalar_one())
