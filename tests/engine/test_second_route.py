"""The pager is down: who is on call hears of it in Slack within the minute, once, and only while it matters."""

from datetime import timedelta

from bot.domain.commands import Declare
from bot.domain.model import Severity
from bot.domain.paging import SILENT_AFTER
from tests.engine.world import ANA, CHECKOUT, CLEO, World
from tests.fakes.slack import Fault, Said

AN_HOUR = timedelta(hours=1)


async def declared(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV1, service=CHECKOUT))


def calls(world: World) -> list[Said]:
    """Return the direct messages that call somebody."""
    return [one for one in world.slack.said(CLEO) if (one.marker or "").startswith("call:")]


async def in_the_channel(world: World, words: str) -> list[Said]:
    name = (await world.incident()).channel_name
    return [one for one in world.slack.said(name) if words in one.text and (one.marker or "").startswith("said:")]


async def test_while_the_pager_is_down_for_an_hour_who_is_on_call_is_called_once(world: World) -> None:
    world.pager.down = True
    await declared(world)
    await world.advance(SILENT_AFTER - timedelta(seconds=1))
    assert calls(world) == []
    await world.advance(timedelta(seconds=2))
    assert len(calls(world)) == 1
    await world.die()
    await world.advance(AN_HOUR)
    (call,) = calls(world)
    assert "pager has not accepted the page for INC-1" in call.text
    (said,) = await in_the_channel(world, "has not accepted the page")
    assert f"<@{CLEO}>" in said.text
    world.pager.down = False
    await world.advance(timedelta(minutes=2))
    assert world.pager.accepted == [(1, "trigger")]
    assert len(await in_the_channel(world, "accepted the page")) == 2
    assert len(calls(world)) == 1


async def test_a_pager_that_answers_calls_nobody_in_slack(world: World) -> None:
    await declared(world)
    await world.advance(AN_HOUR)
    assert calls(world) == []
    assert await in_the_channel(world, "accepted the page") == []


async def test_a_call_that_waited_for_slack_is_not_made_when_the_pager_has_called_meanwhile(world: World) -> None:
    world.pager.down, world.slack.down = True, Fault.REFUSED
    await declared(world)
    await world.advance(AN_HOUR)
    world.pager.down = False
    await world.advance(timedelta(minutes=2))
    world.slack.heal()
    await world.advance(timedelta(minutes=2))
    assert calls(world) == []
    assert len(await in_the_channel(world, "has not accepted the page")) == 1  # it happened, and stands in the record
