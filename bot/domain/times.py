"""Moments as people type them, by the clock on their own wall: 14:05, yesterday 23:50, 14:05 UTC, 20m ago.

A time without a day is the latest such time that is not still to come: at one in the morning 23:50 was yesterday.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.domain.spans import span_of

# What somebody says of the past may lie so far ahead of our clock.
CLOCKS_DIFFER_BY: Final = timedelta(minutes=1)
_MOMENT: Final = re.compile(
    r"""
    (?: (?:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}|today|yesterday)[ T]+)?
        (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?[ ]?(?P<utc>Z|UTC)?
      | (?P<span>[0-9][0-9wdhms]*)[ ]ago
      | (?P<now>now)
    )
    (?=[\s,:;.]|$)[,:;.]?\s*
    """,
    re.VERBOSE | re.IGNORECASE,
)


def moment_at_start(text: str, now: datetime, zone: tzinfo) -> tuple[datetime, str] | None:
    """Return the moment that a text begins with, in UTC, and the text behind it; None when it begins with none."""
    found = _MOMENT.match(text)
    if found is None:
        return None
    said = _moment(found, now, zone)
    return (said.astimezone(UTC), text[found.end() :]) if said else None


def is_by_the_wall(text: str) -> bool:
    """Tell whether a text begins with a time that means another moment in another time zone."""
    found = _MOMENT.match(text)
    return bool(found and found["hour"] and not found["utc"])


def _moment(found: re.Match[str], now: datetime, zone: tzinfo) -> datetime | None:
    if found["now"]:
        return now
    if found["span"]:
        span = span_of(found["span"].lower())
        return now - span if span is not None else None
    here = now.astimezone(UTC if found["utc"] else zone)
    try:
        clock = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
        day = _day(found["day"], here.date())
    except ValueError:
        return None
    if day is not None:
        return datetime.combine(day, clock, tzinfo=here.tzinfo)
    # An hour that the clocks go through twice may be the second.
    today = [datetime.combine(here.date(), clock.replace(fold=fold), tzinfo=here.tzinfo) for fold in (1, 0)]
    past = [moment for moment in today if moment.astimezone(UTC) <= now]
    return past[0] if past else datetime.combine(here.date() - timedelta(days=1), clock, tzinfo=here.tzinfo)


def _day(said: str | None, today: date) -> date | None:
    match (said or "").lower():
        case "":
            return None
        case "today":
            return today
        case "yesterday":
            return today - timedelta(days=1)
        case written:
            return date.fromisoformat(written)
