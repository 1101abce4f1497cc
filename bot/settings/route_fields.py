"""The kinds of value that routes and hours are made of, each with a fault that says what to write instead."""

import re
from datetime import time, timedelta
from typing import Annotated, Final, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, PlainValidator

from bot.domain.matchers import LONGEST_NAME, Matcher, matchers_of
from bot.domain.routed import ALL_LABELS
from bot.settings.faults import hint, quoted
from bot.settings.fields import duration

Span: TypeAlias = tuple[time, time]

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIMES: Final = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])\s*-\s*([01]?[0-9]|2[0-4]):([0-5][0-9])")
_MIDNIGHT: Final = 24


def matchers(value: object) -> tuple[Matcher, ...]:
    """Read a list of texts with matchers, or one text.

    Raises:
        ValueError: one cannot be read.
    """
    given = value if isinstance(value, list) else [value]
    texts = [text for text in given if isinstance(text, str)]
    if not texts or len(texts) < len(given):
        raise ValueError("must be a list of matchers, such as ['severity=~\"critical|high\"']")
    return tuple(matcher for text in texts for matcher in matchers_of(text))


def group_by(value: object) -> tuple[str, ...]:
    """Read the names of labels; "..." alone means all.

    Raises:
        ValueError: something else stands there.
    """
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise ValueError('must be a list of labels, such as ["alertname", "cluster"], or ["..."] for all')
    if ALL_LABELS in value and len(value) > 1:
        raise ValueError('"..." means all labels; no other stands beside it')
    if any(len(name) > LONGEST_NAME for name in value):
        raise ValueError(f"a label's name has 1 to {LONGEST_NAME} characters")
    return tuple(dict.fromkeys(name.strip() for name in value))


def wait(value: object) -> timedelta:
    """Read a duration that may be none at all: "0s"."""
    return timedelta() if value in ("0s", "0m") else duration(value)


def _days(value: object) -> frozenset[int]:
    given = value if isinstance(value, list) else [value]
    found: set[int] = set()
    for one in given:
        first, _, last = str(one).strip().lower().partition("-")
        begin, end = _day(first, one), _day(last or first, one)
        found |= {(begin + step) % len(DAYS) for step in range((end - begin) % len(DAYS) + 1)}
    return frozenset(found)


def _day(text: str, given: object) -> int:
    if text.strip()[:3] not in DAYS:
        raise ValueError(f'{quoted(str(given))} is no day; write "mon", "tue", ... or "mon-fri"')
    return DAYS.index(text.strip()[:3])


def _times(value: object) -> tuple[Span, ...]:
    given = value if isinstance(value, list) else [value]
    return tuple(_span(one) for one in given)


def _span(value: object) -> Span:
    found = _TIMES.fullmatch(value.strip()) if isinstance(value, str) else None
    numbers = [int(number) for number in found.groups()] if found else []
    beyond = any(hour == _MIDNIGHT and minute for hour, minute in zip(numbers[::2], numbers[1::2], strict=True))
    if not numbers or beyond or numbers[0] == _MIDNIGHT:
        raise ValueError(f'{quoted(str(value))} is no span of hours; write such as "09:00-17:30" or "22:00-06:00"')
    return time(numbers[0], numbers[1]), time(numbers[2] % _MIDNIGHT, numbers[3])


def _zone(value: object) -> ZoneInfo:
    try:
        if isinstance(value, str) and value:
            return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        pass
    raise ValueError(f"{quoted(str(value))} is no time zone; write such as Europe/Berlin, or UTC")


def _name(value: str) -> str:
    if not re.fullmatch(r"[\w][\w .-]{0,59}", value):
        raise ValueError(f'{quoted(value)} cannot name hours; use letters, digits, spaces, "-" and "_", at most 60')
    return value


def unknown_name(name: str, known: object) -> str | None:
    """Return what is wrong with a name of hours; None when they are known."""
    names = list(known) if isinstance(known, dict) else []
    if name in names:
        return None
    return f"there are no hours {quoted(name)}{hint(name, names) or '; time_windows has none'}"


Matchers = Annotated[tuple[Matcher, ...], PlainValidator(matchers)]
GroupBy = Annotated[tuple[str, ...], BeforeValidator(group_by)]
Wait = Annotated[timedelta, BeforeValidator(wait)]
Days = Annotated[frozenset[int], BeforeValidator(_days)]
Times = Annotated[tuple[Span, ...], BeforeValidator(_times)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
HoursName = Annotated[str, AfterValidator(_name)]
