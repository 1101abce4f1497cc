"""The database for who asks outside the bot, which may be running beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.domain.model import Incident
from bot.errors import Refused
from bot.store.database import Database


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """Open a database that is there, and close it at the end.

    Raises:
        Refused: there is none: SQLite would make an empty one.
    """
    database = Database(url)
    _must_exist(database)
    try:
        yield database
    finally:
        await database.close()


def _must_exist(database: Database) -> None:
    file = database.url.database
    if database.is_sqlite and file and not Path(file).exists():
        raise Refused(f"There is no database at {file} yet; name another one in MUSTER_DATABASE_URL.")


def must_be_shown(incident: Incident, *, private: bool) -> None:
    """Refuse to show a private incident to who did not ask for what is private."""
    if incident.private and not private:
        raise Refused(f"{incident.label} is private. With --private it is shown.")
