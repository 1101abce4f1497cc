"""`python -m bench`: take the measurements, show them, and write them down."""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from bench.alerts import ALERTS
from bench.commands import COMMANDS
from bench.databases import databases
from bench.declare import DECLARE
from bench.effects import EFFECTS
from bench.figures import Figure
from bench.growth import GROWTH
from bench.intake import INTAKE
from bench.measure import Bench, Measurement
from bench.report import Run, show, write_json, write_markdown
from bench.size import SIZE
from bench.storm import STORM
from bot.clock import SystemClock
from scripts.peers import missing, reason

MEASUREMENTS: Sequence[Measurement] = (INTAKE, ALERTS, COMMANDS, DECLARE, STORM, EFFECTS, GROWTH, SIZE)
Say = Callable[[str], None]
RESULTS = Path(__file__).with_name("results.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [one.name for one in MEASUREMENTS]
    parser.add_argument("--quick", action="store_true", help="less of everything: under two minutes")
    parser.add_argument("--only", action="append", choices=names, help="this measurement; may be given again")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the results go (default: %(default)s)")
    parser.add_argument("--markdown", type=Path, help="a page whose tables are replaced by this run's")
    return parser.parse_args()


async def _take(chosen: Sequence[Measurement], found: dict[str, Sequence[Figure]], say: Say, *, quick: bool) -> None:
    """Take the measurements one after the other; `found` grows, so that a failure costs only what comes after it."""
    folder = Path(tempfile.mkdtemp(prefix="muster-bench-"))
    try:
        with databases() as given:
            for one in chosen:
                bench = Bench(quick=quick, folder=folder, databases=given, say=say)
                found[one.title] = await one.take(bench)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run what was asked for."""
    arguments, clock = _arguments(), SystemClock()
    console = Console(width=None if sys.stdout.isatty() else 120)
    if "alertmanager" in missing():
        console.print(reason("alertmanager"))
        return 1
    chosen = [one for one in MEASUREMENTS if not arguments.only or one.name in arguments.only]
    began, from_, load = clock.now(), clock.monotonic(), os.getloadavg()[0]
    found: dict[str, Sequence[Figure]] = {}
    try:
        with console.status("") as status:
            asyncio.run(_take(chosen, found, status.update, quick=arguments.quick))
    finally:
        run = Run(
            began=began,
            seconds=clock.monotonic() - from_,
            quick=arguments.quick,
            load_before=load,
            load_after=os.getloadavg()[0],
            found=found,
        )
        show(run, console)
        write_json(run, arguments.json)
        console.print(
            f"{run.seconds:.0f} s; load average {load:.1f} before, {run.load_after:.1f} after; {arguments.json}"
        )
    if arguments.markdown:
        write_markdown(run, arguments.markdown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
