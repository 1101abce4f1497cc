"""The command line: what each command prints, where it complains, and the exit code it ends with."""

import socket
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.clock import SeededChance, SystemClock
from bot.domain.commands import AssignRole, Declare, Resolve
from bot.domain.ids import IncidentId, UserId
from bot.domain.policy import Policy
from bot.domain.roles_model import Role
from bot.engine.handle import Engine
from bot.sandbox.state.seed import BOT_TOKEN, SIGNING_SECRET
from bot.store.database import Database
from bot.store.migrate import migrate
from tests.e2e.processes import muster_says
from tests.peers.alertmanager import free_port

if TYPE_CHECKING:
    from tests.conftest import PostgresServer

ANA = UserId("U0ANA")
GOOD = "services: {checkout: {on_call: [U0BO], escalation_policy: PCHECK1}}\nchannels: {admin: muster-admin}\n"
SECRETS = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET, "MUSTER_ALERTS_TOKEN": "a-long-token"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, and an environment without anything of Muster's in it."""
    monkeypatch.chdir(tmp_path)
    for name in ("MUSTER_CONFIG", "MUSTER_DATABASE_URL", "SLACK_APP_TOKEN", *SECRETS):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def muster(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=environment)


def config(folder: Path, text: str = GOOD) -> Path:
    path = folder / "muster.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_word_it_says_what_it_can_do() -> None:
    said = muster("--help")
    assert said.exit_code == 0
    for command in ("run", "demo", "sandbox", "check", "doctor", "migrate", "manifest", "postmortem", "alerts"):
        assert f" {command} " in said.stdout


# ---- check


def test_check_says_what_the_configuration_has(folder: Path) -> None:
    config(folder)
    said = muster("check", **SECRETS)
    assert (said.exit_code, said.stderr) == (0, "")
    assert "1 service" in said.stdout
    assert "Slack: HTTP, signed requests" in said.stdout


def test_check_prints_every_fault_and_no_traceback(folder: Path) -> None:
    config(folder, "servces: {}\nvacant_after: soon\n")
    said = muster("check")
    assert (said.exit_code, said.stdout) == (2, "")
    assert 'muster.yaml:1:1 servces: unknown key, did you mean "services"?' in said.stderr
    assert "muster.yaml:2:15 vacant_after" in said.stderr
    assert "environment SLACK_BOT_TOKEN: is not set" in said.stderr
    assert "Traceback" not in said.stderr


def test_check_can_look_at_the_file_alone(folder: Path) -> None:
    config(folder)
    said = muster("check", "--file-only")
    assert said.exit_code == 0
    assert "Secrets: not looked at" in said.stdout


def test_the_configuration_may_stand_elsewhere(folder: Path) -> None:
    elsewhere = folder / "other.yaml"
    elsewhere.write_text(GOOD, encoding="utf-8")
    assert muster("check", "--file-only", "--config", str(elsewhere)).exit_code == 0
    assert muster("check", "--file-only", MUSTER_CONFIG=str(elsewhere)).exit_code == 0
    missing = muster("check", "--file-only")
    assert (missing.exit_code, "muster.yaml: not found" in missing.stderr) == (2, True)


# ---- run


async def run(folder: Path, url: str = "", port: int = 0) -> tuple[int, str, str]:
    """Run `muster run` in a process of its own, because it sets up logging."""
    arguments = ("run", "--port", str(port), "--config", str(folder / "muster.yaml"))
    return await muster_says(*arguments, **SECRETS, MUSTER_DATABASE_URL=url)


async def test_run_starts_nothing_with_a_faulty_configuration(folder: Path) -> None:
    config(folder, "channel_prefix: INC\n")
    code, printed, complained = await run(folder, f"sqlite+aiosqlite:///{folder}/muster.db")
    assert (code, printed) == (2, "")
    assert complained.splitlines()[1:] == ["Nothing was started."]
    assert sorted(path.name for path in folder.iterdir()) == ["muster.yaml"]


async def test_run_says_when_the_database_file_cannot_be(folder: Path) -> None:
    config(folder)
    code, printed, complained = await run(folder, f"sqlite+aiosqlite:///{folder}/no/such/folder/muster.db")
    assert (code, printed) == (2, "")
    assert "no/such/folder/muster.db cannot be used: No such file or directory" in complained
    assert "Traceback" not in complained


async def test_two_runs_on_one_file_are_refused(folder: Path) -> None:
    config(folder)
    database = Database(f"sqlite+aiosqlite:///{folder}/muster.db")
    database.claim_file()
    code, _, complained = await run(folder, f"sqlite+aiosqlite:///{folder}/muster.db")
    await database.close()
    assert code == 2
    assert "Another Muster already works on" in complained


