"""The nouns of alerts: one as its source tells it, and one as we know it. Plain frozen values; nothing here decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.copying import replace
from bot.domain.ids import AlertId, GroupId, IncidentId, ServiceName, SourceName, UserId
from bot.domain.mutes import Mute
from bot.domain.text import one_line


class AlertStatus(StrEnum):
    """Whether what an alert tells of is still so."""

    FIRING = "firing"
    RESOLVED = "resolved"


class AlertSeverity(StrEnum):
    """The common scale that every source is mapped to; UNKNOWN is shown as not given and treated as a warning."""

    CRITICAL = "critical"
    HIGH = "high"
    WARNING = "warning"
    INFO = "info"
    UNKNOWN = "unknown"


# In place of the start of an episode that its source does not tell; `received` puts in the time when we heard of it.
WHEN_RECEIVED: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedAlert:
    """One alert as a source tells it, cleaned (domain/text.py) but not yet known to us.

    `fingerprint` is the source's own identity of the series; `starts_at` names the episode. `values` is what was
    measured, in a line; `silence_url` is where its source lets people silence it.
    """

    source: SourceName
    integration: str = "default"
    fingerprint: str
    status: AlertStatus
    starts_at: datetime
    ends_at: datetime | None = None
    title: str
    summary: str = ""
    description: str = ""
    severity: AlertSeverity = AlertSeverity.UNKNOWN
    labels: Mapping[str, str] = field(default_factory=dict)
    source_url: str | None = None
    runbook_url: str | None = None
    dashboard_url: str | None = None
    values: str = ""
    image_url: str | None = None
    silence_url: str | None = None

    def received(self, at: datetime) -> "ReportedAlert":
        """Return it with the times that its source does not tell: it began, or ended, when we heard of it."""
        starts_at = at if self.starts_at == WHEN_RECEIVED else self.starts_at
        is_over = self.status is AlertStatus.RESOLVED and self.ends_at is None
        ends_at = max(at, starts_at) if is_over else self.ends_at
        same = starts_at is self.starts_at and ends_at is self.ends_at
        return self if same else replace(self, starts_at=starts_at, ends_at=ends_at)

    @property
    def headline(self) -> str:
        """Return what is broken, in the source's own words, on one line; the rule's name when it says nothing."""
        return one_line(self.summary) or one_line(self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Who has taken an alert up, and when."""

    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One episode of an alert: from firing to resolved. `report` is the newest that the source said of it.

    `earlier_end` is kept while an episode is unseen: a firing from before that end belongs to an earlier one.
    `last_start` is that of the newest firing, when it began later than the episode that people see. `group` is None
    from before there were groups, and the episode's before while this is unseen; `acknowledged` is the group's now.
    `mute`: why nobody hears of it; `inhibits`: it may keep others quiet; `heard_at`, `lapses_at`, `unheard_for`: told
    last, counts as over then, does so (lapsing.py); `kin`, `was`: what differs in severity alone, that before (kin.py).
    """

    id: AlertId
    report: ReportedAlert
    status: AlertStatus
    first_seen_at: datetime
    ended_at: datetime | None = None
    earlier_end: datetime | None = None
    last_start: datetime | None = None
    service: ServiceName | None = None
    runbook_url: str | None = None
    channel: str
    acknowledged: Acknowledgement | None = None
    incident: IncidentId | None = None
    group: GroupId | None = None
    mute: Mute | None = None
    inhibits: bool = False
    heard_at: datetime | None = None
    lapses_at: datetime | None = None
    unheard_for: timedelta | None = None
    kin: str = ""
    was: AlertSeverity | None = None

    @property
    def is_unseen(self) -> bool:
        """Tell whether only its end has come: nothing of it is shown."""
        return self.report.status is AlertStatus.RESOLVED
