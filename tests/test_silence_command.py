"""`muster alerts silence`, `silences` and `unsilence`: what they print, and their exit codes."""

import getpass
from pathlib import Path

import pytest

from bot.store.database import Database
from bot.store.migrate import migrate
from tests.test_command_line import folder, muster  # noqa: F401 - a fixture

WHAT = 'service="search", severity=~"warning|info"'


@pytest.fixture
async def url(folder: Path) -> str:  # noqa: F811
    """The URL of a database in which nothing is silenced."""
    found = f"sqlite+aiosqlite:///{folder}/muster.db"
    database = Database(found)
    await migrate(database)
    await database.close()
    return found


def alerts(url: str, *arguments: str) -> tuple[int, str, str]:
    said = muster("alerts", *arguments, MUSTER_DATABASE_URL=url)
    return said.exit_code, said.stdout, said.stderr


def test_a_silence_is_made_listed_and_ended(url: str) -> None:
    code, said, complained = alerts(url, "silence", WHAT, "--for", "4h", "--reason", "rebuilt", "--by", "ops")
    assert (code, complained) == (0, "")
    assert said.startswith("S-1 keeps quiet until 20")
    (row,) = alerts(url, "silences")[1].splitlines()
    assert all(part in row for part in ("S-1", "ops", '{service="search", severity=~"warning|info"}', "rebuilt"))
    assert alerts(url, "unsilence", "S-1") == (0, "S-1 is over.\n", "")
    assert alerts(url, "silences")[1] == "Nothing is silenced.\n"


def test_who_says_so_is_who_types_it(url: str) -> None:
    alerts(url, "silence", WHAT, "--for", "4h", "--reason", "rebuilt")
    assert getpass.getuser() in alerts(url, "silences")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["silence", WHAT, "--for", "long", "--reason", "x"], 2, "is no span of time"),
        (["silence", "search", "--for", "4h", "--reason", "x"], 2, "MATCHERS"),
        (["silence", "severity!=info", "--for", "4h", "--reason", "x"], 1, "mean every alert"),
        (["unsilence", "it"], 2, "is no silence"),
        (["unsilence", "S-9"], 1, "There is no silence S-9"),
    ],
)
def test_what_cannot_be_done_says_why(url: str, arguments: list[str], code: int, told: str) -> None:
    found, _, complained = alerts(url, *arguments)
    assert found == code
    assert told in complained
