"""What Alembic does for us: the missing steps, and how a schema differs from the code's.

Whoever needs it imports it then: a start that finds nothing missing is a tenth sooner without it.
"""

import warnings
from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, UnaryExpression

from bot.store.tables import metadata

SCRIPTS: Final = Path(__file__).parent / "migrations"


def on(connection: Connection) -> Config:
    """Return what Alembic is told: that it works on this connection, in its caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


def take_all(connection: Connection) -> None:
    """Take the steps that are missing."""
    command.upgrade(on(connection), "head")


def differences(connection: Connection) -> list[str]:
    """Return how the schema differs from what the code expects."""
    options = {"compare_type": True, "include_object": _can_be_compared}
    context = MigrationContext.configure(connection, opts=options)
    with warnings.catch_warnings():  # of SQLite's indexes that it says it leaves out
        warnings.filterwarnings("ignore", "autogenerate skipping metadata-specified expression-based index")
        return [str(difference) for difference in compare_metadata(context, metadata)]


def _can_be_compared(_thing: object, name: str | None, *_others: object) -> bool:
    """Leave out an index in which a column goes downwards: read back from SQLite, it has lost that."""
    return name not in _DOWNWARDS


_DOWNWARDS: Final = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if any(isinstance(one, UnaryExpression) for one in index.expressions)
}
