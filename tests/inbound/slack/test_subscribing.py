"""Subscribing by command and by button: each says what will come, and what is not understood says what to type."""

import pytest

from bot.domain.subscriptions import ALL, Subscribe, Topic
from bot.views.actions import Action
from tests.inbound.slack.front import ANA, GENERAL, INCIDENT_CHANNEL, Front, said


@pytest.mark.parametrize(
    ("typed", "topic", "wanted"),
    [
        ("subscribe", "incident:42", True),
        ("subscribe INC-43", "incident:43", True),
        ("subscribe 43", "incident:43", True),
        ("subscribe service:Checkout", "service:checkout", True),
        ("subscribe all", ALL, True),
        ("subscribe off", ALL, False),
        ("subscribe off INC-42", "incident:42", False),
        ("subscribe off service:auth", "service:auth", False),
    ],
)
async def test_what_is_typed_is_kept_and_said(typed: str, topic: str, wanted: bool) -> None:
    front = Front()
    told = said(await front.command(typed, channel=INCIDENT_CHANNEL))
    assert front.desk.taken == [Subscribe(topic=Topic(topic), wanted=wanted, by=ANA)]
    assert ("You get the updates" in told) == wanted


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("subscribe", "belongs to no incident"),
        ("subscribe nonsense", "Name one"),
        ("subscribe INC-42 INC-43", "Name one"),
        ("subscribe service:", "right behind the colon"),
        ("subscribe service:chekout", "Did you mean checkout?"),
        ("subscribe INC-7", "There is no INC-7"),
    ],
)
async def test_what_is_not_understood_is_told(typed: str, why: str) -> None:
    front = Front()
    assert why in said(await front.command(typed, channel=GENERAL))
    assert front.desk.taken == []


async def test_buttons_subscribe_and_end_it() -> None:
    front = Front()
    for action, wanted in ((Action.SUBSCRIBE, True), (Action.UNSUBSCRIBE, False)):
        await front.click(action, "42")
        await front.app.drain()
        assert front.desk.taken[-1] == Subscribe(topic=Topic("incident:42"), wanted=wanted, by=ANA)
    assert [message.text for _, message in front.whispered] == [
        "You get the updates of INC-42 in a direct message.",
        "You get no more updates of INC-42.",
    ]
