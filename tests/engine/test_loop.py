"""The loop: it finds what others decided, finishes what is under way, and outlives the database's bad moments."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from structlog.testing import capture_logs

from bot.domain.commands import Declare
from bot.engine.jobs import Done, Job, Perform
from bot.engine.loop import A_MOMENT, Loop, Outage
from bot.errors import Overloaded, TryLater
from tests.engine.world import ANA, CHECKOUT, World
from tests.fakes.clock import turn
from tests.peers.until import until

DECLARE = Declare(title="Checkout is down", by=ANA, service=CHECKOUT)


@asynccontextmanager
async def at_work(world: World) -> AsyncIterator[Loop]:
    loop = Loop(world.dispatcher, world.clock)
    running = asyncio.create_task(loop.run())
    try:
        yield loop
    finally:
        loop.stop()
        await running


async def nothing_waits(world: World) -> bool:
    return not await world.waiting()


async def test_what_another_replica_decided_is_found_at_the_next_tick(world: World) -> None:
    async with at_work(world) as loop:
        await world.do(DECLARE)  # nobody wakes this loop
        await until(lambda: nothing_waits(world), what="the work of another replica")
        assert loop.last_tick == world.clock.now()
    assert (await world.incident()).channel


class WithoutTicks(Loop):
    """Learns of nothing by itself."""

    async def _tick(self) -> None:
        pass


async def test_what_is_put_off_for_a_moment_is_taken_up_when_that_is_over_and_not_at_the_next_tick(
    world: World,
) -> None:
    moments = iter([timedelta(milliseconds=300)])

    def put_off(kind: str, perform: Perform) -> Perform:
        async def act(job: Job) -> Done:
            if kind == "slack.open_channel" and (moment := next(moments, None)):
                raise TryLater("Slack asked for a pause", after=moment)
            return await perform(job)

        return act

    world.wrap = put_off
    await world.do(DECLARE)
    loop = WithoutTicks(world.another(), world.clock)
    running = asyncio.create_task(loop.run())
    loop.wake()
    await until(lambda: world.clock.sleepers, what="an alarm")
    world.clock.move(timedelta(milliseconds=320))
    await until(lambda: nothing_waits(world), what="the work")
    assert (await world.incident()).channel
    loop.stop()
    await running


async def test_one_alarm_is_for_all_that_is_due_at_about_the_same_time_and_none_for_what_waits_long(
    world: World,
) -> None:
    async with at_work(world) as loop:
        for wait in (A_MOMENT, A_MOMENT - timedelta(milliseconds=5), A_MOMENT * 2):
            loop.wake_in(wait)
        await until(lambda: world.clock.sleepers, what="an alarm")
        assert world.clock.sleepers == 1
    await turn()
    assert not world.clock.sleepers, "nobody is left behind"


async def test_what_is_under_way_is_finished_before_the_loop_ends(world: World) -> None:
    world.slack.latency = timedelta(seconds=1)
    await world.do(DECLARE)
    loop = Loop(world.dispatcher, world.clock)
    running = asyncio.create_task(loop.run())
    loop.wake()
    await until(lambda: world.clock.sleepers, what="a call")
    loop.stop()
    await turn(50)
    assert not running.done()
    while not running.done():
        if world.clock.sleepers:
            world.clock.move(timedelta(seconds=1))
        await turn()
    await running
    assert (await world.incident()).channel, "the channel that the call opened is remembered"


async def test_a_database_that_is_away_for_a_moment_ends_nothing(world: World) -> None:
    await world.do(DECLARE)
    async with at_work(world) as loop:
        world.database.unreadable = 1
        loop.wake()
        await until(lambda: not world.database.unreadable, what="a look that failed")
        world.database.unwritable = 1
        loop.wake()
        await until(lambda: not world.database.unwritable, what="a claim that failed")
        loop.wake()
        await until(lambda: nothing_waits(world), what="the work")
    assert (await world.incident()).channel


def test_an_outage_is_told_once_when_it_begins_and_once_when_it_is_over() -> None:
    outage = Outage("the loop")
    with capture_logs() as told:
        for _ in range(2):
            outage.goes_on(Overloaded("The database is busy or away."))
            outage.goes_on(Overloaded("The database is busy or away."))
            outage.is_over()
            outage.is_over()
    assert [line["event"] for line in told] == ["database_away", "database_back"] * 2
