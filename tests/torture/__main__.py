"""`python -m tests.torture`: every suite, or the named ones; a table at the end, and 1 when something was broken."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.clock import SystemClock
from tests.torture.crashpoints import crashpoints
from tests.torture.fuzz import fuzz
from tests.torture.kills import kills
from tests.torture.latency import latency
from tests.torture.machine import machine
from tests.torture.outage import outage
from tests.torture.outages import outages
from tests.torture.planted import planted
from tests.torture.replicas import replicas
from tests.torture.simulation import simulation
from tests.torture.storm import storm
from tests.torture.suite import Order, Report, Size, Suite

SUITES: Final[Mapping[str, Suite]] = {
    "simulation": simulation,
    "outage": outage,
    "planted": planted,
    "machine": machine,
    "latency": latency,
    "crashpoints": crashpoints,
    "kills": kills,
    "storm": storm,
    "fuzz": fuzz,
    "replicas": replicas,
    "database": outages,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all unless named")
    parser.add_argument("--night", action="store_true", help="the sizes of a night")
    parser.add_argument("--seeds", help="one, or from-to")
    parser.add_argument("--only", help="one part of a suite, as a failure names it")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    wanted = parser.parse_args()
    if unknown := set(wanted.suites) - SUITES.keys():
        parser.error(f"there is no suite {', '.join(sorted(unknown))}; there are {', '.join(SUITES)}")
    return wanted


def _seeds(text: str | None) -> range | None:
    if text is None:
        return None
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command line


def _told(name: str, report: Report, took: float) -> None:
    figures = ", ".join(f"{what} {figure}" for what, figure in report.figures.items())
    _say(f"{'BROKEN' if report.broken else 'ok':6} {name:12} {took:6.0f} s  {figures}")
    for broken in report.broken:
        _say(f"  {broken.what}\n    again: {broken.again}")


def main() -> int:
    """Go through the suites; return 1 when one of them was broken."""
    wanted, clock = _arguments(), SystemClock()
    order = Order(
        size=Size.NIGHT if wanted.night else Size.CHANGE,
        processes=wanted.processes,
        seeds=_seeds(wanted.seeds),
        only=wanted.only,
        say=_say,
    )
    reports: dict[str, tuple[Report, float]] = {}
    for name in wanted.suites or SUITES:
        began = clock.monotonic()
        _say(f"---- {name}, {order.size}")
        reports[name] = SUITES[name](order), clock.monotonic() - began
        _told(name, *reports[name])
    _say("----")
    for name, (report, took) in reports.items():
        _told(name, report, took)
    if wanted.json:
        wanted.json.write_text(json.dumps(_figures(reports), indent=1) + "\n", encoding="utf-8")
    return 1 if any(report.broken for report, _ in reports.values()) else 0


def _figures(reports: Mapping[str, tuple[Report, float]]) -> dict[str, object]:
    return {
        name: {"seconds": round(took), **report.figures, "broken": [one.what for one in report.broken]}
        for name, (report, took) in reports.items()
    }


if __name__ == "__main__":
    sys.exit(main())
