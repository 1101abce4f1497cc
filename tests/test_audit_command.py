"""`muster audit list` beside a bot: what people did and were refused, of one person or about one incident."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.clock import SeededChance, SystemClock
from bot.domain.commands import Declare, Resolve
from bot.domain.ids import IncidentId, UserId
from bot.domain.policy import Policy
from bot.engine.handle import Engine
from bot.engine.receipts import Receipt
from bot.errors import Refused
from bot.store.database import Database
from bot.store.migrate import migrate

ANA, BO = UserId("U0ANA"), UserId("U0BO")


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """The URL of a database in which Ana declared an incident, and Bo was refused to resolve another."""
    found = f"sqlite+aiosqlite:///{tmp_path}/muster.db"
    database = Database(found)
    await migrate(database)
    engine = Engine(database, SystemClock(), SeededChance(1), Policy())
    typed = Receipt(origin="slack.trigger", key="1", surface="command")
    await engine.handle(Declare(title="Checkout is down", by=ANA), receipt=typed)
    with pytest.raises(Refused):
        await engine.handle(Resolve(incident=IncidentId(7), resolution="Rolled back", by=BO))
    await database.close()
    return found


def listed(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["audit", "list", *arguments], env={"MUSTER_DATABASE_URL": url})


def test_every_act_is_listed_refused_ones_with_why(url: str) -> None:
    said = listed(url)
    assert said.exit_code == 0
    first, second = (" ".join(line.split()[2:]) for line in said.stdout.splitlines())
    assert first == "U0ANA command declare Declare INC-1 done"
    assert second == "U0BO command line resolve Resolve INC-7 refused There is no such incident."


@pytest.mark.parametrize(
    ("only", "actors"),
    [
        (("--actor", "U0BO"), ["U0BO"]),
        (("--incident", "INC-1"), ["U0ANA"]),
        (("--incident", "2"), []),
        (("--last", "1"), ["U0BO"]),
    ],
)
def test_one_person_one_incident_or_the_newest_can_be_asked_for(
    url: str, only: tuple[str, ...], actors: list[str]
) -> None:
    assert [line.split()[2] for line in listed(url, *only).stdout.splitlines()] == actors


def test_what_is_no_incident_and_no_database_is_said(url: str, tmp_path: Path) -> None:
    assert listed(url, "--incident", "checkout").exit_code == 2
    nowhere = listed(f"sqlite+aiosqlite:///{tmp_path}/none.db")
    assert nowhere.exit_code == 1
    assert "There is no database" in nowhere.stderr
