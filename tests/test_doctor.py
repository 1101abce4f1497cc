"""`muster doctor`: what it finds, what it changes (nothing), and how each fault is to be mended."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import SeededChance, SystemClock
from bot.doctor import Finding, Mark, examine
from bot.manifest import EVENTS, SCOPES
from bot.sandbox.server import Sandbox
from bot.sandbox.state.ids import UserId
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.sandbox.state.upheaval import deactivate
from bot.store.database import Database
from bot.store.migrate import migrate
from tests.e2e.processes import muster_says
from tests.fakes.pagerduty import API_KEY, ROUTING_KEY, FakePagerDuty

GOOD = "services: {checkout: {on_call: [U0BO], escalation_policy: PCHECK1}}\nchannels: {admin: muster-admin}\n"


def config(folder: Path, text: str = GOOD) -> Path:
    path = folder / "muster.yaml"
    path.write_text(text, encoding="utf-8")
    return path


class Skewed(SystemClock):
    """A machine whose clock is ten minutes ahead."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(super().now().timestamp(), UTC) + timedelta(minutes=10)


def found(findings: list[Finding], what: str) -> Finding:
    (one,) = [finding for finding in findings if finding.what == what]
    return one


def surroundings(sandbox: Sandbox, folder: Path, **more: str) -> dict[str, str]:
    url = f"sqlite+aiosqlite:///{folder}/muster.db"
    known = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{sandbox.url}/api/",
    }
    return {**known, "MUSTER_DATABASE_URL": url, **more}


async def test_the_doctor_finds_all_well(tmp_path: Path) -> None:
    async with Sandbox(SystemClock(), SeededChance(1)) as sandbox, FakePagerDuty() as pagerduty:
        environment = surroundings(
            sandbox,
            tmp_path,
            SLACK_APP_TOKEN=APP_TOKEN,
            PAGERDUTY_ROUTING_KEY=ROUTING_KEY,
            PAGERDUTY_API_KEY=API_KEY,
            PAGERDUTY_EVENTS_URL=pagerduty.url,
            PAGERDUTY_API_URL=pagerduty.url,
        )
        database = Database(environment["MUSTER_DATABASE_URL"])
        await migrate(database)
        await database.close()
        findings = await examine(config(tmp_path), environment)
    assert [one.what for one in findings if one.mark is not Mark.GOOD] == ["Slack events"]
    events = found(findings, "Slack events")
    assert events.mark is Mark.OFF, "Slack does not tell a bot what it hears"
    assert all(event in events.found for event in EVENTS)
    assert "`muster manifest`" in events.fix
    assert found(findings, "Slack bot token").found == "@muster in Northwind (https://northwind.slack.com/)"
    assert found(findings, "#alerts").found == "C0ALERTS, alerts"
    assert "schema up to date" in found(findings, "Database").found
    assert pagerduty.alerts == {}, "nobody was paged"


async def test_the_doctor_finds_what_is_wrong_and_how_to_mend_it(tmp_path: Path) -> None:
    scopes = set(SCOPES) - {"files:write", "usergroups:read"}
    text = "channels: {alerts: alarms, announcements: C0INCIDENTS}\nservices: {checkout: {channel: nowhere}}\n"
    async with (
        Sandbox(SystemClock(), SeededChance(1), scopes=scopes) as sandbox,
        FakePagerDuty(routing_key="R1" * 16) as pagerduty,
    ):
        environment = surroundings(
            sandbox,
            tmp_path,
            SLACK_APP_TOKEN="xapp-wrong",
            PAGERDUTY_ROUTING_KEY=ROUTING_KEY,
            PAGERDUTY_EVENTS_URL=pagerduty.url,
        )
        findings = await examine(config(tmp_path, text), environment, Skewed())
    lacking = found(findings, "Slack scopes")
    assert "files:write (puts the postmortem draft into the channel); usergroups:read (brings the" in lacking.found
    assert "Paste the output of `muster manifest`, which has the events too, at" in lacking.fix
    assert found(findings, "Slack app-level token").is_wrong
    assert re.fullmatch("60[01] s ahead of Slack's", found(findings, "Clock").found)
    assert "/invite @muster in #alarms" in found(findings, "#alarms").fix
    assert found(findings, "#incidents").mark is Mark.GOOD
    assert found(findings, "#nowhere").is_wrong
    assert found(findings, "PagerDuty routing key").is_wrong
    assert found(findings, "PagerDuty API key").mark is Mark.OFF
    assert found(findings, "Database").mark is Mark.OFF
    assert not (tmp_path / "muster.db").exists()
    assert all(one.fix for one in findings if one.is_wrong)


