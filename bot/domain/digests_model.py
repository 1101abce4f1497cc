"""A digest: what is not worth a message of its own is told together, at its time. When that is, and what it says."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.alerts_model import AlertSeverity
from bot.domain.ids import ServiceName
from bot.domain.spans import short, span_of

_UTC: Final = ZoneInfo("UTC")
_DAY: Final = timedelta(days=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAILY: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?: (\S+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """When it is told: again and again after a span, by the clock (every hour, on the hour), or at a time of each day.

    Without either there is none, and each group has its own message.
    """

    every: timedelta = timedelta()
    at: time | None = None
    zone: ZoneInfo = _UTC

    def __bool__(self) -> bool:
        """Tell whether there is one."""
        return self.at is not None or self.every > timedelta()

    def __str__(self) -> str:
        """Return it as `digest_of` reads it: "1h", "09:00 Europe/Berlin", "off"."""
        if self.at is not None:
            return f"{self.at:%H:%M} {self.zone.key}"
        return short(self.every) if self.every else "off"

    def next_after(self, now: datetime) -> datetime:
        """Return the first moment after `now` at which it is told."""
        if self.at is None:
            return _EPOCH + ((now - _EPOCH) // self.every + 1) * self.every
        day = now.astimezone(self.zone).date()
        moments = (datetime.combine(day + _DAY * n, self.at, self.zone).astimezone(UTC) for n in range(3))
        return next(moment for moment in moments if moment > now)


NO_DIGEST: Final = Digest()


def digest_of(text: str) -> Digest:
    """Read when a digest is told.

    Raises:
        ValueError: the text says no time (or there is no such time zone).
    """
    if text == "off":
        return NO_DIGEST
    if found := _DAILY.fullmatch(text):
        hour, minute, zone = found.groups()
        try:
            return Digest(at=time(int(hour), int(minute)), zone=ZoneInfo(zone or "UTC"))
        except (KeyError, ValueError, OSError):
            pass
    elif every := span_of(text):
        return Digest(every=every)
    message = "no time of a digest"
    raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a digest says of a group: how often something in it fired since the last one, and how it is now.

    `fired` is 0 when it only goes on from before, `firing` counts what fires now. It began at `began_at`; when it is
    over, at `ended_at` it was.
    """

    title: str
    service: ServiceName | None = None
    severity: AlertSeverity
    fired: int
    firing: int
    began_at: datetime
    ended_at: datetime | None = None
    url: str | None = None
