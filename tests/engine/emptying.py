"""A database as it is right after its tables were made; on PostgreSQL one that had a world before is made so again."""

from typing import Final

from sqlalchemy import text

from bot.store.database import Database
from bot.store.tables import metadata

# What a world that is gone may have left open: a transaction holds locks for as long as its connection lives.
_ALONE: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_COUNTERS: Final = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"


async def make_empty(database: Database) -> None:
    """Make the tables, or empty those of the world before."""
    if database.is_sqlite or not await _has_tables(database):
        await database.create_tables()
        return
    async with database.transaction() as connection:
        await connection.execute(text(_ALONE))
        for table in metadata.tables.values():
            await connection.execute(table.delete())
        await connection.execute(text(_COUNTERS))


async def _has_tables(database: Database) -> bool:
    async with database.reading() as connection:
        return bool((await connection.execute(text("SELECT to_regclass('incidents')"))).scalar())
