"""The Home tab is published when it is opened, and again after a press in it; never for anything else."""

import json

import pytest

from bot.domain.commands import AcknowledgeAlert
from bot.domain.ids import AlertId
from bot.errors import Overloaded
from bot.views.actions import Action, Form
from tests.inbound.slack.front import ANA, Front

OPENED = {"type": "app_home_opened", "user": ANA, "channel": "D0ANA", "tab": "home", "event_ts": "1.2"}
IN_HOME = {"type": "view", "view_id": "V1"}


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
