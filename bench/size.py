"""How big it is: what installing it brings along, and what it keeps in memory when nothing happens.

Counted are the distributions that `pip install muster-bot` brings (its requirements and theirs, not the tools to work
on it), with the bytes of their files as installed, byte code left out.
"""

from datetime import timedelta
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bench.company import CLOCK, company
from bench.databases import Kind
from bench.figures import Figure, at_most
from bench.measure import Bench, Measurement, cpu_seconds, memory

OURS: Final = "muster-bot"
MIB: Final = 1024 * 1024
PACKAGE: Final = Path(__file__).parent.parent / "bot"


async def measure(bench: Bench) -> list[Figure]:
    """Count, and let it sit for a while."""
    brought, with_postgres = _brought(set()), _brought({"postgres"})
    own = sum(path.stat().st_size for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    figures = [
        Figure(what="packages it brings", samples=(float(len(brought)),), unit=""),
        Figure(what="packages it brings, with PostgreSQL", samples=(float(len(with_postgres)),), unit=""),
        Figure(what="their size", samples=(_size(brought),), unit="MiB"),
        Figure(what="their size, with PostgreSQL", samples=(_size(with_postgres),), unit="MiB"),
        Figure(what="its own size", samples=(own / MIB,), unit="MiB"),
    ]
    for kind in Kind:
        bench.say(f"size: {kind}")
        folder = bench.place(f"size-{kind.name.lower()}")
        async with company(folder, bench.databases.fresh(kind, folder)) as one:
            used, began = cpu_seconds(one.muster.pid), CLOCK.monotonic()
            await CLOCK.sleep(timedelta(seconds=bench.either(10, 1)))
            idle = 100 * (cpu_seconds(one.muster.pid) - used) / (CLOCK.monotonic() - began)
            resident = memory(one.muster.pid)[0]
        figures += [
            Figure(what=f"resident memory when idle, {kind}", samples=(resident,), unit="MiB", limit=at_most(300)),
            Figure(what=f"processor when idle, {kind}", samples=(idle,), unit="% of a core"),
        ]
    return figures


def _brought(extras: set[str]) -> set[str]:
    """Return the names of the distributions that are installed with it."""
    found: set[str] = set()
    waiting = [(OURS, extras)]
    while waiting:
        name, wanted = waiting.pop()
        for line in metadata.requires(name) or []:
            needed = Requirement(line)
            applies = needed.marker is None or any(needed.marker.evaluate({"extra": one}) for one in {"", *wanted})
            if applies and canonicalize_name(needed.name) not in found:
                found.add(canonicalize_name(needed.name))
                waiting.append((needed.name, set(needed.extras)))
    return found


def _size(names: set[str]) -> float:
    files = [file for name in names for file in metadata.distribution(name).files or [] if file.suffix != ".pyc"]
    paths = [Path(str(file.locate())) for file in files]
    return sum(path.stat().st_size for path in paths if path.is_file()) / MIB


SIZE: Final = Measurement(name="size", title="Size", take=measure)
