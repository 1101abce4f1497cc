"""SQLite's connections: one errand a statement, and every commit of what was written is waited for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import OperationalError

from bot.errors import Overloaded
from bot.store.database import Database
from bot.store.errand import Connection
from bot.store.tables import people
from tests.fakes.clock import turn

Errands = list[str]


class Noting(Connection):
    """The connection of the product, which notes each errand that somebody waits for."""

    def __init__(self, database: str, *, errands: Errands, **options: Any) -> None:
        super().__init__(database, **options)
        self._errands = errands

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._errands.append(fn.__name__)
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call] # the library's


@pytest.fixture
def errands() -> Errands:
    return []


@pytest.fixture
async def database(tmp_path: Path, errands: Errands) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db", durable=False)

    @event.listens_for(opened.engine.sync_engine, "do_connect")
    def connecting(_dialect: object, _record: object, _given: object, options: dict[str, Any]) -> None:
        options["async_creator_fn"] = partial(Noting, errands=errands)

    await opened.create_tables()
    yield opened
    await opened.close()


@pytest.fixture
def waited_for(database: Database, errands: Errands) -> Errands:
    """Return the errands that somebody waits for from now on."""
    errands.clear()
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
    async with database.reading() as connection:
        await connection.execute(text("CREATE TABLE of_nobody (id INTEGER)"))
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
