"""What is done seldom stands behind the three dots of a running incident's card, and opens the form that it needs."""

import json

import pytest

from bot.domain.policy import Policy
from bot.views.actions import Action, Form
from bot.views.card import incident_card
from tests.fakes.clock import START
from tests.inbound.slack.front import Front, an_incident
from tests.views.limits import buttons


def chosen(value: str) -> list[dict[str, object]]:
    """Return what Slack sends of a choice behind the three dots of a card."""
    return [{"type": "overflow", "action_id": Action.INCIDENT_MENU, "selected_option": {"value": value}}]


@pytest.mark.parametrize(
    ("action", "form"),
    [(Action.MERGE, Form.MERGE), (Action.ADD_ACTION, Form.ACTION), (Action.SNOOZE, Form.SNOOZE)],
)
async def test_a_running_card_has_behind_its_dots_what_is_done_seldom(action: Action, form: Form) -> None:
    menu = next(one for one in buttons(incident_card(an_incident(), [], Policy(), START)) if one["type"] == "overflow")
    assert f"{action} 42" in json.dumps(menu["options"])
    front = Front()
    await front.click("", actions=chosen(f"{action} 42"))
    ((_, view),) = front.opened
    assert (view["callback_id"], json.loads(view["private_metadata"])["incident"]) == (form, 42)


@pytest.mark.parametrize("value", ["incident.close 42", "x 42", "", "incident.merge", "incident.merge x"])
async def test_what_is_not_in_the_cards_menu_cannot_be_chosen_there(value: str) -> None:
    front = Front()
    await front.click("", actions=chosen(value))
    await front.app.drain()
    assert (front.desk.taken, front.opened, len(front.whispered)) == ([], [], 1)
