"""Who is dead for certain is known on this machine, and what they held is free at once; of others nothing is known."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, select

from bot.store.database import Database
from bot.store.tables import lanes
from bot.store.workers import Workers, join

NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    await opened.create_tables()
    yield opened
    await opened.close()


async def lease(database: Database, *workers: str) -> None:
    """Lease a lane to each."""
    rows = [
        {
            "name": f"lane of {one}",
            "track": "chat",
            "urgency": 0,
            "next_due": NOW,
            "token": f"{one}:1",
            "leased_until": NOW + timedelta(seconds=30),
        }
        for one in workers
    ]
    async with database.transaction() as connection:
        await connection.execute(insert(lanes), rows)


async def at_work(database: Database) -> set[str]:
    async with database.reading() as connection:
        return {token for token in (await connection.execute(select(lanes.c.token))).scalars() if token}


async def test_what_the_dead_held_is_free_and_what_the_living_hold_is_not(database: Database, tmp_path: Path) -> None:
    living, dead, next_one = (Workers(database.url, tmp_path / "workers") for _ in range(3))
    living.enter("living")
    dead.enter("dead")
    await lease(database, "living", "dead", "dea", "elsewhere")
    dead.leave()
    assert await next_one.take_over(database) == ["dead"]
    assert await at_work(database) == {"living:1", "dea:1", "elsewhere:1"}
    assert await next_one.take_over(database) == []
    living.leave()


async def test_of_another_databases_workers_nothing_is_said(database: Database, tmp_path: Path) -> None:
    others = Workers(make_url("postgresql+asyncpg://postgres@/another"), tmp_path)
    others.enter("theirs")
    others.leave()
    await lease(database, "theirs")
    assert await Workers(database.url, tmp_path).take_over(database) == []
    assert await at_work(database) == {"theirs:1"}


async def test_who_comes_next_takes_over_whatever_the_database(database: Database, tmp_path: Path) -> None:
    before = await join(database, "before", tmp_path / "workers")
    await lease(database, "before")
    before.leave()
    after = await join(database, "after", tmp_path / "workers")
    assert await at_work(database) == set()
    after.leave()


async def test_a_folder_in_which_others_may_write_is_not_believed(database: Database, tmp_path: Path) -> None:
    ended = Workers(database.url, tmp_path / "workers")
    ended.enter("ended")
    ended.leave()
    (tmp_path / "workers").chmod(0o777)
    await lease(database, "ended")
    assert await Workers(database.url, tmp_path / "workers").take_over(database) == []
    Workers(database.url, tmp_path / "workers").enter("another")
    assert [file.name.partition("-")[2] for file in (tmp_path / "workers").iterdir()] == ["ended.lock"]


async def test_without_a_folder_nobody_is_known_and_work_goes_on(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    alone = Workers(database.url, tmp_path / "a file" / "workers")
    alone.enter("alone")
    assert await alone.take_over(database) == []
    alone.leave()


async def test_a_file_that_somebody_is_just_looking_at_calls_nobody_dead(database: Database, tmp_path: Path) -> None:
    looking, entering = Workers(database.url, tmp_path), Workers(database.url, tmp_path)
    looking.enter("new")
    entering.enter("new")
    assert list(tmp_path.glob("*.lock")) == []
    looking.leave()
    entering.leave()
