"""What a measurement is given, and how the kernel is asked what a process costs."""

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bench.databases import Databases
from bench.figures import Figure

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A run: where its files lie, its databases, and whether it is a quick one."""

    quick: bool
    folder: Path
    databases: Databases
    say: Callable[[str], None]

    def either(self, full: T, quick: T) -> T:
        """Return how much of something this run does."""
        return quick if self.quick else full

    def place(self, name: str) -> Path:
        """Return an empty folder."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        return folder


Measure = Callable[[Bench], Awaitable[Sequence[Figure]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One of the run: what `--only` calls it, the heading of its table, and what takes it."""

    name: str
    title: str
    take: Measure


def cpu_seconds(process: int) -> float:
    """Return the processor time that a process has used so far (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> tuple[float, float]:
    """Return what a process has resident now, and the most that it ever had, MiB."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    sizes = {
        name: int(rest.split()[0]) / 1024 for name, _, rest in (line.partition(":") for line in lines) if "kB" in rest
    }
    return sizes["VmRSS"], sizes["VmHWM"]
