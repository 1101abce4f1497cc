"""The checker's own test: faults are put into the code one at a time, and each must be found, and called by its name.

Every run is first lived with sound code, where nothing may be found. `--only` takes what a line of the table says.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tests.torture.plant import Plant
from tests.torture.plant_list import PLANTS
from tests.torture.quiet import kept
from tests.torture.steady import Dice, Steady
from tests.torture.suite import Broken, Order, Report, again
from tests.torture.trial import Trial
from tests.torture.trials import Run


@contextmanager
def instead(plant: Plant) -> Iterator[None]:
    """Put a fault into its place for a while."""
    sound = getattr(plant.owner, plant.name)
    setattr(plant.owner, plant.name, plant.make(sound))
    try:
        yield
    finally:
        setattr(plant.owner, plant.name, sound)


def lived(run: Run, plant: Plant | None = None) -> dict[str, str]:
    """Live a run, with a fault or with none; return what was found broken, by the invariant's name."""

    async def whole(file: Path) -> dict[str, str]:
        trial = Trial(Steady(file, Dice(1)), logged=logged)
        await trial.world.open()
        try:
            await run(trial)
        finally:
            await trial.world.close()
        return trial.broken

    logged = kept()
    with tempfile.TemporaryDirectory() as folder, instead(plant) if plant else nullcontext():
        return asyncio.run(whole(Path(folder) / "muster.db"))


def missed(plant: Plant) -> str | None:
    """Return what is wrong with the checker: it called something else, or saw nothing."""
    found = lived(plant.run, plant)
    if plant.invariant in found:
        return None
    return f"{plant.what}: {plant.invariant} was to be named, found was {found or 'nothing'}"


def planted(order: Order) -> Report:
    """Plant them all."""
    some = [plant for plant in PLANTS if order.only in {None, plant.what}]
    broken: list[Broken] = []
    with ProcessPoolExecutor(order.processes) as pool:
        sound = {run: pool.submit(lived, run) for run in dict.fromkeys(plant.run for plant in some)}
        found = [pool.submit(_missed, plant.what) for plant in some]
        for run, done in sound.items():
            if wrong := done.result():
                broken.append(Broken(what=f"sound code, {run.__name__}: {wrong}", again=again("planted")))
        for plant, result in zip(some, found, strict=True):
            if fault := _fault(result):
                broken.append(Broken(what=fault, again=again("planted", only=f"'{plant.what}'")))
            else:
                order.say(f"caught: {plant.what}")
    if not some:
        broken.append(Broken(what=f"there is no fault that is called {order.only}", again=again("planted")))
    caught = sum(not _fault(one) for one in found)
    return Report(figures={"caught": f"{caught} of {len(some)}"}, broken=tuple(broken))


def _fault(result: "Future[str | None]") -> str | None:
    error = result.exception()
    return f"{error!r}" if error else result.result()


def _missed(what: str) -> str | None:
    return missed(next(plant for plant in PLANTS if plant.what == what))
