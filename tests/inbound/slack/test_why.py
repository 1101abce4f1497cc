"""`/incident why <alert>`, and the button: what happened to an alert is told to who asks, and changes nothing."""

import pytest

from bot.views.actions import WHY, Action
from tests.inbound.slack.front import GENERAL, Front, said


async def test_whoever_asks_why_is_told_what_happened() -> None:
    front = Front()
    told = said(await front.command("why checkout fails", channel=GENERAL))
    assert "Why: Checkout fails" in told
    assert "It came in from Prometheus" in told
    assert front.desk.taken == []


async def test_an_alert_that_nobody_knows_is_said_so_with_what_was_typed() -> None:
    told = said(await Front().command("why search", channel=GENERAL))
    assert "No alert is called “search”" in told
    assert "You typed: `/incident why search`" in told


@pytest.mark.parametrize("menu", [False, True])
async def test_the_button_and_the_menu_on_a_message_tell_the_presser_alone(menu: bool) -> None:
    front = Front()
    if menu:
        option = {"text": {"type": "plain_text", "text": "Why?"}, "value": f"{WHY} a1"}
        chosen = {"action_id": Action.ALERT_MENU, "block_id": "b", "type": "overflow", "selected_option": option}
        await front.click("", actions=[chosen])
    else:
        await front.click(Action.EXPLAIN_ALERT, "a1")
    await front.app.drain()
    ((_, message),) = front.whispered
    assert "What happened to Checkout fails" in message.text
    assert (front.desk.taken, front.replaced) == ([], [])


async def test_of_an_alert_that_is_gone_there_is_nothing_to_tell() -> None:
    front = Front()
    await front.click(Action.EXPLAIN_ALERT, "gone")
    await front.app.drain()
    ((_, message),) = front.whispered
    assert message.text == "I do not know this alert any more."
