"""That Muster was away is said once, by whoever comes back first."""

import asyncio
from datetime import timedelta

from bot.domain.work import WarnAdmins
from bot.engine.presence import be_present
from bot.store import effects
from tests.engine.world import World

MINUTE = timedelta(minutes=1)


async def test_who_comes_back_after_a_while_says_since_when_and_once(world: World) -> None:
    await be_present(world.engine)
    world.clock.move(MINUTE)
    await be_present(world.engine)
    world.clock.move(MINUTE * 9)
    world.start()
    await asyncio.gather(be_present(world.engine), be_present(world.engine))
    world.clock.move(MINUTE)
    await be_present(world.engine)
    await world.settle()
    (told,) = world.said_in("muster-admin")
    assert "Muster was not at work from 2026-03-02 09:01 to 09:10 UTC" in told


async def test_who_was_always_there_says_nothing_and_writes_seldom(world: World) -> None:
    for _ in range(10):
        await be_present(world.engine)
        world.clock.move(MINUTE / 4)
    async with world.database.reading() as connection:
        assert WarnAdmins(subject="", text="").kind not in await effects.kinds(connection)


async def test_a_clock_that_is_set_back_makes_no_gap(world: World) -> None:
    await be_present(world.engine)
    world.clock.jump(-MINUTE * 30)
    await be_present(world.engine)
    world.clock.move(MINUTE * 31)
    await be_present(world.engine)
    await world.settle()
    assert world.said_in("muster-admin") == []
