"""`muster actions list` beside a bot: what is left to do, of one person or of all, as lines or as JSON."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.clock import SeededChance, SystemClock
from bot.domain.commands import Declare
from bot.domain.ids import IncidentId, UserId
from bot.domain.policy import Policy
from bot.domain.task_commands import AddAction
from bot.engine.handle import Engine
from bot.store.database import Database
from bot.store.migrate import migrate

ANA, BO, N = UserId("U0ANA"), UserId("U0BO"), IncidentId(1)


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """The URL of a database in which Bo has something to do, and something is nobody's."""
    found = f"sqlite+aiosqlite:///{tmp_path}/muster.db"
    database = Database(found)
    await migrate(database)
    engine = Engine(database, SystemClock(), SeededChance(1), Policy())
    await engine.handle(Declare(title="Checkout is down", by=ANA))
    await engine.handle(AddAction(incident=N, text="raise the \x1b[31mlimit", by=ANA))
    due = SystemClock().now().date() + timedelta(days=2)
    await engine.handle(AddAction(incident=N, text="alert on the queue", by=ANA, owner=BO, due=due))
    await database.close()
    return found


def listed(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["actions", "list", *arguments], env={"MUSTER_DATABASE_URL": url})


def test_what_is_due_stands_first(url: str) -> None:
    first, second = listed(url).output.splitlines()
    assert first.endswith("INC-1 2  U0BO  alert on the queue")
    assert second.startswith("no day")
    assert "\x1b" not in second


def test_of_one_person_and_as_json(url: str) -> None:
    assert len(listed(url, "--owner", "U0BO").output.splitlines()) == 1
    assert listed(url, "--owner", "U0CLEO").output == "Nothing is left to do.\n"
    told = json.loads(listed(url, "--json").output)
    assert [(one["incident"], one["number"], one["owner"]) for one in told["actions"]] == [
        ("INC-1", 2, "U0BO"),
        ("INC-1", 1, None),
    ]


def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    found = listed(f"sqlite+aiosqlite:///{tmp_path}/none.db")
    assert (found.exit_code, "Traceback" in found.output) == (1, False)
