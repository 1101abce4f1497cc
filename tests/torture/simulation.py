"""Months on a virtual clock: many lives from many seeds, as many at once as there are cores (life.py is one)."""

import asyncio
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Final

from tests.torture.life import live
from tests.torture.quiet import quiet
from tests.torture.suite import Broken, Order, Report, Size, again

SEEDS: Final = {Size.CHANGE: range(1, 41), Size.NIGHT: range(1001, 2001)}
HOURS: Final = 50


def one(seed: int, hours: float) -> str:
    """Live one life; return what there was in it.

    Raises:
        AssertionError: an invariant was broken.
    """
    quiet()

    async def whole(path: Path) -> str:
        life = await live(seed, hours, path)
        try:
            calls, incidents = len(life.world.slack.calls), len(life.log.declared)
            counted = f"{life.acts} acts, {incidents} incidents, {calls} calls, {life.world.deaths} deaths"
            return f"seed {seed}: {hours:g} h, {counted}, trace {(await life.trace())[:12]}"
        finally:
            await life.world.close()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(whole(Path(folder) / "muster.db"))


def simulation(order: Order) -> Report:
    """Live them all."""
    seeds, broken = order.seeds or SEEDS[order.size], []
    with ProcessPoolExecutor(order.processes) as pool:
        lives = {pool.submit(one, seed, HOURS): seed for seed in seeds}
        for life in as_completed(lives):
            try:
                order.say(life.result())
            except AssertionError as error:
                seed = lives[life]
                broken.append(Broken(what=f"seed {seed}: {error}", again=again("simulation", seed=seed)))
                order.say(f"seed {seed}: BROKEN")
    return Report(figures={"lives": len(seeds), "simulated hours": len(seeds) * HOURS}, broken=tuple(broken))
