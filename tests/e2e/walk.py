"""Walks the plot with everything in order."""

from tests.e2e.house import House
from tests.e2e.plot import Step
from tests.peers.until import until


async def take(house: House, step: Step) -> None:
    """Do a step once; it must be taken, and be seen."""
    await step.act(house)
    await until(lambda: step.seen(house), what=step.name)
