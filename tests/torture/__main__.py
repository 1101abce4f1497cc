"""`python -m tests.torture`: many lives, as many at once as there are cores; each ends well, or says its seed."""

import argparse
import asyncio
import logging
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import structlog

from bot.clock import SystemClock
from tests.torture.life import live


def one(seed: int, hours: float) -> str:
    """Live one life; return what there was in it.

    Raises:
        AssertionError: an invariant was broken.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

    async def whole(path: Path) -> str:
        life = await live(seed, hours, f"sqlite+aiosqlite:///{path}")
        try:
            calls, incidents = len(life.world.slack.calls), len(life.log.declared)
            counted = f"{life.acts} acts, {incidents} incidents, {calls} calls, {life.world.deaths} deaths"
            return f"seed {seed}: {hours:g} h, {counted}, trace {(await life.trace())[:12]}"
        finally:
            await life.world.close()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(whole(Path(folder) / "muster.db"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--seeds", default="1-40", help="one, or from-to")
    parser.add_argument("--hours", type=float, default=50, help="simulated, each seed")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def main() -> int:
    """Live them all; return 1 when one did not end well."""
    wanted, clock = _arguments(), SystemClock()
    first, _, last = wanted.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    began, broken = clock.monotonic(), []
    with ProcessPoolExecutor(wanted.processes) as pool:
        lives = {pool.submit(one, seed, wanted.hours): seed for seed in seeds}
        for life in as_completed(lives):
            try:
                print(life.result(), flush=True)  # noqa: T201 - a command line
            except AssertionError as error:
                broken.append(lives[life])
                again = f"python -m tests.torture --seeds {lives[life]} --hours {wanted.hours:g}"
                print(f"seed {lives[life]}: BROKEN: {error}\n  again: {again}", flush=True)  # noqa: T201
    took = clock.monotonic() - began
    told = f"{len(seeds)} lives of {wanted.hours:g} simulated hours in {took:.0f} s"
    print(f"{told}; broken: {broken or 'none'}", flush=True)  # noqa: T201
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
