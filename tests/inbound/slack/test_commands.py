"""Every verb of `/incident`, through signed requests.

What is right is kept and answered, what is wrong is said and mended.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.action_items import ActionItem
from bot.domain.checklists import Checklist, Step
from bot.domain.commands import Command
from bot.domain.events import StatusChanged, TimelineRow
from bot.domain.ids import IncidentId
from bot.domain.links import Link, Relation
from bot.domain.model import Severity, Status
from bot.errors import TryLater
from bot.inbound.slack.commands import SUBCOMMANDS
from bot.inbound.slack.commands.help import GROUPS
from bot.views.actions import Form
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, GENERAL, Front, an_incident, said
from tests.inbound.slack.typed import ELSEWHERE, GOOD, OF_AN_INCIDENT, WRONG, N, note_at


@pytest.mark.parametrize(("typed", "command", "told"), GOOD, ids=[typed for typed, _, _ in GOOD])
async def test_a_verb_is_kept_before_it_is_answered(typed: str, command: Command, told: str) -> None:
    front = Front()
    answer = await front.command(typed)
    assert front.desk.taken == [command]
    assert json.loads(answer.body)["response_type"] == "ephemeral"
    assert told in said(answer)


def test_the_table_above_knows_every_verb_that_changes_something() -> None:
    told = {typed.split()[0].lower() for typed, _, _ in GOOD}
    assert told == set(SUBCOMMANDS) - {
        *("summary", "timeline", "alerts", "why", "list", "history", "find", "silences", "help"),
        *("reopen", "close", "accept", "decline"),  # of what is over, or in triage: test_course.py
        *("merge", "undo", "runbook", "subscribe", "convert"),  # test_course.py, test_runbooks.py, and so on
    }


@pytest.mark.parametrize(("typed", "command"), ELSEWHERE)
async def test_in_any_other_channel_the_incident_is_named_after_the_verb(typed: str, command: Command) -> None:
    front = Front()
    await front.command(typed, channel=GENERAL)
    assert front.desk.taken == [command]


@pytest.mark.parametrize("typed", OF_AN_INCIDENT)
async def test_without_an_incident_a_verb_says_which_are_open_and_how_to_name_one(typed: str) -> None:
    front = Front()
    told = said(await front.command(typed, channel=GENERAL))
    assert front.desk.taken == []
    assert all(
        part in told for part in ("belongs to no incident", "INC-42 (Checkout is down)", "INC-43", f"/incident {typed}")
    )


@pytest.mark.parametrize("typed", OF_AN_INCIDENT)
async def test_an_incident_that_is_not_there_is_said_so(typed: str) -> None:
    verb, _, rest = typed.partition(" ")
    told = said(await Front().command(f"{verb} INC-7 {rest}", channel=GENERAL))
    assert "There is no INC-7." in told


@pytest.mark.parametrize("typed", OF_AN_INCIDENT)
async def test_what_is_typed_in_one_incidents_channel_never_reaches_another(typed: str) -> None:
    front = Front()
    verb, _, rest = typed.partition(" ")
    told = said(await front.command(f"{verb} INC-43 {rest}"))
    assert (front.desk.taken, front.opened) == ([], [])
    assert "the channel of INC-42, and you named INC-43" in told


@pytest.mark.parametrize(("typed", "why"), WRONG, ids=[typed for typed, _ in WRONG])
async def test_what_is_wrong_is_said_with_what_was_typed_and_how_it_is_meant(typed: str, why: str) -> None:
    front = Front()
    told = said(await front.command(typed))
    assert (front.desk.taken, front.opened) == ([], [])
    usage = SUBCOMMANDS[typed.partition(" ")[0]].USAGE.replace("<", "&lt;").replace(">", "&gt;")
    assert why in told
    assert f"`/incident {usage}`" in told
    assert "You typed: `/incident " in told


@pytest.mark.parametrize("typed", ["ic", "severity sev1", "update x", "update", "resolve x", "resolve"])
async def test_a_resolved_incident_does_not_change(typed: str) -> None:
    front = Front()
    front.desk.incidents[N] = an_incident(status=Status.RESOLVED)
    assert "is resolved, so it no longer changes" in said(await front.command(typed))
    assert (front.desk.taken, front.opened) == ([], [])


@pytest.mark.parametrize(
    ("typed", "form", "metadata"),
    [
        ("declare", Form.DECLARE, {"alert": None}),
        ("declare sev1 service:auth", Form.DECLARE, {"alert": None}),
        ("update", Form.UPDATE, {"incident": 42}),
        ("update INC-42", Form.UPDATE, {"incident": 42}),
        ("resolve", Form.RESOLVE, {"incident": 42}),
        ("snooze", Form.SNOOZE, {"incident": 42}),
    ],
)
async def test_a_bare_verb_opens_its_form(typed: str, form: Form, metadata: dict[str, object]) -> None:
    front = Front()
    answer = await front.command(typed, trigger_id="t.1")
    ((trigger, view),) = front.opened
    assert (trigger, view["callback_id"], json.loads(view["private_metadata"])) == ("t.1", form, metadata)
    assert (answer.status, answer.body, front.desk.taken) == (200, b"", [])


async def test_the_declare_form_keeps_what_was_typed_already() -> None:
    front = Front()
    await front.command("declare sev1 service:auth")
    view = json.dumps(front.opened[0][1])
    assert '"initial_option": {"text": {"type": "plain_text", "text": "SEV-1"' in view
    assert '"initial_options": [{"text": {"type": "plain_text", "text": "auth"' in view


async def test_when_slack_opens_no_form_the_way_without_one_is_shown() -> None:
    front = Front(slack_fails=TryLater("down"))
    told = said(await front.command("update"))
    assert "Slack did not open the form" in told
    assert "`/incident update INC-42 how it stands`" in told, "it works in any channel"


@pytest.mark.parametrize("typed", ["", "  ", "help", "HELP", "help nonsense-first declare"])
async def test_help_shows_every_verb(typed: str) -> None:
    told = said(await Front().command(typed))
    if typed.strip().lower() in {"", "help"}:
        assert all(f"/incident {verb}" in told for verb in SUBCOMMANDS)
    else:
        assert "/incident help" in told


def test_each_verb_stands_in_one_group_of_the_help() -> None:
    listed = [verb for group in GROUPS.values() for verb in group]
    assert sorted(listed) == sorted(SUBCOMMANDS)


@pytest.mark.parametrize("verb", list(SUBCOMMANDS))
async def test_help_of_a_verb_shows_examples_that_work(verb: str) -> None:
    told = said(await Front().command(f"help {verb}"))
    for example in SUBCOMMANDS[verb].EXAMPLES:
        assert f"/incident {example}" in told
        front = Front()
        if verb in {"reopen", "close", "accept", "decline"}:
            status = Status.TRIAGE if verb in {"accept", "decline"} else Status.RESOLVED
            front.desk.incidents[N] = an_incident(status=status)
        if verb == "action":
            items = tuple(ActionItem(n=n, text="alert on it", by=ANA, at=START) for n in (1, 2))
            front.desk.incidents[N] = an_incident(actions=items)
        if verb == "undo":
            moved = StatusChanged(at=START, by=ANA, status=Status.INVESTIGATING, previous=Status.MONITORING)
            front.desk.rows = (TimelineRow(incident=N, seq=2, event=moved, hash=""),)
        if verb == "runbook":
            steps = (Step(text="Look"),) * 3
            books = tuple(Checklist(n=n, name=f"b{n}", title="x", steps=steps, by=ANA, at=START) for n in (1, 2))
            front.desk.incidents[N] = an_incident(runbooks=books)
        if verb == "link":
            there = Link(relation=Relation.RELATED, incident=IncidentId(43), by=ANA, at=START)
            front.desk.incidents[N] = an_incident(links=(there,))
        answer = await front.command(example.replace("@ana", "<@U0ANA|ana>"))
        assert "You typed" not in said(answer)
        assert answer.status == 200


async def test_the_list_shows_the_gravest_first() -> None:
    front = Front()
    front.desk.incidents[IncidentId(43)] = an_incident(43, severity=Severity.SEV1, declared_at=front.clock.now())
    front.clock.move(timedelta(minutes=5))
    told = said(await front.command("list", channel=GENERAL))
    assert told.index("INC-43") < told.index("INC-42")


async def test_the_timeline_of_a_resolved_incident_can_still_be_read() -> None:
    front = Front()
    front.desk.incidents[N] = an_incident(status=Status.RESOLVED)
    assert "Timeline of INC-42" in said(await front.command("timeline 42", channel=GENERAL))


@pytest.mark.parametrize("trouble", [{"slack_fails": TryLater("down")}, {"zone": ""}, {"zone": "Mars/Phobos"}])
async def test_where_slack_tells_no_time_zone_a_time_is_taken_as_utc_and_that_is_said(trouble: dict[str, Any]) -> None:
    front = Front(**trouble)
    told = said(await front.command("at 02:50 it began"))
    assert front.desk.taken == [note_at("it began")]
    assert "so I took it as UTC" in told
    assert "so I took it as UTC" not in said(await front.command("at 02:50 UTC it began"))