async def test_the_doctor_finds_who_is_named_and_is_not_there(tmp_path: Path) -> None:
    text = """
services: {checkout: {owners: [U0ANA, U0NOBODY], on_call: [U0BO]}}
managers: [U0CLEO, U0NOBODY]
severities: {sev1: {escalation: [[checkout, U0CLEO], [S0PAYMENTS]]}}
permissions: {page: {people: [U0ANA], groups: [S0PAYMENTS, S0NOBODY]}}
people: {U0ANNA: {page_env: PAGER_OF_ANA}}
"""
    async with Sandbox(SystemClock(), SeededChance(1)) as sandbox:
        deactivate(sandbox.workspace, UserId("U0BO"))
        environment = surroundings(sandbox, tmp_path, PAGER_OF_ANA=ROUTING_KEY)
        findings = await examine(config(tmp_path, text), environment)
        assert "does not know this person" in found(findings, "U0NOBODY").found
        assert found(findings, "U0NOBODY").found.endswith("(services.checkout.owners, managers)")
        assert found(findings, "U0ANNA").found.endswith("(people)"), "their phone would never ring"
        assert found(findings, "U0BO").found == "their account is deactivated (services.checkout.on_call)"
        assert "no such user group" in found(findings, "S0NOBODY").found
        assert "(permissions.page.groups)" in found(findings, "S0NOBODY").found
        well = await examine(config(tmp_path, "managers: [U0ANA]\n"), surroundings(sandbox, tmp_path))
        assert found(well, "People").found == "all 1 that are named are there"


async def test_whom_the_app_may_not_look_up_is_not_said_to_be_lost(tmp_path: Path) -> None:
    text = "managers: [U0ANA]\npermissions: {page: {groups: [S0PAYMENTS]}}\n"
    async with Sandbox(SystemClock(), SeededChance(1), scopes=set(SCOPES) - {"usergroups:read"}) as sandbox:
        findings = await examine(config(tmp_path, text), surroundings(sandbox, tmp_path))
    assert "usergroups:read" in found(findings, "Slack scopes").found
    assert "S0PAYMENTS" not in {one.what for one in findings}, "its id is well"
    assert found(findings, "People").mark is Mark.GOOD


async def test_over_http_the_manifest_needs_the_address(tmp_path: Path) -> None:
    async with Sandbox(SystemClock(), SeededChance(1), scopes=set(SCOPES) - {"im:write"}) as sandbox:
        findings = await examine(config(tmp_path), surroundings(sandbox, tmp_path))
    told = "`muster manifest --request-url https://<your host>/slack/events`"
    assert told in found(findings, "Slack scopes").fix
    assert told in found(findings, "Slack events").fix


async def test_the_doctor_says_that_slack_refuses_the_token(tmp_path: Path) -> None:
    async with Sandbox(SystemClock(), SeededChance(1)) as sandbox:
        environment = surroundings(sandbox, tmp_path, SLACK_BOT_TOKEN="xoxb-wrong-token")
        findings = await examine(config(tmp_path), environment)
    assert "does not accept the bot token" in found(findings, "Slack").found
    assert found(findings, "PagerDuty routing key").mark is Mark.OFF


async def test_the_doctor_sees_an_old_schema(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "muster.db").execute("CREATE TABLE old (id INTEGER)").connection.close()
    async with Sandbox(SystemClock(), SeededChance(1)) as sandbox:
        findings = await examine(config(tmp_path), surroundings(sandbox, tmp_path))
    assert found(findings, "Database").is_wrong
    assert "muster migrate" in found(findings, "Database").fix


async def test_the_doctor_prints_a_line_each_and_fails_when_something_is_wrong(tmp_path: Path) -> None:
    code, printed, complained = await muster_says("doctor", "--config", str(config(tmp_path)))
    assert (code, complained) == (1, "")
    assert "✘ Configuration: environment SLACK_BOT_TOKEN: is not set" in printed
    assert printed.rstrip().endswith("2 to mend.")
