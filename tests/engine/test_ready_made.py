"""What the simulation's SQLite has ready-made answers as SQLAlchemy does, which is asked the first time of each."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Executable, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import moments
from tests.engine.world import World
from tests.fakes import inline_sqlite
from tests.fakes.ready_made import Rows

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAMED = select(moments).where(moments.c.name.in_(bindparam("names", expanding=True))).order_by(moments.c.name)
OF_TWO = select(moments.c.at).where(moments.c.name.in_(("lunch", "tea"))).order_by(moments.c.at)
LAST = select(func.max(moments.c.at)).where(moments.c.at < bindparam("before"))
LATER = update(moments).where(moments.c.name == bindparam("called"))
NEW = insert(moments)


async def twice(
    connection: AsyncConnection, statement: Executable, given: Mapping[str, object]
) -> tuple[Sequence[object], Sequence[object]]:
    """Return the rows as SQLAlchemy has them, and as they come afterwards."""
    first = list((await connection.execute(statement, given)).all())
    again: object = await connection.execute(statement, given)
    assert isinstance(again, Rows)
    return first, list(again.all())


async def test_what_is_ready_made_answers_as_sqlalchemy_does(tmp_path: Path) -> None:
    world = await World(inline_sqlite.url(tmp_path / "muster.db")).open()
    async with world.database.transaction() as connection:
        await connection.execute(NEW, [{"name": "lunch", "at": NOON}, {"name": "tea", "at": NOON}])
        for _ in range(3):
            changed = await connection.execute(LATER, {"called": "tea", "at": NOON + timedelta(hours=4)})
            assert changed.rowcount == 1
        for names in (["lunch", "tea"], ["tea"], []):
            first, again = await twice(connection, NAMED, {"names": names})
            assert first == again
            assert len(first) == len(names)
        for statement, given in ((OF_TWO, {}), (LAST, {"before": NOON + timedelta(hours=1)})):
            first, again = await twice(connection, statement, given)
            assert first == again
            assert (await connection.execute(statement, given)).scalar() == NOON
    await world.close()


async def test_what_goes_wrong_is_told_as_ever_and_undone(tmp_path: Path) -> None:
    world = await World(inline_sqlite.url(tmp_path / "muster.db")).open()
    async with world.database.transaction() as connection:
        await connection.execute(NEW, {"name": "lunch", "at": NOON})

    async def again() -> None:
        async with world.database.transaction() as connection:
            await connection.execute(NEW, {"name": "tea", "at": NOON})
            await connection.execute(NEW, {"name": "lunch", "at": NOON})

    for _ in range(2):
        with pytest.raises(IntegrityError):
            await again()
    async with world.database.reading() as connection:
        assert (await connection.execute(select(moments.c.name))).scalars().all() == ["lunch"]
    await world.close()
