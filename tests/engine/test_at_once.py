"""What is written at once ends as if SQLAlchemy had executed each statement in a transaction, or not at all."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, select, text

from bot.domain.ids import SourceName
from bot.domain.tracks import Urgency
from bot.domain.work import ConfirmSubscription, Effect, ReadDeliveries
from bot.errors import MaybeKept, Overloaded
from bot.store import effects, inbox
from bot.store.at_once import Write
from bot.store.database import Database
from bot.store.errand import Connection
from bot.store.tables import deliveries, lanes
from bot.store.tables import effects as waiting
from tests.fakes.clock import START

MINUTE = timedelta(minutes=1)


def row(body: bytes, *, source: str = "alertmanager", fault: str | None = None) -> dict[str, object]:
    given = {"source": source, "integration": "default", "received_at": START, "body": body}
    return given | {"status": "quarantined" if fault else "waiting", "fault": fault}


def rows() -> st.SearchStrategy[dict[str, object]]:
    faults = st.none() | st.text(st.characters(codec="utf-8"), max_size=5)
    return st.builds(row, st.binary(max_size=20), source=st.sampled_from(["a", "b"]), fault=faults)


def wanted() -> st.SearchStrategy[Effect]:
    """Return work of three lanes, due at any time."""
    works = st.sampled_from(
        [
            ReadDeliveries(source=SourceName("a")),
            ReadDeliveries(source=SourceName("b")),
            ConfirmSubscription(url="https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription", topic="t"),
        ]
    )
    due = st.integers(-2, 2).map(lambda minutes: START + minutes * MINUTE)
    return st.builds(Effect, work=works, due=due, urgency=st.sampled_from([Urgency.NOW, Urgency.ALERTS]))


async def at_once(database: Database, writes: Sequence[Write]) -> None:
    await database.write(writes, what="a test")


async def one_by_one(database: Database, writes: Sequence[Write]) -> None:
    async with database.transaction() as connection:
        for statement, given in writes:
            if given:
                await connection.execute(statement, given)


async def seen(database: Database) -> list[list[tuple[object, ...]]]:
    async with database.reading() as connection:
        return [
            [tuple(one) for one in await connection.execute(select(table).order_by(table.primary_key.columns[0]))]
            for table in (deliveries, waiting, lanes)
        ]


Told = Sequence[tuple[Sequence[dict[str, object]], Sequence[Effect]]]


async def what_is_kept(told: Told, write: Callable[[Database, Sequence[Write]], Any]) -> list[list[tuple[object, ...]]]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder)}/muster.db", durable=False)
        await database.create_tables()
        for given, news in told:
            await write(database, [(inbox.DEPOSIT, given), *effects.puts("sqlite", news)])
        kept = await seen(database)
        await database.close()
        return kept


@given(told=st.lists(st.tuples(st.lists(rows(), max_size=3), st.lists(wanted(), max_size=4)), max_size=3))
@settings(max_examples=30)
def test_it_is_kept_as_by_one_statement_after_the_other(told: Told) -> None:
    assert asyncio.run(what_is_kept(told, at_once)) == asyncio.run(what_is_kept(told, one_by_one))


async def test_it_is_kept_on_every_database(database_url: str) -> None:
    database = Database(database_url, durable=False)
    await database.create_tables()
    news = effects.puts(database.engine.dialect.name, [Effect(work=ReadDeliveries(source=SourceName("a")), due=START)])
    for _ in range(2):
        await database.write([(inbox.DEPOSIT, [row(b"x", source="a"), row(b"y", source="a")]), *news], what="a test")
    bodies, puts, _ = await seen(database)
    assert [one[4] for one in bodies] == [b"x", b"y", b"x", b"y"]
    assert len(puts) == 1
    await database.close()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db", durable=False)
    await opened.create_tables()
    yield opened
    await opened.close()


async def test_it_costs_one_errand(tmp_path: Path) -> None:
    errands: list[str] = []

    class Noting(Connection):
        async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            errands.append(fn.__name__)
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call] # the library's

    database = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db", durable=False)

    @event.listens_for(database.engine.sync_engine, "do_connect")
    def connecting(_dialect: object, _record: object, _given: object, options: dict[str, Any]) -> None:
        options["async_creator_fn"] = Noting

    await database.create_tables()
    for _ in range(2):
        errands.clear()
        await database.write([(inbox.DEPOSIT, [row(b"x")]), (inbox.DEPOSIT, [row(b"y")])], what="a test")
    assert errands == ["_at_once"]
    await database.close()


async def test_of_what_fails_nothing_is_kept_and_it_goes_on(database: Database) -> None:
    wrong = {**row(b"y"), "source": None}
    with pytest.raises(MaybeKept):
        await database.write([(inbox.DEPOSIT, [row(b"x")]), (inbox.DEPOSIT, [wrong])], what="a test")
    await database.write([(inbox.DEPOSIT, [row(b"z")])], what="a test")
    assert await kept_in(database) == [b"z"]


async def kept_in(database: Database) -> list[bytes]:
    async with database.reading() as connection:
        return list((await connection.execute(select(deliveries.c.body))).scalars())


def opened(url: str, **pragmas: int) -> Database:
    """Open a database whose connections are told this as well."""
    database = Database(url, durable=False)

    @event.listens_for(database.engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for name, value in pragmas.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()

    return database


async def test_a_disk_that_is_full_keeps_nothing_of_it_and_takes_what_still_fits(database: Database) -> None:
    full = opened(str(database.url), max_page_count=1)  # none beyond those that there are
    with pytest.raises(MaybeKept):
        await full.write([(inbox.DEPOSIT, [row(b"x"), row(bytes(100_000))])], what="a test")
    assert await kept_in(database) == []
    await full.write([(inbox.DEPOSIT, [row(b"y")])], what="a test")
    assert await kept_in(database) == [b"y"]
    await full.close()


async def test_while_another_process_writes_it_is_overload_and_nothing_of_it_is_kept(database: Database) -> None:
    impatient = opened(str(database.url), busy_timeout=0)
    async with database.transaction() as connection:
        await connection.execute(text("DELETE FROM receipts"))
        with pytest.raises(Overloaded):
            await impatient.write([(inbox.DEPOSIT, [row(b"x")])], what="a test")
    await impatient.write([(inbox.DEPOSIT, [row(b"y")])], what="a test")
    assert await kept_in(database) == [b"y"]
    await impatient.close()


async def test_a_file_that_cannot_be_opened_is_overload_until_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "not there yet"
    database = Database(f"sqlite+aiosqlite:///{folder}/muster.db", durable=False)
    for _ in range(2):
        with pytest.raises(Overloaded):
            await database.write([(inbox.DEPOSIT, [row(b"x")])], what="a test")
    folder.mkdir()
    await database.create_tables()
    await database.write([(inbox.DEPOSIT, [row(b"y")])], what="a test")
    assert await kept_in(database) == [b"y"]
    await database.close()


async def test_what_could_not_be_undone_then_is_undone_now(tmp_path: Path) -> None:
    connection = Connection(f"{tmp_path}/muster.db", isolation_level=None)
    await connection
    await connection.at_once([("CREATE TABLE kept (body TEXT)", [()])])
    for sql in ("BEGIN", "INSERT INTO kept VALUES ('lost')"):
        await connection.cursor().execute(sql)
    await connection.at_once([("INSERT INTO kept VALUES (?)", [("x",)])])
    rows = connection.cursor()
    await rows.execute("SELECT body FROM kept")
    assert await rows.fetchall() == [("x",)]
    await connection.close()


async def test_who_gives_up_meanwhile_leaves_nothing_open(database: Database) -> None:
    await database.write([], what="a test")  # its connection is there
    for _ in range(5):
        writing = asyncio.create_task(database.write([(inbox.DEPOSIT, [row(b"x")])], what="a test"))
        await asyncio.wait([writing], timeout=0)
        writing.cancel()
        await asyncio.wait([writing])
        async with database.transaction() as connection:
            await connection.execute(text("DELETE FROM deliveries"))
            await connection.execute(insert(deliveries), row(b"y"))
    bodies, _, _ = await seen(database)
    assert bodies
