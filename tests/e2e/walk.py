"""Walks the plot: with everything in order, or with the bot dying on the way."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.e2e.evidence import is_recorded, nothing_is_broken
from tests.e2e.house import House
from tests.e2e.plot import NOT_TAKEN, Step
from tests.peers.until import until

# A lease on PostgreSQL outlives its owner by at most half a minute.
PATIENCE = 75.0
TRIES = 20

Accident = Callable[[], Awaitable[None]]


async def take(house: House, step: Step) -> None:
    """Do a step once; it must be taken, and be seen."""
    await step.act(house)
    await until(lambda: step.seen(house), what=step.name)


async def insist(house: House, step: Step, accident: Accident) -> None:
    """Do a step while something terrible happens, and again only as long as nobody has taken it."""
    terrible = asyncio.ensure_future(accident())
    try:
        taken = await _is_taken(house, step)
        await terrible
        for _ in range(TRIES):
            if taken or (step.recorded and await is_recorded(house, step.recorded)):
                break
            await house.muster.until_ready()
            if step.recorded is None and await step.seen(house):
                break
            taken = await _is_taken(house, step)
    finally:
        terrible.cancel()
    await until(lambda: step.seen(house), what=f"{step.name} (taken: {taken})", timeout=PATIENCE)
    await nothing_is_broken(house)


async def _is_taken(house: House, step: Step) -> bool:
    try:
        await step.act(house)
    except NOT_TAKEN:
        return False
    return True
