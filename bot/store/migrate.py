"""Brings a database to the newest schema.

All steps happen in one transaction, so that a kill at any statement leaves the old schema whole.
On PostgreSQL an advisory lock makes replicas that start together take turns.
"""

from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.store.database import Database
from bot.store.tables import metadata

PATIENCE = timedelta(seconds=60)
LOCK = 7_061_112  # any number, as long as every Muster uses the same


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Run the missing steps inside the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    command.upgrade(_config(connection), "head")


def _differences(connection: Connection) -> list[str]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(difference) for difference in compare_metadata(context, metadata)]


async def migrate(database: Database) -> None:
    """Bring the schema up to date."""
    async with database.transaction(PATIENCE, what="a migration") as connection:
        await connection.run_sync(upgrade)


async def differences(database: Database) -> list[str]:
    """Return how the schema differs from what the code expects; nothing after `migrate`."""
    async with database.transaction(PATIENCE) as connection:
        return await connection.run_sync(_differences)
