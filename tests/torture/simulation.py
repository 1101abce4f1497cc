"""Months on a virtual clock: many lives from many seeds, as many at once as there are cores (life.py is one).

Of all that the product can be asked, can record and can do, the lives together reach every kind (reached.py).
"""

import asyncio
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.torture.life import live
from tests.torture.quiet import quiet
from tests.torture.reached import kinds, needless, never
from tests.torture.suite import Broken, Order, Report, Size, again

SEEDS: Final = {Size.CHANGE: range(1, 41), Size.NIGHT: range(1001, 2001)}
HOURS: Final = 50


@dataclass(frozen=True, slots=True)
class Lived:
    """What there was in a life, in words, and what it reached."""

    told: str
    reached: Counter[str]


def one(seed: int, hours: float) -> Lived:
    """Live one life; return what there was in it.

    Raises:
        AssertionError: an invariant was broken.
    """
    quiet()

    async def whole(path: Path) -> Lived:
        life = await live(seed, hours, path)
        try:
            calls, incidents, reached = len(life.world.slack.calls), len(life.known), life.world.reached
            counted = f"{life.acts} acts, {incidents} incidents, {calls} calls, {life.world.deaths} deaths"
            told = f"{counted}, {len(reached)} kinds, trace {(await life.trace())[:12]}"
            return Lived(f"seed {seed}: {hours:g} h, {told}", reached)
        finally:
            await life.world.close()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(whole(Path(folder) / "muster.db"))


def simulation(order: Order) -> Report:
    """Live them all; together they reach every kind, when none is left out."""
    seeds, broken, reached = order.seeds or SEEDS[order.size], list[Broken](), Counter[str]()
    with ProcessPoolExecutor(order.processes) as pool:
        lives = {pool.submit(one, seed, HOURS): seed for seed in seeds}
        for life in as_completed(lives):
            seed = lives[life]
            if error := life.exception():
                broken.append(Broken(what=f"seed {seed}: {error!r}", again=again("simulation", seed=seed)))
                order.say(f"seed {seed}: BROKEN")
                continue
            lived = life.result()
            reached += lived.reached
            order.say(lived.told)
    for name in sorted(kinds(), key=lambda kind: (reached[kind], kind)):
        order.say(f"{reached[name]:8} {name}")
    missed = [*never(reached), *needless(reached)] if order.seeds is None and not broken else []
    broken += [Broken(what=what, again=again("simulation")) for what in missed]
    figures: dict[str, str | int | float] = {
        "lives": len(seeds),
        "simulated hours": len(seeds) * HOURS,
        "kinds reached": f"{len(reached)} of {len(kinds())}",
    }
    return Report(figures=figures, broken=tuple(broken))
