"""All that fires is looked at beside everybody's work when what keeps alerts quiet may be otherwise than before."""

from datetime import timedelta

import pytest

from bot.domain.decisions import State
from bot.domain.group_work import RecheckMutes
from bot.domain.matchers import matchers_of
from bot.domain.silence_commands import RecheckMutes as Found
from bot.domain.silence_commands import SilenceAlerts
from bot.engine.handle import Engine
from bot.engine.jobs import Job
from bot.engine.rechecking import Rechecker
from bot.errors import TryLater
from bot.store import alerts
from bot.store.database import Database
from tests.engine.test_groups import fire, the_group
from tests.engine.world import ANA, POLICY, World
from tests.fakes.clock import CountingChance, FakeClock

HOUR = timedelta(hours=1)
LOOK = Job(work=RecheckMutes(about="maintenance"), key="recheck:maintenance:0", attempt=1, state=State())


async def test_who_writes_meanwhile_does_not_wait_and_does_not_hold_it_up(world: World) -> None:
    await fire(world, 1, 2)
    await world.settle()
    silence = SilenceAlerts(matchers=matchers_of("service=checkout"), lasts=HOUR, by=ANA, reason="-", origin="command")
    await world.do(silence)
    async with world.database.transaction():
        done = await world.dispatcher.performers["alerts.recheck_mutes"](LOOK)
    group = (await the_group(world)).id
    assert done.command == Found(about="maintenance", at=world.clock.now(), groups=(group,))
    await world.settle()
    assert (await the_group(world)).is_mute


async def test_thousands_are_read_in_parts(world: World) -> None:
    await fire(world, *range(5))
    async with world.database.reading() as connection:
        parts = [len(part) async for part in alerts.firing_in_parts(connection, 2)]
    assert parts == [2, 2, 1]


async def test_while_the_database_does_not_answer_it_is_put_off(database_url: str) -> None:
    database = Database(database_url)  # without its tables
    engine = Engine(database, FakeClock(), CountingChance(), POLICY)
    with pytest.raises(TryLater, match="busy"):
        await Rechecker(engine).recheck(LOOK)
    await database.close()
