"""`muster alerts quarantine`: what it prints, what it complains of, and its exit codes."""

from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.domain.ids import SourceName
from bot.inbound.alerts import SOURCES
from bot.quarantine_command import readable
from bot.store import inbox
from bot.store.database import Database
from bot.store.migrate import migrate
from tests.test_command_line import config, folder, muster  # noqa: F401 - a fixture

GENERIC = SourceName("generic")
MAPPED = "sources: {generic: {mapping: {title: name, fingerprint: name}}}\n"


@pytest.fixture
async def filled(folder: Path) -> str:  # noqa: F811
    """The URL of a database with three deliveries in quarantine."""
    url = f"sqlite+aiosqlite:///{folder}/muster.db"
    database = Database(url)
    await migrate(database)
    row = {"received_at": SystemClock().now(), "status": "quarantined", "integration": "default"}
    rows: list[dict[str, object]] = [
        {"source": "alertmanager", "body": SOURCES[SourceName("alertmanager")].sample, "fault": "our reader failed"},
        {"source": "generic", "body": b'{"name": "Late \xff\xe2\x80\xae"}', "fault": "no title at title"},
        {"source": "generic", "integration": "billing", "body": b"what?", "fault": "the body is not JSON"},
    ]
    async with database.transaction() as connection:
        await inbox.deposit(connection, [row | one for one in rows])
    await database.close()
    config(folder, MAPPED)
    return url


def quarantine(url: str, *arguments: str) -> tuple[int, str, str]:
    said = muster("alerts", "quarantine", *arguments, MUSTER_DATABASE_URL=url)
    return said.exit_code, said.stdout, said.stderr


def test_it_lists_what_there_is(filled: str) -> None:
    code, said, complained = quarantine(filled, "list")
    assert (code, complained) == (0, "")
    assert [line.split()[:2] for line in said.splitlines()] == [
        ["1", "alertmanager"],
        ["2", "generic"],
        ["3", "generic/billing"],
    ]
    assert said.splitlines()[2].endswith("5  the body is not JSON")
    assert len(quarantine(filled, "list", "--source", "generic")[1].splitlines()) == 2


def test_it_shows_a_body_that_cannot_change_the_terminal(filled: str) -> None:
    code, said, _ = quarantine(filled, "show", "2")
    assert code == 0
    assert "no title at title" in said
    assert said.splitlines()[-1] == '{"name": "Late \\xff\\u202e"}'
    assert readable(b"a\tb\n\x00\x1b[31m\x9b") == "a\tb\n\\x00\\x1b[31m\\x9b"


def test_it_reads_again_what_can_be_read_now_and_says_what_cannot(filled: str) -> None:
    code, said, complained = quarantine(filled, "retry", "--all")
    assert code == 1
    assert said == "1: 2 alerts are read again\n2: 1 alerts are read again\n"
    assert complained == "3: still in quarantine: the body is not JSON (line 1, column 1)\n"
    assert len(quarantine(filled, "list")[1].splitlines()) == 1
    assert quarantine(filled, "retry", "--all", "--source", "alertmanager") == (0, "Nothing is in quarantine.\n", "")


def test_one_by_its_id_is_read_again(filled: str) -> None:
    assert quarantine(filled, "retry", "1") == (0, "1: 2 alerts are read again\n", "")
    code, said, complained = quarantine(filled, "retry", "1")
    assert (code, said) == (1, "")
    assert complained.startswith("There is no delivery 1 in quarantine")


@pytest.mark.parametrize(
    "arguments", [("retry",), ("retry", "1", "--all"), ("list", "--source", "nagios"), ("show", "one"), ("show",)]
)
def test_what_is_asked_wrongly_ends_with_2(filled: str, arguments: tuple[str, ...]) -> None:
    assert quarantine(filled, *arguments)[0] == 2


def test_a_faulty_configuration_ends_with_2_and_nothing_is_read(filled: str, folder: Path) -> None:  # noqa: F811
    config(folder, "servces: {}\n")
    code, said, complained = quarantine(filled, "retry", "1")
    assert (code, said) == (2, "")
    assert complained.endswith("Nothing was read again.\n")


def test_without_a_database_it_says_so_and_makes_none(folder: Path) -> None:  # noqa: F811
    code, _, complained = quarantine(f"sqlite+aiosqlite:///{folder}/none.db", "list")
    assert code == 1
    assert "There is no database" in complained
    assert not (folder / "none.db").exists()
