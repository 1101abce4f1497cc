"""Flapping: what goes off and on again and again is said once, and then calmly, until it has been steady for a while.

A turn is the end of all that fires in a group, or that something in it fires again. So many turns within the window,
and the group flaps; when none has come for as long as the window, it flaps no more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# How often the message of what flaps is edited at most.
from bot.domain.copying import replace

CALM: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlapRule:
    """When a group flaps: after so many turns within so long; never when it is not `enabled`."""

    enabled: bool = True
    transitions: int = 4
    within: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flapping:
    """Since when a group flaps, how many turns it has made since then, the last of them, and what steady means."""

    since: datetime
    turns: int
    last: datetime
    within: timedelta

    @property
    def steady_at(self) -> datetime:
        """Return when it is over, should nothing come until then."""
        return self.last + self.within


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The turns of a group that count for now, whether they are flapping, and how it flapped before, if it did."""

    recent: tuple[datetime, ...] = ()
    flapping: Flapping | None = None
    flapped: Flapping | None = None

    def turned(self, now: datetime, rule: FlapRule) -> "Turns":
        """Count one more."""
        if self.flapping:
            return replace(self, flapping=replace(self.flapping, turns=self.flapping.turns + 1, last=now))
        if not rule.enabled:
            return self
        recent = (*(one for one in self.recent if one > now - rule.within), now)[-rule.transitions :]
        if len(recent) < rule.transitions:
            return replace(self, recent=recent)
        flapping = Flapping(since=recent[0], turns=len(recent), last=now, within=rule.within)
        return replace(self, recent=(), flapping=flapping)

    def taken_back(self) -> "Turns":
        """Return them without the last: it was none."""
        if self.flapping:
            return replace(self, flapping=replace(self.flapping, turns=self.flapping.turns - 1))
        return replace(self, recent=self.recent[:-1])

    def steadied(self, now: datetime) -> "Turns":
        """Return them as they are at a moment: what has been steady for long enough flaps no more."""
        if self.flapping is None or now < self.flapping.steady_at:
            return self
        return Turns(flapped=self.flapping)
