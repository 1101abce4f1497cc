"""The database's own promises: one writer, one process a file, migrations that end where the code begins."""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text

from bot.domain.ids import IncidentId
from bot.errors import ConfigError, Overloaded
from bot.store.database import Database
from bot.store.incidents import OPEN_ONES
from bot.store.migrate import differences, migrate, upgrade
from bot.store.tables import metadata
from bot.store.words import incidents_with


async def test_migrations_end_where_the_code_begins(database_url: str) -> None:
    database = Database(database_url)
    await migrate(database)
    assert await differences(database) == []
    await migrate(database)
    await database.close()


async def test_a_start_that_finds_nothing_missing_does_not_load_alembic(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/muster.db"
    assert (await _loaded_by_migrating(url), await _loaded_by_migrating(url)) == ("True", "False")


async def _loaded_by_migrating(url: str) -> str:
    """Migrate in a process of its own; return whether it loaded Alembic."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _MIGRATES, url, stdout=asyncio.subprocess.PIPE)
    return (await process.communicate())[0].decode().strip()


_MIGRATES = """
import asyncio, sys
from bot.store.database import Database
from bot.store.migrate import migrate

async def main():
    database = Database(sys.argv[1])
    await migrate(database)
    await database.close()
    print("alembic" in sys.modules)

asyncio.run(main())
"""


async def test_a_migration_that_dies_leaves_the_old_schema_whole(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(ZeroDivisionError):
        await _migrate_and_die(database)
    await migrate(database)
    assert await differences(database) == []
    await database.close()


async def _migrate_and_die(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.run_sync(upgrade)
        raise ZeroDivisionError


async def test_a_migration_that_dies_at_any_of_its_statements_starts_again_cleanly(database_url: str) -> None:
    database, statements = Database(database_url), 0
    while await _dies_at(database, statements):
        statements += 1
    assert statements > len(metadata.tables), "it died at each of them"
    assert await differences(database) == []
    await database.close()


async def _dies_at(database: Database, statement: int) -> bool:
    """Migrate, and die before a statement of that number; tell whether there was one."""
    left = [statement]

    def die(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise ZeroDivisionError

    event.listen(database.engine.sync_engine, "before_cursor_execute", die)
    try:
        await migrate(database)
    except ZeroDivisionError:
        return True
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", die)
    return False


async def test_two_processes_on_one_sqlite_file_are_refused(tmp_path: Path) -> None:
    first, second = (Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db") for _ in range(2))
    first.claim_file()
    with pytest.raises(ConfigError, match="Another Muster"):
        second.claim_file()
    await first.close()
    second.claim_file()
    await second.close()


async def test_a_writer_waits_no_longer_than_its_patience(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db")
    async with database.transaction():
        with pytest.raises(Overloaded, match="busy"):
            async with database.transaction(timedelta(milliseconds=20)):
                pass
    await database.close()


async def test_another_process_holding_the_write_lock_is_overload_not_a_crash(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/muster.db"
    database, other = Database(url), Database(url)
    await database.create_tables()
    async with other.transaction() as holding:
        await holding.execute(text("DELETE FROM receipts"))
        with pytest.raises(Overloaded):
            async with database.transaction() as connection:
                await connection.execute(text("DELETE FROM receipts"))
    await asyncio.gather(database.close(), other.close())


async def test_a_database_that_is_not_there_is_overload() -> None:
    database = Database("postgresql+asyncpg://x@127.0.0.1:1/x")
    with pytest.raises(Overloaded):
        async with database.reading():
            pass
    await database.close()


async def test_sqlite_is_durable_and_in_wal_mode(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db")
    async with database.reading() as connection:
        mode = (await connection.execute(text("PRAGMA journal_mode"))).scalar()
        synchronous = (await connection.execute(text("PRAGMA synchronous"))).scalar()
    assert (mode, synchronous) == ("wal", 2)
    await database.close()


async def test_what_is_open_is_found_without_reading_what_is_closed(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db")
    await database.create_tables()
    query = str(OPEN_ONES.compile(database.engine.sync_engine, compile_kwargs={"literal_binds": True}))
    async with database.reading() as connection:
        plan = [row.detail for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert any("SEARCH incidents USING INDEX ix_incidents_status_id" in step for step in plan), plan
    await database.close()


async def test_the_words_of_what_was_there_before_they_were_indexed_are_written_down(database_url: str) -> None:
    database = Database(database_url)
    await migrate(database)
    bodies = [{"title": f"Überlast {n}", "last_update": {"text": "Cards fail"}, "set_aside": None} for n in range(450)]
    async with database.transaction() as connection:
        await connection.execute(text("DROP TABLE incident_words"))
        await connection.execute(text("DROP INDEX ix_posts_comms"))
        await connection.execute(text("DROP INDEX ix_deliveries_urgent"))
        await connection.execute(text("ALTER TABLE deliveries DROP COLUMN urgent"))
        await connection.execute(text("UPDATE alembic_version SET version_num = '0019'"))
        row = text(
            "INSERT INTO incidents (id, status, severity, declared_at, body) VALUES (:n, 'closed', 'sev1', 0, :body)"
        )
        await connection.execute(row, [{"n": n + 1, "body": json.dumps(body)} for n, body in enumerate(bodies)])
    await migrate(database)
    async with database.reading() as connection:
        found = await incidents_with(connection, ["über", "cards"], before=IncidentId(1000), at_most=500)
    assert found == list(range(450, 0, -1))
    assert await differences(database) == []
    await database.close()
