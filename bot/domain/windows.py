"""Times that come again: the weekly hours of a zone, or a rule of iCalendar (RFC 5545, RRULE).

A moment is inside when the clock on the wall of the zone says so, whatever summer time does to that day: weekly hours
are held against the wall's clock itself. What a rule begins lasts for a span of real time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
LONGEST: Final = timedelta(days=31)
_MOST_IN_A_ROW: Final = 50


class Window(Protocol):
    """Says whether a moment is inside, and when that changes next."""

    def covers(self, now: datetime) -> bool:
        """Tell whether a moment is inside."""
        ...

    def next_change(self, now: datetime) -> datetime | None:
        """Return the first moment after `now` from which it is otherwise; None when it stays as it is."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """The hours from `begins` until `ends` on some days (Monday is 0) by a zone's clock; over midnight when it must be.

    Hours that end when they begin are the whole day.
    """

    days: frozenset[int]
    begins: time
    ends: time
    zone: ZoneInfo

    def covers(self, now: datetime) -> bool:
        """Tell whether the clock on the wall is within these hours."""
        local = now.astimezone(self.zone)
        at = local.time()
        if self.begins < self.ends:
            return local.weekday() in self.days and self.begins <= at < self.ends
        today = local.weekday() in self.days and at >= self.begins
        return today or ((local.weekday() - 1) % _WEEK in self.days and at < self.ends)

    def next_change(self, now: datetime) -> datetime | None:
        """Return when the hours begin or end next."""
        inside = self.covers(now)
        first = now.astimezone(self.zone).date()
        days = [first + _DAY * day for day in range(-1, _WEEK + 2)]
        walls = (datetime.combine(day, at) for day in days for at in (self.begins, self.ends))
        moments = sorted({moment for wall in walls for moment in _moments(wall, self.zone)})
        return next((moment for moment in moments if moment > now and self.covers(moment) is not inside), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """What a rule of iCalendar begins, first at `start` by the clock of a zone; each time it lasts for `lasts`.

    Raises:
        ValueError: the rule cannot be used; the text says why.
    """

    start: datetime
    rule: str
    lasts: timedelta
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if not timedelta() < self.lasts <= LONGEST:
            raise ValueError(f"must last for up to {LONGEST.days} days")
        if next(iter(_parsed(self.rule, self.start)), None) is None:
            raise ValueError("never happens")

    def covers(self, now: datetime) -> bool:
        """Tell whether one has begun and not ended."""
        return any(begin <= now < end for begin, end in self._around(now))

    def next_change(self, now: datetime) -> datetime | None:
        """Return when the one that goes on ends, with all that follow without a pause, or the next begins."""
        if not self.covers(now):
            return next((begin for begin, _ in sorted(self._around(now)) if begin > now), None) or self._next(now)
        until = now
        for _ in range(_MOST_IN_A_ROW):
            until = max(end for begin, end in self._around(until) if begin <= until)
            if not self.covers(until):
                return until
        return None

    def _around(self, now: datetime) -> tuple[tuple[datetime, datetime], ...]:
        day = now.astimezone(self.zone).date()
        return _occurrences(self, datetime.combine(day, time()))

    def _next(self, now: datetime) -> datetime | None:
        wall = _parsed(self.rule, self.start).after(now.astimezone(self.zone).replace(tzinfo=None) + _DAY)
        return _moments(wall, self.zone)[0] if wall else None


@lru_cache(maxsize=1024)
def _occurrences(window: Recurring, day: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return what goes on at some time of a day, or begins on it or the next; a rule is slow to unroll."""
    first, last = day - window.lasts - _DAY, day + 3 * _DAY
    walls = _parsed(window.rule, window.start).between(first, last, inc=True)
    begins = (_moments(wall, window.zone)[0] for wall in walls)
    return tuple((begin, begin + window.lasts) for begin in begins)


def _parsed(text: str, start: datetime) -> rrule:
    if "\n" in text or not text.upper().startswith("FREQ="):
        raise ValueError('must be one rule, such as "FREQ=WEEKLY;BYDAY=SA"')
    if not text.upper().startswith(("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY")):
        raise ValueError("must be daily, weekly, monthly or yearly")
    found = rrulestr(text, dtstart=start)
    assert isinstance(found, rrule)  # noqa: S101 - a single rule was written
    return found


def _moments(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the moments at which a zone's clock says so, the earliest first; the leap, when it leaps over that."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return (first, second) if second > first else (first,)
    return (_leap(second, first, zone),)


def _leap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return when a zone's clock leaps between two moments, to the second."""
    offset = before.astimezone(zone).utcoffset()
    for span in _halves(after - before):
        middle = before + span
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
    return (before + timedelta(seconds=1)).replace(microsecond=0)


def _halves(span: timedelta) -> Iterator[timedelta]:
    while span > timedelta(milliseconds=1):
        span /= 2
        yield span
