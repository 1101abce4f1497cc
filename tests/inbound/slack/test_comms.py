"""The channel for communications, asked for in Slack: typed, or by the card's menu; its incident is meant there."""

from typing import Any

from bot.domain.commands import SendUpdate
from bot.domain.comms import Comms
from bot.domain.comms_commands import OpenComms
from bot.domain.ids import ChannelId, IncidentId
from bot.views.actions import Action
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, OTHER_CHANNEL, Front, an_incident

N = IncidentId(42)
ROOM = ChannelId("C0COMMS")


def with_one(**changes: Any) -> Front:
    front = Front()
    comms = Comms(n=1, at=START, by=ANA, channel=ROOM, name="inc-42-comms-checkout")
    front.desk.incidents[N] = an_incident(comms=comms, **changes)
    return front


async def test_who_asks_is_told_that_it_is_being_opened() -> None:
    front = Front()
    answer = await front.command("comms channel")
    assert front.desk.taken == [OpenComms(incident=N, by=ANA)]
    assert "being opened" in answer.body.decode()


async def test_who_asks_again_is_told_where_it_is() -> None:
    front = with_one()
    answer = await front.command("comms channel")
    assert front.desk.taken == [OpenComms(incident=N, by=ANA)]
    assert "<#C0COMMS" in answer.body.decode()


async def test_who_asks_there_is_told_that_they_are_in_it() -> None:
    answer = await with_one().command("comms channel", channel=ROOM)
    assert "This is the channel for communications of INC-42" in answer.body.decode()


async def test_the_cards_menu_asks_for_it() -> None:
    front = Front()
    chosen = {"type": "overflow", "action_id": Action.INCIDENT_MENU, "selected_option": {"value": "comms.open 42"}}
    await front.click(Action.INCIDENT_MENU, actions=[chosen])
    await front.app.drain()
    assert (front.desk.taken, front.whispered) == ([OpenComms(incident=N, by=ANA)], [])


async def test_an_update_typed_there_is_the_incidents() -> None:
    front = with_one()
    await front.command("update We are rolling back", channel=ROOM)
    assert front.desk.taken == [SendUpdate(incident=N, text="We are rolling back", by=ANA)]


async def test_who_may_not_see_a_private_incident_does_not_learn_of_it_there() -> None:
    front = with_one(private=True, declared_by=None)
    answer = await front.command("update hello", channel=ROOM)
    assert front.desk.taken == []
    assert "belongs to no incident" in answer.body.decode()


async def test_another_incident_is_not_meant_there() -> None:
    front = with_one()
    await front.command("update hello", channel=OTHER_CHANNEL)
    assert [getattr(one, "incident", None) for one in front.desk.taken] == [43]
