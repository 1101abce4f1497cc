"""The Home tab is published when it is opened, and again after a press in it; never for anything else."""

import json

import pytest

from bot.domain.commands import AcknowledgeAlert
from bot.domain.ids import AlertId
from bot.errors import Overloaded, TryLater
from bot.views.actions import Action, Form
from tests.inbound.slack.front import ANA, Front
from tests.views.limits import check_window

OPENED = {"type": "app_home_opened", "user": ANA, "channel": "D0ANA", "tab": "home", "event_ts": "1.2"}
IN_HOME = {"type": "view", "view_id": "V1"}
HOME = {"container": IN_HOME, "view": {"id": "V1", "type": "home"}, "response_url": ""}


async def test_whoever_opens_it_is_shown_it() -> None:
    front = Front()
    assert (await front.event(OPENED)).status == 200
    assert front.desk.homes == [ANA]


@pytest.mark.parametrize("changes", [{"tab": "messages"}, {"user": ""}, {"tab": None}])
async def test_other_tabs_and_odd_events_publish_nothing(changes: dict[str, object]) -> None:
    front = Front()
    assert (await front.event({**OPENED, **changes})).status == 200
    assert front.desk.homes == []


async def test_when_it_cannot_be_taken_in_slack_is_asked_to_come_again() -> None:
    front = Front()
    front.desk.unread = Overloaded("busy")
    assert (await front.event(OPENED)).status == 503


async def test_after_a_press_in_it_it_is_published_anew_after_a_refusal_too() -> None:
    front = Front()
    for _ in range(2):
        await front.click(Action.ACKNOWLEDGE_ALERT, "a1", container=IN_HOME, response_url="")
    await front.app.drain()
    assert front.desk.taken == [AcknowledgeAlert(alert=AlertId("a1"), by=ANA)]
    assert front.desk.homes == [ANA, ANA]
    assert (front.whispered, front.replaced) == ([], [])


async def test_whoever_asks_why_in_it_is_told_in_a_window_and_it_is_not_published_for_that() -> None:
    front = Front()
    await front.click(Action.EXPLAIN_ALERT, "a1", trigger_id="t.1", **HOME)
    await front.app.drain()
    ((trigger, view),) = front.opened
    check_window(view)
    assert (trigger, view["title"]["text"]) == ("t.1", "What happened")
    assert "Why: Checkout fails" in str(view["blocks"])
    assert (front.desk.taken, front.desk.homes) == ([], [])


async def test_a_press_in_it_that_is_refused_is_explained_in_a_window() -> None:
    front = Front()
    for _ in range(2):
        await front.click(Action.ACKNOWLEDGE_ALERT, "a1", **HOME)
    await front.app.drain()
    ((_, view),) = front.opened
    check_window(view)
    assert view["title"]["text"] == "Not done"
    assert "acknowledged" in str(view["blocks"])
    assert front.desk.homes == [ANA, ANA]


async def test_when_slack_does_not_open_the_window_the_press_is_kept_all_the_same() -> None:
    front = Front(form_fails=TryLater("Slack is away"))
    await front.click(Action.EXPLAIN_ALERT, "gone", **HOME)
    assert (await front.click(Action.ACKNOWLEDGE_ALERT, "a1", **HOME)).status == 200
    await front.app.drain()
    assert front.desk.taken == [AcknowledgeAlert(alert=AlertId("a1"), by=ANA)]


async def test_its_main_button_opens_the_form_that_declares_an_incident() -> None:
    front = Front()
    await front.click(Action.OPEN_DECLARE, "", container=IN_HOME, trigger_id="t.1")
    ((trigger, view),) = front.opened
    assert (trigger, view["callback_id"], json.loads(view["private_metadata"])) == (
        "t.1",
        Form.DECLARE,
        {"alert": None},
    )
    assert front.desk.homes == []
