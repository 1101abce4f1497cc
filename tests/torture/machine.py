"""Histories that Hypothesis makes up (tests/engine/history.py), in lots: each lot has a seed, which makes it up again.

A step costs its statements, so SQLite is asked on the loop's own thread (tests/fakes/inline_sqlite.py): twice as many
histories an hour. The real drivers have some of their own (tests/engine/test_any_history.py).
"""

import itertools
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.engine.history import IN_A_LOT, AnyHistory, run_histories
from tests.fakes.inline_sqlite import url
from tests.torture.quiet import quiet
from tests.torture.suite import Broken, Order, Report, Size, again

SEEDS: Final = {Size.CHANGE: range(1, 57), Size.NIGHT: range(1001, 2112)}
STEPS: Final = {Size.CHANGE: 50, Size.NIGHT: 100}


@dataclass(frozen=True, slots=True)
class Lived:
    """What there was in a lot."""

    histories: int
    steps: int


def lot(seed: int, steps: int, histories: int = IN_A_LOT) -> Lived:
    """Live a lot.

    Raises:
        AssertionError: a history did not end well.
    """
    quiet()
    opened, steps_taken = itertools.count(1), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        run_histories(
            lambda: AnyHistory(
                lambda: url(Path(folder) / f"{next(opened)}.db"), counted=lambda: steps_taken.update(steps=1)
            ),
            steps=steps,
            number=seed,
            histories=histories,
        )
    return Lived(histories=next(opened) - 1, steps=steps_taken.total())


def machine(order: Order) -> Report:
    """Live them all."""
    seeds, steps, broken, lived = order.seeds or SEEDS[order.size], STEPS[order.size], [], []
    with ProcessPoolExecutor(order.processes) as pool:
        lots = {pool.submit(lot, seed, steps): seed for seed in seeds}
        for done in as_completed(lots):
            seed = lots[done]
            if error := done.exception():
                repeat = again("machine", seed=seed, size=order.size)
                broken.append(Broken(what=f"seed {seed}: {error!r}", again=repeat))
                order.say(f"seed {seed}: BROKEN")
                continue
            lived.append(done.result())
            order.say(f"seed {seed}: {lived[-1].histories} histories, {lived[-1].steps} steps")
    figures = {"histories": sum(one.histories for one in lived), "steps": sum(one.steps for one in lived)}
    return Report(figures=figures, broken=tuple(broken))
