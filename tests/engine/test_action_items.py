"""Action items on the real database: told once, asked on the morning, after the end too, through outages and deaths."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.commands import Declare, Resolve
from bot.domain.course_commands import Close
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.privacy import Viewer
from bot.domain.task_commands import AddAction, ChangeAction, EndAction, ReopenAction
from bot.store import incidents
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, World
from tests.fakes.slack import Fault, Said
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N = IncidentId(1)
THEM = Viewer(user=BO)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


async def begun(world: World, **changes: object) -> AddAction:
    """Let an incident be over, and give Bo something to do until the day after tomorrow."""
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV4, service=CHECKOUT))
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    today = world.clock.now().date()
    add = AddAction(incident=N, text="alert on the queue", by=ANA, owner=BO, due=today + 2 * DAY, zone="Europe/Berlin")
    add = replace(add, **changes)  # type: ignore[arg-type] # the test names real fields
    await world.do(add)
    await world.settle()
    return add


def asked(world: World) -> list[Said]:
    return [one for one in world.slack.said(BO) if (one.marker or "").startswith("action_reminder:")]


def told(world: World, given: int = 1) -> list[Said]:
    return world.slack.marked(f"action:1:1:{given}")


async def test_the_owner_is_told_once_and_asked_on_the_morning_then_weekly_until_it_is_done(world: World) -> None:
    await begun(world)
    assert len(told(world)) == 1
    await world.do(Close(incident=N, by=ANA, anyway=True))
    await world.advance(3 * DAY)
    (first,) = asked(world)
    assert "due today" in first.text
    await world.advance(7 * DAY)
    assert ["overdue" in one.text for one in asked(world)] == [False, True]
    await world.do(EndAction(incident=N, n=1, by=BO))
    await world.advance(20 * DAY)
    assert (len(asked(world)), len(told(world))) == (2, 1)
    assert "Done by" in str(told(world)[0].blocks)
    must_hold(await of_world(world), at_rest=True)


async def test_who_has_it_next_is_told_and_who_had_it_reads_so(world: World) -> None:
    await begun(world)
    await world.do(ChangeAction(incident=N, n=1, user=CLEO, by=BO))
    await world.settle()
    assert "Now with" in str(told(world)[0].blocks)
    assert [one.channel for one in told(world, 2)] != [one.channel for one in told(world)]
    must_hold(await of_world(world), at_rest=True)


async def until_the_morning(world: World) -> None:
    """Let it be half an hour before Bo is to be asked."""
    when = (await world.incident()).actions[0].next_reminder(world.clock.now())
    assert when
    await world.advance(when - world.clock.now() - timedelta(minutes=30))


async def test_while_slack_is_away_it_waits_and_they_are_asked_once(world: World) -> None:
    await begun(world)
    await until_the_morning(world)
    world.slack.down = Fault.REFUSED
    await world.advance(2 * HOUR)
    assert asked(world) == []
    world.slack.heal()
    await world.advance(timedelta(minutes=10))
    assert len(asked(world)) == 1
    must_hold(await of_world(world), at_rest=True)


async def test_what_was_done_before_slack_came_back_is_not_asked_about(world: World) -> None:
    await begun(world)
    await until_the_morning(world)
    world.slack.down = Fault.REFUSED
    await world.advance(HOUR)
    await world.do(ChangeAction(incident=N, n=1, user=CLEO, by=BO))
    await world.do(EndAction(incident=N, n=1, by=ANA))
    world.slack.heal()
    await world.advance(timedelta(minutes=10))
    assert (told(world, 2), asked(world)) == ([], [])
    must_hold(await of_world(world), at_rest=True)


async def test_a_death_while_somebody_is_asked_asks_them_once(world: World) -> None:
    world.dies_once("slack.action_reminder")
    await begun(world)
    await world.advance(3 * DAY)
    assert (world.deaths, len(asked(world))) == (1, 1)
    must_hold(await of_world(world), at_rest=True)


async def test_what_is_left_to_do_is_found_though_the_incident_is_over(world: World) -> None:
    await begun(world)
    assert [one.n for _, one in (await world.desk.seen_by(THEM).home()).actions] == [1]
    assert (await world.desk.seen_by(Viewer(user=CLEO)).home()).actions == ()
    await world.do(EndAction(incident=N, n=1, by=BO))
    async with world.database.reading() as connection:
        assert await incidents.with_open_actions(connection) == ()
    await world.do(ReopenAction(incident=N, n=1, by=BO))
    assert len((await world.desk.seen_by(THEM).home()).actions) == 1
