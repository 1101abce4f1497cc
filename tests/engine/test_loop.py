"""The loop: it finds what others decided, finishes what is under way, and outlives the database's bad moments."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from structlog.testing import capture_logs

from bot.domain.commands import Declare
from bot.engine.loop import Loop, Outage
from bot.errors import Overloaded
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
