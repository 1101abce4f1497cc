"""Action items by command, by button and by form, through signed requests."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.domain.action_items import ActionItem, ActionState
from bot.domain.commands import Command
from bot.domain.course_commands import Close
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Status
from bot.domain.task_commands import AddAction, ChangeAction, EndAction, ReopenAction
from bot.errors import DeliveryError
from bot.views.action_items import open_actions
from bot.views.actions import Action, Field, Form
from bot.views.forms import action_form, close_form
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, BO, Front, an_incident, said

N = IncidentId(42)
ZONE = "America/Sao_Paulo"
ITEM = ActionItem(n=1, text="alert on the queue", by=ANA, at=START, owner=BO, given=1, told=True)


def front(*items: ActionItem, **changes: Any) -> Front:
    made = Front()
    made.desk.incidents[N] = an_incident(actions=items, **changes)
    return made


def add(text: str, owner: UserId | None = None, due: date | None = None) -> AddAction:
    return AddAction(incident=N, text=text, by=ANA, owner=owner, due=due, zone=ZONE)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("action alert on the queue", add("alert on the queue")),
        ("action alert on the queue <@U0BO|bo>", add("alert on the queue", BO)),
        ("action <@U0BO|bo> alert on the queue", add("alert on the queue", BO)),
        ("action ask <@U0BO|bo> for the logs", add("ask <@U0BO> for the logs")),
        ("action alert <@U0BO> due 2030-01-05", add("alert", BO, date(2030, 1, 5))),
        ("action alert due 2030-01-05 <@U0BO>", add("alert", BO, date(2030, 1, 5))),
        ("actions “alert on it” due 5 Jan 2030", add("alert on it", None, date(2030, 1, 5))),
        ("action alert on failures due to caching", add("alert on failures due to caching")),
        ("action pay it when due", add("pay it when due")),
        ("action done with the old queue", add("done with the old queue")),
        ("action 3 hosts need a bigger disk", add("3 hosts need a bigger disk")),
    ],
)
async def test_one_is_written_down_with_owner_and_day_wherever_they_stand(typed: str, command: Command) -> None:
    there = front()
    answer = said(await there.command(typed))
    assert there.desk.taken == [command]
    assert "Action item 1 of INC-42 is written down" in answer


async def test_the_answer_shows_the_day_so_that_a_mistaken_one_is_seen() -> None:
    there = front()
    assert "due Sat 5 Jan 2030" in said(await there.command("action alert due 2030-01-05"))
    there.slack_fails = DeliveryError("away")
    answer = said(await there.command("action alert due 2030-01-05"))
    assert "took it as UTC" in answer
    assert there.desk.taken[-1] == replace(add("alert", None, date(2030, 1, 5)), zone="UTC")


@pytest.mark.parametrize(
    ("typed", "commands"),
    [
        ("action done 1", [EndAction(incident=N, n=1, by=ANA)]),
        ("action done #1", [EndAction(incident=N, n=1, by=ANA)]),
        ("action 1 done", [EndAction(incident=N, n=1, by=ANA)]),
        ("action drop 1", [EndAction(incident=N, n=1, by=ANA, dropped=True)]),
        ("action 1 <@U0ANA>", [ChangeAction(incident=N, n=1, user=ANA, by=ANA, zone=ZONE)]),
        ("action 1 due 2030-01-05", [ChangeAction(incident=N, n=1, moves=True, due=date(2030, 1, 5), by=ANA)]),
        ("action 1 due never", [ChangeAction(incident=N, n=1, moves=True, by=ANA)]),
        (
            "action 1 <@U0CLEO> due 2030-01-05",
            [ChangeAction(incident=N, n=1, user=UserId("U0CLEO"), zone=ZONE, moves=True, due=date(2030, 1, 5), by=ANA)],
        ),
    ],
)
async def test_one_that_is_there_is_changed_by_its_number(typed: str, commands: list[Command]) -> None:
    there = front(ITEM)
    assert "Action item 1 is" in said(await there.command(typed))
    assert there.desk.taken == commands


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("action 1 <@U0ANA>", "Action item 1 is yours now."),
        ("action 1 <@U0CLEO> due never", "Action item 1 is somebody else's now and without a due date."),
    ],
)
async def test_the_answer_says_whose_it_is_now_and_until_when(typed: str, told: str) -> None:
    assert told in said(await front(ITEM).command(typed))


async def test_what_is_done_is_reopened_and_the_bare_verb_shows_them_all() -> None:
    there = front(replace(ITEM, state=ActionState.DONE))
    assert "Action item 1 is open again" in said(await there.command("action reopen 1"))
    for typed in ("action", "actions", "action list", "action INC-42"):
        assert "Action items of INC-42: 1 open" in said(await there.command(typed))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("action alert due someday", "“someday” is no day that I can read"),
        ("action alert <@U0MUSTER>", "I cannot do that"),
        ("action 7 <@U0BO>", "has no action item 7"),
        ("action done 7", "has no action item 7"),
        ("action <@U0BO>", "Say what is to be done"),
        ("action done", "Say of one item which it is"),
        ("action drop 1 2", "Say of one item which it is"),
    ],
)
async def test_what_cannot_be_read_says_how_it_is_typed(typed: str, told: str) -> None:
    there = front(ITEM)
    answer = said(await there.command(typed))
    assert told in answer
    assert (there.desk.taken, "You typed: " in answer) == ([], True)


async def test_buttons_mark_it_done_and_reopen_it_and_the_list_is_shown_anew() -> None:
    there = front(ITEM)
    await there.click(Action.END_ACTION, "42 1")
    await there.app.drain()
    assert (there.desk.taken, there.replaced) == ([EndAction(incident=N, n=1, by=ANA)], [])
    mine = {"type": "message", "is_ephemeral": True}
    await there.click(Action.REOPEN_ACTION, "42 1", container=mine)
    await there.app.drain()
    assert there.desk.taken[-1] == ReopenAction(incident=N, n=1, by=ANA)
    assert "1 of 1 action items" in there.replaced[0][1].text


async def test_a_press_on_the_home_tab_lets_it_be_shown_anew() -> None:
    there = front(ITEM)
    await there.click(Action.END_ACTION, "42 1", container={"type": "view"}, view={"type": "home"})
    assert there.desk.homes == [ANA]


@pytest.mark.parametrize("value", ["", "42", "x 1", "42 x"])
async def test_a_button_that_says_nothing_useful_changes_nothing(value: str) -> None:
    there = front(ITEM)
    await there.click(Action.END_ACTION, value)
    await there.app.drain()
    assert there.desk.taken == []
    assert "do not know this action item" in there.whispered[0][1].text


async def test_the_form_asks_what_who_and_when() -> None:
    there = front()
    await there.click(Action.ADD_ACTION, "42")
    ((_, view),) = there.opened
    assert (view["callback_id"], json.loads(view["private_metadata"])) == (Form.ACTION, {"incident": 42})
    form: Any = action_form(there.desk.incidents[N])
    filled: dict[str, str] = {Field.TEXT: "alert on it", Field.PERSON: BO, Field.DUE: "2030-01-05"}
    assert json.loads((await there.submit(form, filled)).body) == {"response_action": "clear"}
    assert there.desk.taken == [add("alert on it", BO, date(2030, 1, 5))]
    missing = json.loads((await there.submit(form, {Field.DUE: "soon"}, view_id="V2")).body)
    assert missing["errors"] == {"text": "Say what is to be done."}
    there.slack_fails = DeliveryError("away")
    await there.submit(form, {Field.TEXT: "x", Field.DUE: "soon"}, view_id="V3")
    assert there.desk.taken[-1] == replace(add("x"), zone="UTC")


async def test_to_close_with_open_ones_asks_in_a_form_that_names_them() -> None:
    over = {"status": Status.RESOLVED, "resolved_at": START, "resolution": "Rolled back"}
    for there, way in ((front(ITEM, **over), "command"), (front(ITEM, **over), "button")):
        await (there.command("close") if way == "command" else there.click(Action.CLOSE, "42"))
        ((_, view),) = there.opened
        assert view["callback_id"] == Form.CLOSE
        assert "alert on the queue" in json.dumps(view)
        assert there.desk.taken == []
    incident = there.desk.incidents[N]
    form: Any = close_form(incident, open_actions(incident, datetime(2026, 1, 1, tzinfo=UTC)))
    await there.submit(form, {})
    assert there.desk.taken == [Close(incident=N, by=ANA, anyway=True)]
    typed = front(ITEM, **over)
    assert "INC-42 is closed" in said(await typed.command("close anyway"))
    assert typed.desk.taken == [Close(incident=N, by=ANA, anyway=True)]
