"""`muster alerts list` and `ack`: what they print, for people and for programs, and their exit codes."""

import asyncio
import getpass
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import SeededChance, SystemClock
from bot.domain.alerts_model import AlertSeverity
from bot.domain.commands import Declare, ReportAlert
from bot.domain.ids import UserId
from bot.domain.policy import Policy
from bot.domain.silence_commands import SilenceGroup
from bot.engine.handle import Engine
from bot.store.database import Database
from bot.store.migrate import migrate
from tests.domain.story import reported
from tests.test_command_line import folder  # noqa: F401 - a fixture
from tests.test_silence_command import alerts

FIRST = reported(fingerprint="1", title="ApiDown", summary="api is \x1b[31mdown", labels={"service": "checkout"})
SECOND = reported(fingerprint="2", title="DiskFull", summary="disk is full", severity=AlertSeverity.INFO, labels={})
THIRD = replace(SECOND, fingerprint="3", title="Noise", summary="nothing")


@pytest.fixture
async def url(folder: Path) -> str:  # noqa: F811
    """The URL of a database in which two alerts fire, and a third is quiet."""
    found = f"sqlite+aiosqlite:///{folder}/muster.db"
    database = Database(found)
    await migrate(database)
    engine = Engine(database, SystemClock(), SeededChance(1), Policy())
    first, _, third = [await engine.handle(ReportAlert(report=one)) for one in (FIRST, SECOND, THIRD)]
    assert first.group
    assert third.group
    await engine.handle(Declare(alert=first.group.id, by=UserId("U0ANA")))
    await engine.handle(SilenceGroup(group=third.group.id, lasts=None, by=UserId("U0BO")))
    await database.close()
    return found


def listed(url: str, *arguments: str) -> list[str]:
    code, said, complained = alerts(url, "list", *arguments)
    assert (code, complained) == (0, "")
    return said.splitlines()


def test_what_fires_is_listed_the_gravest_first_and_what_is_quiet_is_counted(url: str) -> None:
    first, second, quiet = listed(url)
    assert all(part in first for part in ("critical", "checkout", "1/1", "api is \\x1b[31mdown", "[INC-1]"))
    assert all(part in second for part in ("info", " - ", "disk is full"))
    assert quiet == "1 more are quiet; `all` shows them"
    assert "[quiet: until it is resolved, by U0BO]" in listed(url, "all", "nothing")[0]


def test_words_labels_and_a_limit_narrow_it_down(url: str) -> None:
    assert "disk is full" in listed(url, "severity=info", "disk")[0]
    assert listed(url, "search") == ["Nothing fires that is meant."]
    assert listed(url, "--limit", "1")[1:] == [
        "and 1 more; a word or a label narrows it down",
        "1 more are quiet; `all` shows them",
    ]


def test_programs_read_json(url: str) -> None:
    found = json.loads("\n".join(listed(url, "--json")))
    assert (found["total"], found["quiet"], len(found["alerts"])) == (2, 1, 2)
    first = found["alerts"][0]
    assert (first["title"], first["severity"], first["incident"]) == ("api is \x1b[31mdown", "critical", "INC-1")
    assert (first["acknowledged"], first["quiet"], first["message"]) == (None, None, None)


def test_an_alert_is_taken_up_by_who_types_it_and_by_its_name(url: str) -> None:
    name = listed(url, "disk")[0].split()[0]
    assert alerts(url, "ack", name) == (0, f"{name} is acknowledged: disk is full\n", "")
    assert f"[acknowledged by {getpass.getuser()}]" in listed(url, "mine")[0]
    code, said, _ = alerts(url, "ack", "api", "--by", "ops", "--json")
    assert (code, json.loads(said)["acknowledged"]["by"]) == (0, "ops")
    assert "[acknowledged by ops]" in listed(url, "mine", "--by", "ops")[0]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["list", "severity=~("], 2, "is no regular expression"),
        (["list", "--limit", "0"], 2, "--limit"),
        (["ack", "nobody"], 1, "No alert is called “nobody”"),
        (["ack", "is"], 1, "3 alerts could be meant"),
        (["ack"], 2, "ALERT"),
    ],
)
def test_what_cannot_be_done_says_why(url: str, arguments: list[str], code: int, told: str) -> None:
    found, _, complained = alerts(url, *arguments)
    assert found == code
    assert told in complained


def test_without_a_database_there_is_nothing_to_list(folder: Path) -> None:  # noqa: F811
    code, _, complained = alerts(f"sqlite+aiosqlite:///{folder}/none.db", "list")
    assert code == 1
    assert "There is no database" in complained


def test_what_happened_to_an_alert_is_told_as_in_slack_and_harmless_to_a_terminal(url: str, folder: Path) -> None:  # noqa: F811
    (folder / "muster.yaml").write_text("routes: [{matchers: ['service=\"checkout\"'], channel: alerts}]\n")
    code, said, complained = alerts(url, "why", "api")
    assert (code, complained) == (0, "")
    lines = said.splitlines()
    assert lines[0] == "Why: api is [31mdown"
    assert any("INC-1 was declared as SEV-1 by @U0ANA" in one for one in lines)
    assert any(
        one.endswith("It came in from Alertmanager, for #alerts; grouped by alertname=ApiDown, service=checkout")
        for one in lines
    )
    assert lines[-1].startswith("It is called ")


def test_of_an_alert_that_is_not_clear_or_not_there_nothing_is_told(url: str, folder: Path) -> None:  # noqa: F811
    (folder / "muster.yaml").write_text("channels: {alerts: alerts}\n")
    code, said, complained = alerts(url, "why", "search")
    assert (code, said) == (1, "")
    assert "No alert is called “search”" in complained
    assert alerts(url, "why", "api", "--config", str(folder / "none.yaml"))[0] == 2


async def test_the_number_of_a_private_incident_is_shown_to_who_asks_for_it(url: str) -> None:
    database = Database(url)
    engine = Engine(database, SystemClock(), SeededChance(3), Policy())
    found = await engine.handle(ReportAlert(report=replace(FIRST, fingerprint="9", title="Odd", labels={})))
    assert found.group
    await engine.handle(Declare(title="A laptop was stolen", by=UserId("U0ANA"), alert=found.group.id, private=True))
    await database.close()
    (row,) = [one for one in await asyncio.to_thread(listed, url, "Odd") if "Odd" in one or "api" in one]
    assert "[private]" in row
    (row,) = [one for one in await asyncio.to_thread(listed, url, "Odd", "--private") if "Odd" in one or "api" in one]
    assert "[INC-2]" in row
