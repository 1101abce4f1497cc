"""How figures are shown: a table on the terminal, JSON for programs, Markdown for docs/performance.md."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.figures import Figure

BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of figures -->"
BIG = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All that a run has found: figures by measurement, in their order."""

    began: datetime
    seconds: float
    quick: bool
    load_before: float
    load_after: float
    found: Mapping[str, Sequence[Figure]]

    def machine(self) -> dict[str, object]:
        """Return what it ran on."""
        return {
            "cores": os.cpu_count(),
            "processor": _processor(),
            "system": platform.platform(terse=True),
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "load average before and after": [round(self.load_before, 2), round(self.load_after, 2)],
        }


def show(run: Run, console: Console) -> None:
    """Print one table for each measurement."""
    for name, figures in run.found.items():
        table = Table(title=name, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
        table.add_column("what")
        for heading in ("median", "range", "to hold", "beside"):
            table.add_column(heading, justify="right", no_wrap=True)
        for row in _rows(figures):
            style = "red" if row.missed else ""
            table.add_row(row.what, row.value, row.spread, row.limit, row.beside, style=style)
        console.print(table)


def write_json(run: Run, path: Path) -> None:
    """Write everything that the run has found."""
    document = {
        "began": run.began.isoformat(),
        "seconds": round(run.seconds, 1),
        "quick": run.quick,
        "machine": run.machine(),
        "found": {
            name: [
                {
                    "what": figure.what,
                    "value": figure.value,
                    "unit": figure.unit,
                    "samples": figure.samples,
                    "limit": f"{figure.limit.bound} {figure.limit.value:g}" if figure.limit else None,
                    "holds": figure.limit.holds(figure.value) if figure.limit else None,
                    "beside": figure.beside or None,
                    "note": figure.note or None,
                }
                for figure in figures
            ]
            for name, figures in run.found.items()
        },
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_markdown(run: Run, path: Path) -> None:
    """Replace what stands between the two marks of a page by this run's tables."""
    page = path.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{markdown(run)}{END}{after}", encoding="utf-8")


def markdown(run: Run) -> str:
    """Return the run as Markdown."""
    kind = "quick run" if run.quick else "full run"
    machine = "; ".join(f"{name} {value}" for name, value in run.machine().items())
    lines = [f"\n{run.began:%Y-%m-%d %H:%M} UTC, {kind}, {run.seconds:.0f} s. {machine}.\n"]
    for name, figures in run.found.items():
        lines += [f"\n### {name}\n", "| what | median | range | to hold | beside |", "|---|--:|--:|--:|--:|"]
        for row in _rows(figures):
            missed = " **missed**" if row.missed else ""
            lines.append(f"| {row.what} | {row.value} | {row.spread} | {row.limit}{missed} | {row.beside} |")
    return "\n".join([*lines, ""])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    what: str
    value: str
    spread: str
    limit: str
    beside: str
    missed: bool


def _rows(figures: Sequence[Figure]) -> Iterator[_Row]:
    known = {figure.what: figure for figure in figures}
    for figure in figures:
        spread = f"{number(min(figure.samples))} … {number(max(figure.samples))}" if len(figure.samples) > 1 else ""
        peer = known.get(figure.beside)
        ratio = f"{number(figure.value / peer.value)} x {peer.what.partition(',')[0]}" if peer and peer.value else ""
        yield _Row(
            what=f"{figure.what} ({figure.note})" if figure.note else figure.what,
            value=f"{number(figure.value)} {figure.unit}",
            spread=spread,
            limit=f"{figure.limit.bound} {figure.limit.value:g}" if figure.limit else "",
            beside=ratio,
            missed=figure.limit is not None and not figure.limit.holds(figure.value),
        )


def number(value: float) -> str:
    """Return a value with about three figures."""
    if abs(value) >= BIG:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
