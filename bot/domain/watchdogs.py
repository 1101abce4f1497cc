"""Expected heartbeats: an alert that always fires, and whose silence means that alerting itself is broken.

Such an alert (Prometheus's Watchdog) is never shown and belongs to no incident. Each of its arrivals is a heartbeat;
when none has come for `every` and `grace`, an alert of our own fires, and it ends with the next heartbeat. Nobody can
hear a heartbeat while Muster is away, so that time does not count as silence.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.absence import UNNOTICED
from bot.domain.alerts_model import WHEN_RECEIVED, Alert, AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.copying import replace
from bot.domain.ids import SourceName
from bot.domain.matchers import Matcher, all_match, seen_labels

# Who tells of what Muster has found out by itself.
MUSTER: Final = SourceName("muster")
TITLE: Final = "HeartbeatMissing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchdog:
    """What is expected of a sender: an alert that is meant by all of `match`, this often."""

    source: SourceName
    integration: str
    match: tuple[Matcher, ...]
    every: timedelta
    grace: timedelta

    @property
    def label(self) -> str:
        """Return the name that people read: alertmanager/eu."""
        return f"{self.source}/{self.integration}"

    @property
    def allowed(self) -> timedelta:
        """Return how long it may be silent."""
        return self.every + self.grace

    def means(self, report: ReportedAlert) -> bool:
        """Tell whether an alert is this heartbeat."""
        is_of_sender = (report.source, report.integration) == (self.source, self.integration)
        return is_of_sender and all_match(self.match, seen_labels(report))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """When a heartbeat came last (or was first waited for), and when Muster was last at work and last came back."""

    last: datetime
    at_work: datetime | None = None
    back: datetime | None = None

    def listening_since(self, now: datetime) -> datetime:
        """Return since when nothing came though somebody listened."""
        moments = [self.last, self.back or self.last]
        if self.at_work is not None and now - self.at_work >= UNNOTICED:
            moments.append(now)  # we are only just back, and nobody has said so yet
        return max(moments)


def watchdog_of(watchdogs: Iterable[Watchdog], report: ReportedAlert) -> Watchdog | None:
    """Return the expected heartbeat that an alert is, if it is one."""
    return next((dog for dog in watchdogs if dog.means(report)), None)


def silence(source: SourceName, integration: str) -> ReportedAlert:
    """Return the alert that tells of a sender's silence, without its times: it names the series."""
    label = f"{source}/{integration}"
    return ReportedAlert(
        source=MUSTER,
        integration=integration,
        fingerprint=f"heartbeat {label}",
        status=AlertStatus.FIRING,
        starts_at=WHEN_RECEIVED,  # whoever reports it puts in the true one
        title=TITLE,
        severity=AlertSeverity.CRITICAL,
        labels={"alertname": TITLE, "heartbeat": label, "severity": AlertSeverity.CRITICAL.value},
    )


def judged(dog: Watchdog, heard: Heard, alarm: Alert | None, now: datetime) -> tuple[ReportedAlert | None, datetime]:
    """Return what is to be reported now, if anything, and when to look again.

    The alarm begins when the heartbeat is overdue: so each silence is an episode of its own, later than the last end.
    """
    overdue = heard.listening_since(now) + dog.allowed
    fires = alarm is not None and alarm.status is AlertStatus.FIRING
    if now >= overdue:
        return (None if fires else _firing(dog, heard, overdue)), now + dog.allowed
    if alarm and fires and heard.last + dog.allowed > max(alarm.report.starts_at, now):
        return over(alarm, now), overdue
    return None, overdue


def over(alarm: Alert, now: datetime) -> ReportedAlert:
    """Return the end of an alarm."""
    return replace(alarm.report, status=AlertStatus.RESOLVED, ends_at=now)


def _firing(dog: Watchdog, heard: Heard, overdue: datetime) -> ReportedAlert:
    return replace(
        silence(dog.source, dog.integration),
        starts_at=overdue,
        summary=f"No heartbeat from {dog.label} since {heard.last:%Y-%m-%d %H:%M:%S} UTC",
        description=(
            f"It is expected every {_words(dog.every)} and is {_words(dog.grace)} late. Until it is back no alert from "
            f"{dog.label} can be relied on: look whether its monitoring runs, evaluates rules and reaches Muster."
        ),
    )


def _words(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"
