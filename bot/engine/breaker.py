"""Knows when the far side of a track (Slack, the pager) is away, and then lets one lane through now and then.

While it is open nothing else of the track is taken up: what was not tried keeps its place and its time, costs nothing,
and goes on at once, the gravest first, when one probe has been answered. Each process has its own, in memory: a network
may be broken for one replica alone, and who starts anew finds out after a few calls. Measured by monotonic seconds, so
that a wall clock which jumps neither opens nor closes it.
"""

from collections import deque
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.tracks import Track

log = structlog.get_logger()
# So many lanes in a row, none answered between: one lane alone may have a fault of its own.
OPENS_AFTER: Final = 3
# The longest pause between two probes, and so the longest wait of what was tried in vain.
LONGEST: Final[Mapping[Track, timedelta]] = {Track.PAGER: timedelta(seconds=10), Track.CHAT: timedelta(seconds=20)}
# A probe of which nobody heard any more (its transaction failed, its lease was lost) holds the next up for so long.
GIVEN_UP_AFTER: Final = timedelta(seconds=30)
# The lanes that were probed last are passed over as long as there are others: one may fail by a fault of its own.
PASSED_OVER: Final = 8
# Where a probe learned nothing (no call was made), another may go so soon.
ELSEWHERE_AFTER: Final = timedelta(seconds=1)
# The auditor calls what the breaker held back overdue only when it has been free for so long.
CATCHES_UP_WITHIN: Final = timedelta(seconds=60)


class Breaker:
    """One track's."""

    def __init__(self, track: Track, clock: Clock) -> None:
        """It begins closed."""
        self.track, self._clock = track, clock
        self.longest = LONGEST[track]
        self._failed = set[str]()
        self._opened_at: float | None = None
        self._closed_at: float | None = None
        self._probes = 0
        self._probe = ""
        self._next = 0.0
        self._probed = deque[str](maxlen=PASSED_OVER)

    @property
    def is_open(self) -> bool:
        """Tell whether the far side is away, as far as we know."""
        return self._opened_at is not None

    @property
    def opens_in(self) -> timedelta:
        """Return how long until something may be taken up; nothing when it may be now."""
        wait = self._next - self._clock.monotonic() if self.is_open else 0.0
        return timedelta(seconds=max(0.0, wait))

    @property
    def holds_back(self) -> bool:
        """Tell whether what is due waits rightly: as long as probes go on, and a while after it closed."""
        now, patience = self._clock.monotonic(), CATCHES_UP_WITHIN.total_seconds()
        if self.is_open:
            return now <= self._next + patience
        return self._closed_at is not None and now <= self._closed_at + patience

    @property
    def passed_over(self) -> Collection[str]:
        """Return the lanes that were probed last."""
        return self._probed

    def lets_through(self, at_most: int) -> int:
        """Return how many lanes may be taken up now."""
        if not self.is_open:
            return at_most
        return 0 if self.opens_in else min(1, at_most)

    def took(self, lane: str) -> None:
        """Note that a lane is being tried; while open it is the probe."""
        if self.is_open:
            self._probe = lane
            self._probed.append(lane)
            self._next = self._clock.monotonic() + GIVEN_UP_AFTER.total_seconds()

    def no_answer(self, lane: str, reason: str) -> None:
        """The far side could not be reached, had trouble of its own, or did not answer."""
        if self.is_open:
            if lane == self._probe:  # else it left before the breaker opened, and says nothing new
                self._probes += 1
                self._wait()
            return
        self._failed.add(lane)
        if len(self._failed) >= OPENS_AFTER:
            self._opened_at, self._probes, self._probe = self._clock.monotonic(), 0, ""
            self._wait()
            log.warning("far_side_away", track=self.track.value, reason=reason)

    def no_call(self, lane: str) -> None:
        """Nothing was learned (it was too early to look, a slot was missing): a probe may go elsewhere soon."""
        if self.is_open and lane == self._probe:
            self._next = self._clock.monotonic() + ELSEWHERE_AFTER.total_seconds()

    def answered(self) -> bool:
        """It answered, be it a refusal. Return whether everything goes on now that was held back."""
        self._failed.clear()
        if self._opened_at is None:
            return False
        now = self._clock.monotonic()
        log.info("far_side_back", track=self.track.value, after=round(now - self._opened_at, 1), probes=self._probes)
        self._opened_at, self._closed_at = None, now
        self._probed.clear()
        return True

    def _wait(self) -> None:
        pause = min(self.longest, timedelta(seconds=2 ** min(self._probes, 10)))
        self._next = self._clock.monotonic() + pause.total_seconds()