async def test_run_says_when_the_port_is_taken(folder: Path) -> None:
    config(folder)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, complained = await run(folder, f"sqlite+aiosqlite:///{folder}/muster.db", port)
    assert code == 2
    assert f"Cannot listen on 127.0.0.1 port {port}: another program listens there" in complained
    assert not (folder / "muster.db").exists()


async def test_run_says_when_postgresql_does_not_answer(folder: Path) -> None:
    config(folder)
    code, _, complained = await run(folder, f"postgresql+asyncpg://muster:hunter2@127.0.0.1:{free_port()}/muster")
    assert code == 1
    assert complained.splitlines()[-1].startswith("The database is busy or away.")
    assert "hunter2" not in complained
    assert "Traceback" not in complained


async def test_run_says_when_postgresql_knows_no_such_database(folder: Path, postgres: "PostgresServer") -> None:
    config(folder)
    code, _, complained = await run(folder, postgres.url("nowhere"))
    assert code == 1
    assert 'The database does not let us in. (database "nowhere" does not exist)' in complained
    assert "Traceback" not in complained


# ---- migrate, manifest


def test_migrate_makes_the_tables_and_may_be_repeated(folder: Path) -> None:
    for _ in range(2):
        said = muster("migrate", MUSTER_DATABASE_URL=f"sqlite+aiosqlite:///{folder}/muster.db")
        assert (said.exit_code, said.stdout) == (0, "The database has the newest schema.\n")
    tables = sqlite3.connect(folder / "muster.db").execute("SELECT name FROM sqlite_master").fetchall()
    assert ("incidents",) in tables


def test_migrate_refuses_what_is_no_database(folder: Path) -> None:
    said = muster("migrate", MUSTER_DATABASE_URL="mysql://somewhere/muster")
    assert said.exit_code == 2
    assert "environment MUSTER_DATABASE_URL: must begin with sqlite+aiosqlite://" in said.stderr


def manifest(*arguments: str) -> Mapping[str, Mapping[str, object]]:
    said = muster("manifest", *arguments)
    assert said.exit_code == 0
    found: Mapping[str, Mapping[str, object]] = YAML(typ="safe").load(said.stdout)
    return found


def test_the_manifest_is_for_socket_mode_unless_an_address_is_given() -> None:
    url = "https://muster.example.com/slack/events"
    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert manifest("--request-url", url)["settings"]["socket_mode_enabled"] is False
    assert manifest("--request-url", url)["settings"]["interactivity"] == {"is_enabled": True, "request_url": url}
    assert muster("manifest", "--request-url", "http://example.com").exit_code == 2


# ---- postmortem


async def an_incident(url: str) -> None:
    """Put INC-1 into a database: declared, commanded, resolved."""
    database = Database(url)
    await migrate(database)
    engine = Engine(database, SystemClock(), SeededChance(1), Policy())
    await engine.handle(Declare(title="Checkout is down", by=ANA))
    await engine.handle(AssignRole(incident=IncidentId(1), role=Role.COMMANDER, user=ANA, by=ANA))
    await engine.handle(Resolve(incident=IncidentId(1), resolution="Rolled back", by=ANA))
    await database.close()


@pytest.fixture
async def recorded(folder: Path) -> str:
    """The URL of a database with one incident."""
    url = f"sqlite+aiosqlite:///{folder}/muster.db"
    await an_incident(url)
    config(folder)
    return url


@pytest.mark.parametrize("named", ["1", "INC-1", "inc-1", "#1"])
def test_a_postmortem_is_printed_without_slack(recorded: str, named: str) -> None:
    said = muster("postmortem", named, MUSTER_DATABASE_URL=recorded)
    assert (said.exit_code, said.stderr) == (0, "")
    assert said.stdout.startswith('---\nincident: "INC-1"\n')
    assert "Rolled back" in said.stdout


def test_an_unknown_incident_is_answered_with_the_known_ones(recorded: str) -> None:
    said = muster("postmortem", "INC-7", MUSTER_DATABASE_URL=recorded)
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr == "There is no INC-7. These are the newest:\n  INC-1 Checkout is down\n"


def test_what_is_no_incident_is_refused(recorded: str) -> None:
    said = muster("postmortem", "checkout", MUSTER_DATABASE_URL=recorded)
    assert said.exit_code == 2
    assert "write 42 or INC-42" in said.stderr


def test_a_postmortem_makes_no_database(folder: Path) -> None:
    config(folder)
    said = muster("postmortem", "1")
    assert said.exit_code == 1
    assert "There is no database at muster.db" in said.stderr
    assert not (folder / "muster.db").exists()
