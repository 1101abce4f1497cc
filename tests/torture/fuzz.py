"""Input that nobody sends on purpose: to the HTTP border, to every reader of bytes, and into everything that is shown.

Three kinds of parts: `border` (border.py), each reader by its name (parsers.py), `renders` (renders.py).
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tests.torture.border import border
from tests.torture.parsers import TARGETS
from tests.torture.renders import rendered
from tests.torture.shown import faults
from tests.torture.suite import Broken, Order, Report, Size, again

ROOT: Final = Path(__file__).parent.parent.parent
IN_A_LOT: Final = 1_000
RENDERS: Final = {Size.CHANGE: range(1, 20_001), Size.NIGHT: range(1_000_001, 2_000_001)}
NUMBER: Final = {Size.CHANGE: 1, Size.NIGHT: 1001}
EXAMPLES: Final = {Size.CHANGE: 25, Size.NIGHT: 2_000}
RUNS: Final = {Size.CHANGE: 10_000, Size.NIGHT: 300_000}
# These write a file, or drive all of the Slack side, each time.
SLOW: Final = {"settings": 10, "slack": 4, "command": 4}
FOLLOWS: Final = find_spec("atheris") is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a piece of work found: how many tries there were, and what broke."""

    part: str
    tries: int
    broken: tuple[Broken, ...] = ()


def renders(seeds: range) -> Tried:
    """Render these seeds."""
    broken = []
    for seed in seeds:
        name, shown = rendered(seed)
        if wrong := "; ".join(dict.fromkeys(faults(shown))):
            repeat = again("fuzz", seed=seed, only="renders")
            broken.append(Broken(what=f"seed {seed}, {name}: {wrong}", again=repeat))
    return Tried(part="renders", tries=len(seeds), broken=tuple(broken))


def reader(name: str, seed: int, runs: int) -> Tried:
    """Let a process of its own look for bytes that a reader does not bear: atheris ends its process."""
    module = "tests.torture.following" if FOLLOWS else "tests.torture.parsers"
    words = [sys.executable, "-m", module, name, "--runs", str(runs), "--seed", str(seed)]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    if ended.returncode == 0:
        return Tried(part=name, tries=runs)
    told = dict(line.partition(" ")[::2] for line in ended.stdout.splitlines() if line.startswith(("FAULT ", "AGAIN ")))
    last = (ended.stderr.strip().splitlines() or ["nothing was said"])[-1]
    what = f"{name}, seed {seed}: {told.get('FAULT', last)}"
    repeat = told.get("AGAIN", " ".join(["python", *words[1:]]))
    return Tried(part=name, tries=runs, broken=(Broken(what=what, again=repeat),))


def asked(seed: int, examples: int, size: Size) -> Tried:
    """Ask the HTTP border of a real process."""
    repeat = again("fuzz", seed=seed, only="border", size=size)
    broken = tuple(Broken(what=f"seed {seed}, {wrong}", again=repeat) for wrong in border(seed, examples))
    return Tried(part="border", tries=examples, broken=broken)


def fuzz(order: Order) -> Report:
    """Go through all of it."""
    figures, broken = dict[str, str | int | float](), list[Broken]()
    with ProcessPoolExecutor(order.processes) as pool:
        parts = dict(_work(order, pool.submit))
        for done in as_completed(parts):
            if error := done.exception():
                part, seed = parts[done]
                repeat = again("fuzz", seed=seed, only=part, size=order.size)
                broken.append(Broken(what=f"{part}, from seed {seed}: {error!r}", again=repeat))
                continue
            tried = done.result()
            if tried.part != "renders":
                order.say(f"{tried.part}: {tried.tries} tries{', BROKEN' if tried.broken else ''}")
            figures[tried.part] = int(figures.get(tried.part, 0)) + tried.tries
            broken += tried.broken
    return Report(figures=figures, broken=tuple(broken))


Submit = Callable[..., "Future[Tried]"]


def _work(order: Order, submit: Submit) -> Iterator[tuple["Future[Tried]", tuple[str, int]]]:
    """Hand in all parts that are wanted, the longest first; yield each with its name and seed."""
    size, number = order.size, order.seeds.start if order.seeds else NUMBER[order.size]
    if order.only in {None, "border"}:
        yield submit(asked, number, EXAMPLES[size], size), ("border", number)
    for name in TARGETS:
        if order.only in {None, name}:
            yield submit(reader, name, number, RUNS[size] // SLOW.get(name, 1)), (name, number)
    if order.only in {None, "renders"}:
        seeds = order.seeds or RENDERS[size]
        for first in range(seeds.start, seeds.stop, IN_A_LOT):
            yield submit(renders, range(first, min(seeds.stop, first + IN_A_LOT))), ("renders", first)
