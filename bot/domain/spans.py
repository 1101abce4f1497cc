"""Spans of time as people write them: 90s, 10m, 1h30m, 1d."""

import re
from datetime import timedelta
from typing import Final

_UNITS: Final = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
# As Prometheus writes them (https://prometheus.io/docs/concepts/promql/#float-literals-and-time-durations): 1h30m.
_SPAN: Final = re.compile("".join(rf"(?:(?P<{name}>[0-9]{{1,7}}){unit})?" for unit, name in _UNITS.items()))


def span_of(text: str) -> timedelta | None:
    """Return the span that a text says; None when it says none."""
    found = _SPAN.fullmatch(text)
    if not found or not text:
        return None
    return timedelta(**{name: int(digits) for name, digits in found.groupdict(default="0").items()})


def short(span: timedelta) -> str:
    """Return a duration as it is written in `muster.yaml`: 1h30m."""
    left = int(span.total_seconds())
    text = ""
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, left = divmod(left, size)
        text += f"{count}{unit}" if count else ""
    return text or "0s"
