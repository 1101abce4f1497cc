"""Declaring from a message, by its menu or by a reaction, which is offered to who reacted and to nobody else."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.commands import Declare
from bot.domain.ids import IncidentId, MessageTs
from bot.domain.model import Severity, Status
from bot.domain.quoted import Quoted
from bot.errors import TryLater
from bot.inbound.slack.quoting import DECLARE_FROM, read
from bot.views.actions import Action, Field
from tests.inbound.slack.front import ANA, BO, GENERAL, INCIDENT_CHANNEL, POLICY, US, Front, an_incident
from tests.views.limits import check, check_form

TS = MessageTs("1596183880.004200")
AT = datetime(2020, 7, 31, 8, 24, 40, 4200, tzinfo=UTC)
LINK = "https://acme.slack.com/archives/C0GENERAL/p1596183880004200"
QUOTED = Quoted(by=BO, said_at=AT, text="Cards fail\nfor “everybody”", link=LINK)
MESSAGE: dict[str, object] = {"type": "message", "user": BO, "text": QUOTED.text, "ts": TS}


def front(message: dict[str, object] = MESSAGE, **changes: Any) -> Front:
    there = Front(**changes)
    there.messages[TS] = message
    return there


def reaction(name: str = "rotating_light", **changes: object) -> dict[str, object]:
    item = {"type": "message", "channel": GENERAL, "ts": TS}
    return {"type": "reaction_added", "user": ANA, "reaction": name, "item": item, "event_ts": "1.000000", **changes}


async def shortcut(there: Front, message: object = MESSAGE) -> None:
    await there.interaction(
        {
            "type": "message_action",
            "callback_id": DECLARE_FROM,
            "user": {"id": ANA, "team_id": "T0ACME"},
            "team": {"id": "T0ACME"},
            "channel": {"id": GENERAL},
            "message": message,
            "trigger_id": "7.shortcut",
            "response_url": "https://hooks.slack.com/actions/7",
        }
    )
    await there.app.drain()


async def declared(there: Front, form: Any) -> Declare:
    """Send the form off as it was opened; return what was declared."""
    check_form(form)
    (block,) = [block for block in form["blocks"] if block.get("block_id") == Field.TITLE]
    await there.submit(form, {Field.TITLE: block["element"]["initial_value"], Field.SEVERITY: "sev2"})
    (command,) = there.desk.taken
    assert isinstance(command, Declare)
    return command


async def test_a_message_is_declared_from_by_its_menu() -> None:
    there = front()
    await shortcut(there)
    ((trigger, form),) = there.opened
    assert trigger == "7.shortcut"
    command = await declared(there, form)
    assert command == Declare(title="Cards fail", by=ANA, severity=Severity.SEV2, quoted=QUOTED)


async def test_a_reaction_is_offered_the_form_once_and_to_nobody_else() -> None:
    there = front()
    for _ in range(2):
        assert (await there.event(reaction())).status == 200
        await there.app.drain()
    ((channel, user, offer),) = there.offered
    check(offer)
    assert (channel, user, there.desk.taken) == (GENERAL, ANA, [])
    value = json.loads(json.dumps(offer.blocks[1]))["elements"][0]["value"]
    await there.click(Action.DECLARE_QUOTED, value)
    ((_, form),) = there.opened
    assert (await declared(there, form)).quoted == QUOTED


@pytest.mark.parametrize(
    "event",
    [
        reaction("eyes"),
        reaction(type="reaction_removed"),
        reaction(user=US.user),
        reaction(user=""),
        reaction(item={"type": "file", "file": "F1"}),
        reaction(item={"type": "message", "channel": INCIDENT_CHANNEL, "ts": TS}),
    ],
)
async def test_what_is_no_such_reaction_is_offered_nothing(event: dict[str, object]) -> None:
    there = front()
    assert (await there.event(event)).status == 200
    await there.app.drain()
    assert (there.offered, there.opened) == ([], [])


async def test_where_an_incident_is_over_a_new_one_is_offered_and_a_skin_tone_changes_nothing() -> None:
    there = front()
    there.desk.incidents[IncidentId(42)] = an_incident(status=Status.RESOLVED)
    item = {"type": "message", "channel": INCIDENT_CHANNEL, "ts": TS}
    await there.event(reaction("rotating_light::skin-tone-2", item=item))
    await there.app.drain()
    assert len(there.offered) == 1


async def test_turned_off_or_while_slack_fails_nothing_is_offered_and_the_event_is_taken() -> None:
    for there in (front(policy=replace(POLICY, declare_reaction="")), front(slack_fails=TryLater("down"))):
        assert (await there.event(reaction())).status == 200
        await there.app.drain()
        assert there.offered == []


@pytest.mark.parametrize(
    "message", [{"ts": TS, "bot_id": "B0GRAFANA", "text": "", "attachments": [{"fallback": "Disk full"}]}]
)
async def test_what_a_machine_wrote_has_no_author(message: dict[str, object]) -> None:
    there = front()
    await shortcut(there, message)
    quoted = (await declared(there, there.opened[0][1])).quoted
    assert quoted
    assert (quoted.by, quoted.text) == (None, "Disk full")


@pytest.mark.parametrize("message", [None, {"ts": "x", "text": "y"}, {"ts": TS, "text": " "}])
async def test_what_says_nothing_is_told_how_to_declare(message: object) -> None:
    there = front()
    await shortcut(there, message)
    assert there.opened == []
    assert "You can type it all" in there.whispered[0][1].text


async def test_the_longest_message_in_any_script_fits_button_and_form() -> None:
    for text in ("\N{FIRE}" * 4000, '"\\\n' * 2000, "<&>" * 1000):
        there = front({**MESSAGE, "text": text})
        await there.event(reaction())
        await shortcut(there, there.messages[TS])
        check(there.offered[0][2])
        check_form(there.opened[0][1])


async def test_a_value_that_nobody_made_opens_nothing() -> None:
    there = front()
    for value in ("", "[" * 9000, "{}", '{"at": "1.000001"}'):
        assert read(value) is None
        await there.click(Action.DECLARE_QUOTED, value)
    await there.app.drain()
    assert (there.opened, len(there.whispered)) == ([], 4)
