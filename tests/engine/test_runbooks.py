"""A runbook on the real database: one living checklist, ticked by several at once, through a death too."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.commands import Declare
from bot.domain.ids import IncidentId
from bot.domain.runbooks import Runbook
from bot.domain.task_commands import OpenRunbook, TickStep
from tests.engine.world import ANA, BO, CLEO, POLICY, World
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N = IncidentId(1)
BOOK = Runbook(name="redis", title="Redis is full", steps=tuple(f"Step <!here> {at}" for at in range(1, 9)))


async def test_eight_who_tick_at_once_lose_nothing_and_there_is_one_message(world_url: str) -> None:
    world = await World(world_url, replace(POLICY, runbooks=(BOOK,))).open()
    world.dies_once("slack.runbook")
    await world.do(Declare(title="Redis is down", by=ANA))
    await world.do(OpenRunbook(incident=N, name="redis", by=ANA))
    await world.settle()
    ticks = [TickStep(incident=N, n=1, step=at, done=True, by=(ANA, BO, CLEO)[at % 3]) for at in range(1, 9)]
    await asyncio.gather(*(world.do(tick) for tick in ticks))
    await world.advance(timedelta(minutes=1))
    assert (await world.incident()).runbooks[0].done == 8
    (shown,) = world.slack.marked("runbook:1:1")
    assert "8 of 8 steps done" in shown.text
    ticked = [row.event.by for row in await world.timeline() if row.event.kind == "step_ticked"]
    assert sorted(map(str, ticked)) == sorted(str(tick.by) for tick in ticks)
    must_hold(await of_world(world), at_rest=True)
    await world.close()
