"""What we were told, remembered for a while."""

from datetime import timedelta
from typing import Final, Generic, TypeVar

from bot.clock import Clock

K = TypeVar("K")
V = TypeVar("V")
# Enough for a large company's people; beyond it everything is asked anew.
MOST: Final = 20_000


class Memory(Generic[K, V]):
    """Answers by their question, for `lasting`; then it must be asked again."""

    def __init__(self, clock: Clock, lasting: timedelta) -> None:
        self._clock = clock
        self._lasting = lasting.total_seconds()
        self._kept: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> V | None:
        """Return what is remembered, unless it is too old."""
        at, value = self._kept.get(key, (0.0, None))
        return value if value is not None and self._clock.monotonic() - at < self._lasting else None

    def forget(self, key: K) -> None:
        """Remember no answer to a question."""
        self._kept.pop(key, None)

    def keep(self, key: K, value: V) -> V:
        """Remember, and return, a value."""
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (self._clock.monotonic(), value)
        return value
