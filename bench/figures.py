"""What a measurement yields: figures, each with its unit, the number it is held to, and what it stands beside."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Bound(StrEnum):
    """Which side of the number to hold is good."""

    AT_LEAST = "≥"
    AT_MOST = "≤"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number to hold."""

    bound: Bound
    value: float

    def holds(self, value: float) -> bool:
        """Tell whether a value is on the good side."""
        return value >= self.value if self.bound is Bound.AT_LEAST else value <= self.value


def at_least(value: float) -> Limit:
    """Return the limit for what should be high."""
    return Limit(bound=Bound.AT_LEAST, value=value)


def at_most(value: float) -> Limit:
    """Return the limit for what should be low."""
    return Limit(bound=Bound.AT_MOST, value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One value: the median of `samples` (one a repeat) unless it was taken once.

    `beside` names another figure of the same run by its `what`; the table shows this one divided by that one.
    """

    what: str
    samples: tuple[float, ...]
    unit: str
    limit: Limit | None = None
    beside: str = ""
    note: str = ""

    @property
    def value(self) -> float:
        """The median of the repeats."""
        return median(self.samples)


def median(values: Sequence[float]) -> float:
    """Return the middle value; of an even number the mean of the two in the middle."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def percentile(values: Sequence[float], per_cent: float) -> float:
    """Return the smallest value that so many per cent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * per_cent / 100) - 1)]
