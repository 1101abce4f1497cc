"""An incident that is over, in a company that archives quiet channels after a fortnight."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.domain.commands import Declare, Resolve
from tests.engine.ruling import N
from tests.engine.world import ANA, CHECKOUT, POLICY, World
from tests.fakes.records import FakeChannel

A_DAY: Final = timedelta(days=1)
ARCHIVES: Final = replace(POLICY, archive_after=14 * A_DAY)


async def over(world: World) -> FakeChannel:
    await world.do(Declare(title="Checkout is down", by=ANA, service=CHECKOUT))
    await world.settle()
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.settle()
    return await room(world)


async def room(world: World) -> FakeChannel:
    channel = (await world.incident()).channel
    assert channel
    return world.slack.channels[channel]
