"""Links on the real database: both incidents have it, whoever links first, and in whatever order they are locked."""

import asyncio

from bot.domain.commands import Declare
from bot.domain.ids import IncidentId
from bot.domain.links import Relation
from bot.domain.task_commands import LinkThing, UnlinkThing
from bot.errors import Refused
from tests.engine.world import ANA, BO, World
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N, M = IncidentId(1), IncidentId(2)


async def two(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA))
    await world.do(Declare(title="Redis is full", by=ANA))
    await world.settle()


async def test_both_have_it_and_both_lose_it(world: World) -> None:
    await two(world)
    await world.do(LinkThing(incident=N, to=M, relation=Relation.CAUSED_BY, by=BO))
    await world.settle()
    assert [one.relation for one in (await world.incident(2)).links] == [Relation.CAUSES]
    assert "INC-2" in str(world.slack.marked("card:1")[0].blocks)
    assert "INC-1" in str(world.slack.marked("card:2")[0].blocks)
    must_hold(await of_world(world), at_rest=True)
    await world.do(UnlinkThing(incident=M, to=N, by=BO))
    await world.settle()
    assert [(await world.incident(n)).links for n in (1, 2)] == [(), ()]
    must_hold(await of_world(world), at_rest=True)


async def test_two_who_link_the_same_at_once_make_one_link(world: World) -> None:
    await two(world)

    async def link(one: IncidentId, other: IncidentId) -> bool:
        try:
            await world.do(LinkThing(incident=one, to=other, by=BO))
        except Refused:
            return False
        return True

    assert sorted(await asyncio.gather(link(N, M), link(M, N))) == [False, True]
    assert [len((await world.incident(n)).links) for n in (1, 2)] == [1, 1]
    must_hold(await of_world(world), at_rest=False)
