"""A group that flaps, on the real database: one message that says so, few edits, no notes, and nothing polls."""

from datetime import timedelta

from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert, Resolve
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from tests.engine.test_groups import N, over, pod, the_group, told
from tests.engine.world import ANA, BO, World
from tests.fakes.clock import START
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

MINUTE = timedelta(minutes=1)
A_WHILE = timedelta(seconds=61)


async def flap(world: World, times: int) -> None:
    """Let an alert fire, and end a while later, so often; it ends firing."""
    for turn in range(times + 1):
        now = world.clock.now() - START
        await world.do(ReportAlert(report=pod(1, starts_at=START + now)))
        if turn < times:
            await world.advance(A_WHILE)
            last = pod(1, starts_at=START + now)
            await world.do(ReportAlert(report=over(1, world.clock.now() - START, starts_at=last.starts_at)))
            await world.advance(A_WHILE)


async def test_what_flaps_is_one_message_with_few_edits_that_says_so_until_it_is_steady(world: World) -> None:
    await flap(world, 20)
    message, *_ = world.slack.said("alerts")
    assert "Flapping since" in message.text
    assert len(message.revisions) <= 14, "forty changes within forty minutes"
    assert (await the_group(world)).flapping
    must_hold(await of_world(world), at_rest=True)
    await world.advance(31 * MINUTE)
    message, *_ = world.slack.said("alerts")
    assert "Flapping" not in message.text
    assert (await the_group(world)).flapping is None
    assert told(world) == ["group", "group_news"], "when it fired again for the first time"
    must_hold(await of_world(world), at_rest=True)


async def test_what_flapped_folds_only_when_it_has_been_over_for_long_and_a_death_in_between_changes_nothing(
    world: World,
) -> None:
    await flap(world, 3)
    began = world.clock.now()
    await world.do(ReportAlert(report=over(1, began - START, starts_at=began)))
    await world.advance(6 * MINUTE)
    message, *_ = world.slack.said("alerts")
    assert "Flapping since" in message.text
    await world.die()
    await world.advance(25 * MINUTE)
    message, *_ = world.slack.said("alerts")
    assert message.text.startswith("Resolved for checkout")
    must_hold(await of_world(world), at_rest=True)


async def test_an_incident_of_what_flaps_pages_once_and_its_channel_is_told_when_it_begins_and_when_it_ends(
    world: World,
) -> None:
    await world.do(ReportAlert(report=pod(1)))
    group = await the_group(world)
    await world.do(AcknowledgeAlert(alert=group.id, by=BO))
    await world.do(Declare(by=ANA, alert=group.id, severity=Severity.SEV1))
    await world.advance(MINUTE)
    await flap(world, 10)
    await world.advance(31 * MINUTE)
    incident = await world.incident()
    spoken = [text for text in world.said_in(incident.channel_name) if "Alert flaps" in text]
    assert [text.partition(": ")[2].partition(" (")[0] for text in spoken] == ["Alert flaps", "Alert flaps no more"]
    assert world.pager.accepted == [(N, "trigger")]
    await world.do(Resolve(incident=IncidentId(1), resolution="Rolled back", by=ANA))
    await world.advance(MINUTE)
    must_hold(await of_world(world), at_rest=True)
