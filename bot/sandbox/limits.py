"""Slack's rate limits: each method per workspace by its tier, and one message a second per channel.

Bursts are buckets that refill.

Source: https://docs.slack.dev/apis/web-api/rate-limits
"""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.sandbox.facts import FACTS, Tier

CHANNEL_PER_SECOND: Final = 1.0
CHANNEL_BURST: Final = 5.0
_MINUTE: Final = 60.0
_POSTS: Final = "chat.postMessage"
# Since 2025-05-29 apps that are sold outside of the Marketplace may ask these once a minute, for 15 messages at a time;
# what a company builds for itself is not concerned.
_NARROWED: Final = frozenset({"conversations.history", "conversations.replies"})
NARROWED_PAGE: Final = 15


@dataclass(slots=True)
class _Bucket:
    size: float
    per_second: float
    level: float
    looked: float

    def refill(self, now: float) -> None:
        self.level = min(self.size, self.level + (now - self.looked) * self.per_second)
        self.looked = now

    def wait(self) -> float:
        """Return the seconds until one more call is allowed."""
        return max(0.0, (1.0 - self.level) / self.per_second)


class Limits:
    """Counts calls; `enabled` may be changed at any time."""

    def __init__(self, clock: Clock, *, enabled: bool) -> None:
        self.enabled = enabled
        # Whether the app is sold outside of the Marketplace (see `_NARROWED`).
        self.commercial = False
        self._clock = clock
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}

    def take(self, method: str, channel: str, *, team: str = "") -> timedelta | None:
        """Count one call in that workspace; return how long to wait instead when it is one too many."""
        if not self.enabled:
            return None
        per_minute = float(Tier.ONE if self.narrows(method) else FACTS[method].tier)
        buckets = [self._bucket((team, method, ""), per_minute, per_minute / _MINUTE)]
        if method == _POSTS and channel:
            buckets.append(self._bucket((team, method, channel), CHANNEL_BURST, CHANNEL_PER_SECOND))
        if wait := max(bucket.wait() for bucket in buckets):
            return timedelta(seconds=math.ceil(wait))
        for bucket in buckets:
            bucket.level -= 1.0
        return None

    def narrows(self, method: str) -> bool:
        """Say whether the method is one of those that commercial apps may hardly use, and the app is one."""
        return self.enabled and self.commercial and method in _NARROWED

    def _bucket(self, key: tuple[str, str, str], size: float, per_second: float) -> _Bucket:
        now = self._clock.monotonic()
        bucket = self._buckets.setdefault(key, _Bucket(size=size, per_second=per_second, level=size, looked=now))
        bucket.refill(now)
        return bucket
