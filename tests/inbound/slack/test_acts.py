"""Who may act, through signed requests: asked at the moment of the act, by command, button and form alike."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.commands import SetSeverity
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.permissions import Account, Act, Permissions, Rule
from bot.domain.roles_model import Role
from bot.errors import TryLater
from bot.views.actions import Action, Field
from bot.views.forms import update_form
from tests.inbound.slack.front import ANA, BO, POLICY, Front, an_incident, said

N = IncidentId(42)
INBOUND = Path(__file__).parents[3] / "bot/inbound/slack"


def front(act: Act, rule: Rule, **changes: Any) -> Front:
    made = Front(policy=replace(POLICY, permissions=Permissions(rules={act: rule})), **changes)
    made.desk.incidents[N] = an_incident(roles={Role.COMMANDER: BO})
    return made


COMMANDERS = Rule(roles=(Role.COMMANDER,))


async def test_a_command_that_is_kept_for_others_says_who_may_and_changes_nothing() -> None:
    there = front(Act.SEVERITY, COMMANDERS)
    told = said(await there.command("severity sev1"))
    assert there.desk.taken == []
    ((command, why, surface),) = there.desk.refusals
    assert (command, surface) == (SetSeverity(incident=N, severity=Severity.SEV1, by=ANA), "command")
    assert why.startswith("You may not change the severity")
    assert "You may not change the severity. The Incident Commander may." in told
    assert "Turn to <@U0BO>" in told
    assert "You typed: `/incident severity sev1`" in told


async def test_a_button_that_is_kept_for_others_is_refused_to_the_presser_alone() -> None:
    there = front(Act.ROLE, COMMANDERS)
    await there.click(Action.TAKE_ROLE, "42 scribe")
    await there.app.drain()
    ((_, message),) = there.whispered
    assert there.desk.taken == []
    assert [surface for _, _, surface in there.desk.refusals] == ["button"]
    assert "You may not give, take or hand over roles" in message.text
    assert "<@U0BO>" in str(message.blocks)


async def test_a_form_that_is_kept_for_others_stays_open_with_what_was_typed() -> None:
    there = front(Act.UPDATE, COMMANDERS)
    answer = json.loads(
        (await there.submit(update_form(there.desk.incidents[N], there.policy), {Field.TEXT: "We roll back"})).body
    )
    assert there.desk.taken == []
    assert [surface for _, _, surface in there.desk.refusals] == ["form"]
    assert "You may not send updates" in answer["errors"][Field.LASTS]


async def test_it_is_asked_when_somebody_acts_not_when_they_were_shown_the_button() -> None:
    there = front(Act.SEVERITY, COMMANDERS)
    there.desk.incidents[N] = an_incident(roles={Role.COMMANDER: ANA})
    await there.command("severity sev1")
    assert len(there.desk.taken) == 1


async def test_members_of_a_group_may_what_is_kept_for_it() -> None:
    there = front(Act.PAGE, Rule(groups=("S0LEADS",)), groups={"S0LEADS": [ANA]})
    await there.command("page <@U0BO> It leaks")
    assert len(there.desk.taken) == 1
    there.groups["S0LEADS"] = [BO]
    assert "You may not page people" in said(await there.command("page <@U0CLEO> It leaks"))


@pytest.mark.parametrize(
    "account", [Account(guest=True), Account(stranger=True), Account(bot=True), Account(gone=True)]
)
async def test_who_is_no_member_may_nothing_unless_they_are_let(account: Account) -> None:
    there = Front(accounts={ANA: account})
    for typed in ("declare It is down", "update It stands", "page <@U0BO> It leaks", "silence a=b for 1h why"):
        told = said(await there.command(typed))
        assert "may not" in told or "deactivated" in told
    await there.click(Action.ACKNOWLEDGE_ALERT, "a1")
    assert there.desk.taken == []
    let = front(Act.NOTE, Rule(guests=True, strangers=True, bots=True), accounts={ANA: account})
    await let.command("note It leaks")
    assert len(let.desk.taken) == (0 if account.gone else 1)


async def test_a_stranger_of_a_shared_channel_may_only_what_strangers_are_let() -> None:
    there = front(Act.NOTE, Rule(strangers=True), accounts={ANA: Account(stranger=True)})
    await there.command("note It leaks", team_id="T0VENDOR")
    assert len(there.desk.taken) == 1
    assert "People of another organisation may not" in said(await there.command("resolve x", team_id="T0VENDOR"))


async def test_while_slack_does_not_say_who_somebody_is_an_incident_goes_on() -> None:
    there = Front(slack_fails=TryLater("down"))
    await there.command("update It stands")
    assert len(there.desk.taken) == 1
    kept = front(Act.RESOLVE, Rule(groups=("S0LEADS",)), slack_fails=TryLater("down"))
    assert "could not ask Slack" in said(await kept.command("resolve Rolled back"))
    assert kept.desk.taken == []


def test_there_is_one_way_in_for_what_people_do() -> None:
    ways = {
        path.name: len(re.findall(r"desk\.handle\(", path.read_text(encoding="utf-8")))
        for path in INBOUND.rglob("*.py")
        if "desk.handle(" in path.read_text(encoding="utf-8")
    }
    # What people say is recorded by events, and so is who comes, goes or pauses, and that the bot is let in: no acts.
    assert ways == {"acts.py": 1, "app.py": 1, "people.py": 4}
