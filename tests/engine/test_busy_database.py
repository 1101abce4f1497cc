"""A database that is busy, away or shared: nothing is lost, and nothing is done twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.commands import Declare, ReportAlert
from bot.engine.dispatch import LEASE
from bot.errors import Overloaded
from tests.domain.story import reported
from tests.engine.world import ANA, World
from tests.peers.until import until

DECLARE = Declare(title="Checkout is down", by=ANA)


async def test_two_replicas_that_hear_of_the_same_new_alert_make_one(world: World) -> None:
    report = ReportAlert(report=reported())

    async def is_held_up() -> bool:
        async with world.database.reading() as connection:
            return bool((await connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))).scalar())

    async with world.database.transaction() as connection:
        first = await world.engine.apply(connection, report)
        second = asyncio.create_task(world.do(report))
        if not world.database.is_sqlite:  # there the second waits for its turn; here it runs into the first one's row
            await until(is_held_up, what="the second replica's wait")
    assert (await second).repeated is False
    await world.settle()
    (shown,) = world.slack.said("alerts")
    assert first.group
    assert shown.marker == f"group:{first.group.id}"


async def test_a_database_without_its_tables_is_said_to_be_busy(database_url: str) -> None:
    world = World(database_url)
    with pytest.raises(Overloaded, match="busy"):
        await world.do(DECLARE)
    await world.close()


async def test_a_result_that_cannot_be_written_yet_is_kept_until_it_can(world: World) -> None:
    await let_the_database_go_away_during_a_call(world, tries=5)
    assert (await world.incident()).channel == world.slack.channels_named("inc-1-")[0].id
    await world.advance(LEASE)
    assert [call.method for call in world.slack.calls].count("conversations.create") == 1


async def test_a_result_that_could_not_be_written_within_the_lease_is_looked_up_by_the_next(world: World) -> None:
    await let_the_database_go_away_during_a_call(world, tries=1000)
    assert (await world.incident()).channel is None
    await world.advance(LEASE + timedelta(minutes=1))
    (made,) = world.slack.channels_named("inc-1-")
    assert (await world.incident()).channel == made.id


async def let_the_database_go_away_during_a_call(world: World, *, tries: int) -> None:
    """Open an incident's channel while so many writes fail; return when the worker has written or given up."""
    await world.do(DECLARE)
    (claim,) = [one for one in await world.claim(world.dispatcher) if one[0].work.kind == "slack.open_channel"]

    async def go_away(_method: str) -> None:
        world.slack.meanwhile = None
        world.database.unwritable = tries

    world.slack.meanwhile = go_away
    working = asyncio.create_task(world.dispatcher.work_off(claim))
    while not working.done():
        if world.clock.sleepers:
            world.clock.move(timedelta(milliseconds=200))
        await asyncio.wait([working], timeout=0.001)
    await working
    world.database.unwritable = 0
