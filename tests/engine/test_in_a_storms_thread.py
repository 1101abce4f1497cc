"""A group whose message stands in a storm's thread: what is new of it stands on the message, as no note can tell it."""

from datetime import timedelta

from bot.domain.alerts_model import AlertSeverity, AlertStatus
from bot.domain.commands import AcknowledgeAlert, ReportAlert
from bot.domain.copying import replace
from bot.domain.storms_model import Stand
from tests.engine.test_storms import fire, rule, the_groups
from tests.engine.world import BO, World
from tests.fakes.records import Fault, Said
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
LAST = 11
TITLE = f"Rule {LAST} fires"


async def stormed(world: World) -> None:
    """Let a storm begin; the last of its groups has its message in the thread."""
    await fire(world, *range(LAST + 1))
    await world.advance(MINUTE)
    assert (await the_groups(world))[TITLE].stand is Stand.THREAD


async def more(world: World, name: str, **changes: object) -> None:
    """Let another member of that group be reported."""
    labels = {"service": f"shop-{LAST % 3}", "pod": name}
    given = {"labels": labels, "summary": f"{name} fails", "starts_at": world.clock.now()} | changes
    await world.do(ReportAlert(report=replace(rule(LAST, **given), fingerprint=name)))


async def message(world: World) -> Said:
    group = (await the_groups(world))[TITLE]
    (said,) = world.slack.marked(f"group:{group.id}")
    return said


async def test_what_came_together_is_said_together_and_stays_until_something_else_is_new(world: World) -> None:
    await stormed(world)
    for name in "ab":
        await more(world, name)
    await world.advance(SECOND)
    for name in "cde":
        await more(world, name)
        await world.advance(SECOND)
    await world.advance(MINUTE)
    said = await message(world)
    assert "*+2 firing*: a fails; b fails" in str(said.blocks)
    assert "*+3 firing*: c fails; d fails; e fails" in str(said.blocks)
    await world.do(AcknowledgeAlert(alert=(await the_groups(world))[TITLE].id, by=BO))
    await world.advance(MINUTE)
    said = await message(world)
    assert str(said.blocks).count("firing*") == 2, "an acknowledgement is no news"
    assert f"Acknowledged by <@{BO}>" in str(said.blocks)
    await more(world, "a", status=AlertStatus.RESOLVED, ends_at=world.clock.now())
    await world.advance(MINUTE)
    assert "*1 resolved*" in str((await message(world)).blocks)
    await more(world, "f")
    await world.advance(MINUTE)
    blocks = str((await message(world)).blocks)
    assert ("a fails" in blocks.partition("Last changes")[2], "*+1 firing*: f fails" in blocks) == (False, True)
    assert world.slack.marked(f"group_news:{(await the_groups(world))[TITLE].id}:1") == []
    must_hold(await of_world(world), at_rest=True)


async def test_what_became_graver_is_said_on_a_message_of_one_alert_too(world: World) -> None:
    await stormed(world)
    began = (await the_groups(world))[TITLE].began_at
    await world.do(ReportAlert(report=rule(LAST, starts_at=began, severity=AlertSeverity.HIGH)))
    await world.advance(MINUTE)
    assert "*Escalated* warning → high" in str((await message(world)).blocks)


async def test_nothing_of_it_is_lost_when_the_edit_is(world: World) -> None:
    await stormed(world)
    world.slack.fail(Fault.KILLED_BEFORE, method="chat.update")
    world.slack.fail(Fault.REFUSED, method="chat.update", times=3)
    await more(world, "a")
    await world.advance(5 * MINUTE)
    assert "*+1 firing*: a fails" in str((await message(world)).blocks)
    must_hold(await of_world(world), at_rest=True)
