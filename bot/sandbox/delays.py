"""How long a call of the Web API takes: always the same, or as Slack's do, most quick and a few slow."""

import math
from collections.abc import Callable
from datetime import timedelta
from statistics import NormalDist
from typing import Final

from bot.clock import Chance

Delay = timedelta | Callable[[], timedelta]
"""The same for every call, or asked for each."""

_P99: Final = NormalDist().inv_cdf(0.99)


class Lognormal:
    """Delays of which half are below `median` and one in a hundred is above `p99`; nearly none is far above."""

    def __init__(self, chance: Chance, *, median: timedelta, p99: timedelta) -> None:
        self._chance, self._median = chance, median
        self._deviation = math.log(p99 / median) / _P99

    def __call__(self) -> timedelta:
        """Return the next one."""
        # Not 0, of which there is no logarithm to take; and not 1.
        point = (self._chance.fraction() * (2**32 - 1) + 0.5) / 2**32
        return self._median * math.exp(self._deviation * NormalDist().inv_cdf(point))


def delay_of(delay: Delay | None) -> timedelta | None:
    """Return how long the next call takes."""
    return delay() if callable(delay) else delay
