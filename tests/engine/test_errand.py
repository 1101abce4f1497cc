"""SQLite's connections: one errand a statement, and every commit of what was written is waited for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import OperationalError

from bot.errors import Overloaded
from bot.store.database import Database
from bot.store.tables import people
from tests.fakes.clock import turn

Errands = list[str]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db", durable=False)
    await opened.create_tables()
    yield opened
    await opened.close()


@pytest.fixture
def waited_for(database: Database, monkeypatch: pytest.MonkeyPatch) -> Errands:
    """Note each errand that somebody waits for."""
    errands: Errands = []
    execute: Callable[..., Any] = aiosqlite.Connection._execute

    async def noted(connection: aiosqlite.Connection, function: Callable[..., Any], *given: Any) -> Any:
        errands.append(function.__name__)
        return await execute(connection, function, *given)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", noted)
    return errands


def person(name: str) -> dict[str, str]:
    return {"user": f"U0{name}", "name": name}


async def names(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(select(people.c.name).order_by(people.c.name))).scalars())


async def test_what_is_read_is_waited_for_once(database: Database, waited_for: Errands) -> None:
    assert await names(database) == []
    assert len(waited_for) == 1
    assert await names(database) == []


async def test_a_commit_of_what_was_written_is_waited_for(database: Database, waited_for: Errands) -> None:
    async with database.transaction() as connection:
        await connection.execute(insert(people), [person("Ana"), person("Bo")])
    assert waited_for[-1] == "commit"
    async with database.reading() as connection:  # nobody should, but who does is not lost
        await connection.execute(insert(people), person("Cleo"))
    assert waited_for[-1] == "commit"
    assert await names(database) == ["Ana", "Bo", "Cleo"]


async def test_what_fails_is_undone_and_the_connection_goes_on(database: Database) -> None:
    async def writes(then: str) -> None:
        async with database.transaction() as connection:
            await connection.execute(insert(people), person("Ana"))
            await connection.execute(text(then))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await writes("SELECT 1")
    with pytest.raises(Overloaded):
        await writes("SELECT 1 FROM nowhere")
    assert await names(database) == []
    async with database.transaction() as connection:
        await connection.execute(insert(people), person("Cleo"))
    assert await names(database) == ["Cleo"]


async def test_who_is_cancelled_in_the_middle_leaves_nothing_open(database: Database) -> None:
    cancelled = 0
    for wait in range(8):
        reading = asyncio.create_task(names(database))
        await turn(wait)
        reading.cancel()
        await asyncio.wait([reading])
        cancelled += reading.cancelled()
        async with database.transaction() as connection:
            await connection.execute(text("DELETE FROM people"))
            await connection.execute(insert(people), person("Ana"))
        assert await names(database) == ["Ana"]
    assert cancelled


async def test_a_transaction_of_nothing_asks_nothing_of_the_database(database: Database, waited_for: Errands) -> None:
    async with database.transaction():
        pass
    async with database.reading():
        pass
    assert waited_for == []


async def test_an_error_is_the_one_that_sqlite_gives(database: Database) -> None:
    async with database.engine.connect() as connection:
        with pytest.raises(OperationalError, match="no such table"):
            await connection.execute(text("SELECT 1 FROM nowhere"))
