"""Brings a database to the newest schema.

All steps happen in one transaction, so that a kill at any statement leaves the old schema whole.
On PostgreSQL an advisory lock makes replicas that start together take turns.
"""

from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from bot.store.database import Database

PATIENCE: Final = timedelta(seconds=60)
LOCK: Final = 7_061_112  # any number, as long as every Muster uses the same
VERSIONS: Final = Path(__file__).parent / "migrations" / "versions"


def newest() -> str:
    """Return the name of the last step: each file's name begins with its own."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def upgrade(connection: Connection) -> None:
    """Take the missing steps inside the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if _stands_at(connection) == newest():
        return
    from bot.store import steps  # noqa: PLC0415 - see there

    steps.take_all(connection)


def _stands_at(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())


async def migrate(database: Database) -> None:
    """Bring the schema up to date."""
    async with database.transaction(PATIENCE, what="a migration") as connection:
        await connection.run_sync(upgrade)


async def differences(database: Database) -> list[str]:
    """Return how the schema differs from what the code expects; nothing after `migrate`."""
    from bot.store import steps  # noqa: PLC0415 - see there

    async with database.transaction(PATIENCE) as connection:
        return await connection.run_sync(steps.differences)
