"""What a suite of the torture is told and what it reports. One file a suite; its line stands in `__main__.SUITES`.

A suite goes on after a failure, and each failure carries the one command that repeats it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Size(StrEnum):
    """How much of it: what every change goes through, or a whole night."""

    CHANGE = "change"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of a suite. `seeds` are given when a failure is repeated; else the suite takes its own.

    `only` names one part (a point, a case) where a suite has parts. `say` prints a line of progress.
    """

    size: Size
    processes: int
    seeds: range | None = None
    only: str | None = None
    say: Callable[[str], None] = print


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Something did not hold: what, and the command that shows it again."""

    what: str
    again: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What there was in it, as figures by name, and all that was broken."""

    figures: Mapping[str, str | int | float]
    broken: tuple[Broken, ...] = field(default=())


Suite = Callable[[Order], Report]


def again(suite: str, *, seed: int | None = None, only: str | None = None, size: Size = Size.CHANGE) -> str:
    """Return the command that repeats one life of a suite."""
    words = ["python -m tests.torture", suite]
    words += ["--night"] if size is Size.NIGHT else []
    words += [f"--seeds {seed}"] if seed is not None else []
    words += [f"--only {only}"] if only is not None else []
    return " ".join(words)
