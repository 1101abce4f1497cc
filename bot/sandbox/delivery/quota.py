"""How many events an app is told in an hour, and when Slack stops telling it.

Sources: https://docs.slack.dev/reference/events/app_rate_limited (30,000 deliveries an hour and workspace),
https://docs.slack.dev/apis/events-api/#failure-limits (more than 95 % failed within an hour; spared are apps with
fewer than 1,000 events an hour).
"""

from collections import deque
from datetime import timedelta
from typing import Final

from bot.clock import Clock

HOURLY_LIMIT: Final = 30_000
FAILED_SHARE: Final = 0.95
SPARED_BELOW: Final = 1_000
HOUR: Final = timedelta(hours=1)
_MINUTE: Final = 60.0


class LastHour:
    """Counts what happened in the last sixty minutes, minute by minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minutes: deque[tuple[int, int]] = deque()
        self._sum = 0

    def add(self) -> None:
        """Count one more."""
        minute = self._minute()
        if self._minutes and self._minutes[-1][0] == minute:
            self._minutes[-1] = (minute, self._minutes[-1][1] + 1)
        else:
            self._minutes.append((minute, 1))
        self._sum += 1

    @property
    def count(self) -> int:
        """Return how many there were."""
        oldest = self._minute() - int(HOUR.total_seconds() / _MINUTE)
        while self._minutes and self._minutes[0][0] <= oldest:
            self._sum -= self._minutes.popleft()[1]
        return self._sum

    def _minute(self) -> int:
        return int(self._clock.monotonic() / _MINUTE)


class Quota:
    """The events that one workspace may send in an hour."""

    def __init__(self, clock: Clock, limit: int = HOURLY_LIMIT) -> None:
        self.limit = limit
        self._clock = clock
        self._sent = LastHour(clock)
        self._told: int | None = None

    def take(self) -> bool:
        """Count one event; say whether it may be sent."""
        if self._sent.count >= self.limit:
            return False
        self._sent.add()
        return True

    def minute_to_tell(self) -> int | None:
        """Return the present minute (seconds since 1970), if the app was not told yet that it is limited in it."""
        minute = int(self._clock.now().timestamp()) // 60 * 60
        if self._told == minute:
            return None
        self._told = minute
        return minute


class Health:
    """Whether enough deliveries succeed; when too many fail, the subscription is `disabled` until it is enabled again.

    `spared_below` is the number of events an hour below which nobody is disabled.
    """

    def __init__(self, clock: Clock) -> None:
        self.disabled = False
        self.spared_below = SPARED_BELOW
        self._clock = clock
        self._forget()

    def _forget(self) -> None:
        self._events, self._attempts, self._failures = (LastHour(self._clock) for _ in range(3))

    def event(self) -> None:
        """Count an event that is to be delivered."""
        self._events.add()

    def attempt(self, *, failed: bool) -> None:
        """Count one attempt to deliver an event, and disable the subscription when that was one failure too many."""
        self._attempts.add()
        if not failed:
            return
        self._failures.add()
        too_many = self._failures.count > FAILED_SHARE * self._attempts.count
        if too_many and self._events.count >= self.spared_below:
            self.disabled = True

    def enable(self) -> None:
        """Enable the subscription, and start to count anew."""
        self.disabled = False
        self._forget()
