"""A group of alerts in people's hands, on the real database: given to somebody, its incident joined, judged."""

from bot.domain.commands import AcknowledgeAlert, Declare
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert
from bot.domain.groups_model import Verdict
from bot.domain.ids import GroupId, UserId
from tests.engine.test_story import deliver
from tests.engine.world import ANA, BO, World

DAN = UserId("U0DAN")


async def shown(world: World) -> GroupId:
    await deliver(world)
    (message,) = world.slack.said("alerts")
    return GroupId((message.marker or "").removeprefix("group:"))


async def test_an_assignee_is_told_once_and_shown_on_the_message(world: World) -> None:
    group = await shown(world)
    await world.do(AcknowledgeAlert(alert=group, by=ANA))
    for _ in range(2):
        await world.do(AssignAlert(alert=group, user=BO, by=ANA))
        await world.settle()
    (told,) = world.slack.marked(f"assigned:{group}:1")
    assert "assigned to you" in told.text
    (message,) = world.slack.said("alerts")
    assert f"Assigned to <@{BO}>" in str(message.blocks)


async def test_whoever_joins_is_in_the_incidents_channel_and_a_second_press_changes_nothing(world: World) -> None:
    group = await shown(world)
    await world.do(Declare(by=ANA, alert=group))
    await world.settle()
    for _ in range(2):
        await world.do(JoinIncident(alert=group, by=DAN))
        await world.settle()
    members = world.slack.channel((await world.incident()).channel_name).members
    assert list(members).count(DAN) == 1


async def test_the_last_verdict_stands_on_the_message_that_is_over(world: World) -> None:
    group = await shown(world)
    await deliver(world, "resolved")
    for verdict, by in ((Verdict.USEFUL, ANA), (Verdict.NOISE, BO)):
        await world.do(JudgeAlert(alert=group, verdict=verdict, by=by))
        await world.settle()
    (message,) = world.slack.said("alerts")
    assert f"Noise, says <@{BO}>" in str(message.blocks)
    assert f"says <@{ANA}>" not in str(message.blocks)
