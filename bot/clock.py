"""The only source of time and of chance.

Everything else is handed a `Clock` and a `Chance`, so that tests hold both in their hand.
"""

import asyncio
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

# Crockford's base 32 without look-alikes (https://www.crockford.com/base32.html), lower case because Slack's channel
# names are.
READABLE = "0123456789abcdefghjkmnpqrstvwxyz"


class Clock(Protocol):
    """Tells the time, always aware and in UTC, and waits."""

    def now(self) -> datetime:
        """Return the present moment (aware, UTC)."""

    def monotonic(self) -> float:
        """Return seconds that never jump; only differences mean anything."""

    async def sleep(self, delay: timedelta) -> None:
        """Wait for so long."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment (aware, UTC)."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never jump; only differences mean anything."""
        return time.monotonic()

    async def sleep(self, delay: timedelta) -> None:
        """Wait for so long."""
        await asyncio.sleep(max(0.0, delay.total_seconds()))


class Chance(Protocol):
    """Where everything that looks random comes from."""

    def token(self, length: int) -> str:
        """Return so many readable characters (`READABLE`), unguessable in production."""

    def fraction(self) -> float:
        """Return a number in [0, 1)."""


class SystemChance:
    """The machine's randomness."""

    def __init__(self) -> None:
        self._random = random.SystemRandom()

    def token(self, length: int) -> str:
        """Return so many readable characters (`READABLE`), unguessable."""
        return "".join(self._random.choices(READABLE, k=length))

    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        return self._random.random()


class SeededChance:
    """Chance that repeats itself: the same seed, the same story (drills, simulations, the sandbox's faults)."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose; never used for secrets

    def token(self, length: int) -> str:
        """Return so many readable characters (`READABLE`)."""
        return "".join(self._random.choices(READABLE, k=length))

    def fraction(self) -> float:
        """Return a number in [0, 1)."""
        return self._random.random()
