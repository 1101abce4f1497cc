"""Who works on a database from this machine: a lock file each, which the kernel opens when its process dies.

A lease protects against a worker of which nobody knows whether it lives. Of one whose file lies here, unlocked, we do
know: it is dead, to the last thread, and whatever it held is free at once. Of one on another machine nothing is known,
and its lease runs out. A connection to the database would tell less: it also ends while its owner lives on.
"""

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import structlog
from sqlalchemy.engine import URL

from bot.store import lanes
from bot.store.database import Database

log = structlog.get_logger()


def folder() -> Path:
    """Return where this machine's workers of this user have their files."""
    return Path(tempfile.gettempdir()) / f"muster-{os.getuid()}"


async def join(database: Database, worker: str, place: Path) -> "Workers":
    """Say that this worker works here, and free what others have left leased who are dead for certain.

    On an SQLite file that is everybody: `Database.claim_file` has seen that nobody else works on it.
    """
    workers = Workers(database.url, place)
    if database.is_sqlite:
        async with database.transaction(what="freeing the lanes") as connection:
            await lanes.release_all(connection)
    else:
        workers.enter(worker)
        await workers.take_over(database)
    return workers


class Workers:
    """This machine's workers on one database."""

    def __init__(self, url: URL, place: Path) -> None:
        """Nothing is touched here."""
        self._place = place
        self._prefix = hashlib.sha256(url.render_as_string(hide_password=True).encode()).hexdigest()[:16]
        self._own: IO[str] | None = None

    def enter(self, worker: str) -> None:
        """Let others know for as long as this process lives that it does; without a folder of our own, nobody knows."""
        try:
            self._place.mkdir(mode=0o700, exist_ok=True)
            if not _is_ours(self._place):
                log.warning("workers_unknown", folder=str(self._place), reason="it belongs to somebody else")
                return
            self._own = self._file(worker).open("w")
            fcntl.flock(self._own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if self._own:  # somebody who looked had it just then: a file that is not locked would call us dead
                self._file(worker).unlink(missing_ok=True)
            log.info("workers_unknown", folder=str(self._place), reason=error.strerror)

    def leave(self) -> None:
        """Say that this worker has ended."""
        if self._own:
            self._own.close()
            self._own = None

    async def take_over(self, database: Database) -> Sequence[str]:
        """Free what the dead have left leased; return who they were."""
        found = self._dead()
        if found:
            async with database.transaction(what="taking over from the dead") as connection:
                for worker in found:
                    await lanes.release(connection, worker)
            log.info("took_over", workers=found)
        for worker in found:
            self._file(worker).unlink(missing_ok=True)
        return found

    def _dead(self) -> list[str]:
        if not self._place.is_dir() or not _is_ours(self._place):
            return []
        files = sorted(self._place.glob(f"{self._prefix}-*.lock"))
        return [file.stem.partition("-")[2] for file in files if _is_free(file)]

    def _file(self, worker: str) -> Path:
        return self._place / f"{self._prefix}-{worker}.lock"


def _is_ours(place: Path) -> bool:
    """Tell whether it is a folder in which nobody but this user can have put anything."""
    found = place.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022


def _is_free(file: Path) -> bool:
    try:
        with file.open("r") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # it is held, or another took over meanwhile
        return False
    return True
