"""Days as people type them, by the calendar on their own wall: today, friday, next week, in 3 days, 4 Dec, 2026-12-04.

A weekday is the next one to come, never today; a day without a year is the next such day.
"""

import re
from datetime import date, timedelta
from typing import Final

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHORTEST: Final = 3
_SPAN: Final = re.compile(r"(?:in )?([0-9]{1,3}) ?(d|days?|w|weeks?|m|months?)")
_NAMED: Final = re.compile(
    r"(?:([0-9]{1,2})(?:st|nd|rd|th)? )?([a-z]+)\.?(?: ([0-9]{1,2})(?:st|nd|rd|th)?)?,?(?: ([0-9]{4}))?"
)
_WEEK: Final = timedelta(days=7)
# Within so many years there is every day of a calendar, but for a century without a leap year.
_LEAP: Final = 9


def day_of(text: str, today: date) -> date | None:
    """Return the day that a text says, or None when it says none."""
    said = " ".join(text.lower().strip(" ,.;").split()).removeprefix("on ").removeprefix("by ")
    monday = today - timedelta(days=today.weekday())
    match said:
        case "today" | "eod":
            return today
        case "tomorrow":
            return today + timedelta(days=1)
        case "next week":
            return monday + _WEEK
        case "this week" | "end of week" | "eow":
            return max(today, monday + timedelta(days=4))
        case _:
            return _weekday(said, today, monday) or _span(said, today) or _written(said, today)


def _weekday(said: str, today: date, monday: date) -> date | None:
    """Return the next such day; "next friday" is that of next week, on whatever day it is typed."""
    name = said.removeprefix("next ").removeprefix("this ")
    found = [at for at, day in enumerate(_WEEKDAYS) if len(name) >= _SHORTEST and day.startswith(name)]
    if not found:
        return None
    if said.startswith("next "):
        return monday + _WEEK + timedelta(days=found[0])
    return today + timedelta(days=(found[0] - today.weekday() - 1) % 7 + 1)


def _span(said: str, today: date) -> date | None:
    found = _SPAN.fullmatch(said)
    if found is None:
        return None
    count, unit = int(found[1]), found[2][0]
    return today + timedelta(days=count * {"d": 1, "w": 7, "m": 30}[unit])


def _written(said: str, today: date) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        pass
    found = _NAMED.fullmatch(said)
    if found is None or found[2][:3] not in _MONTHS or bool(found[1]) == bool(found[3]):
        return None
    month, day = _MONTHS.index(found[2][:3]) + 1, int(found[1] or found[3])
    years = [int(found[4])] if found[4] else range(today.year, today.year + _LEAP)
    days = (_day(year, month, day) for year in years)
    return next((one for one in days if one and (found[4] or one >= today)), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
