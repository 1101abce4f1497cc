"""An alert as Prometheus's family tells it: Alertmanager, and Grafana, whose alerting was made from it."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.payloads import (
    DESCRIPTION,
    SUMMARY,
    TITLE,
    as_labels,
    as_line,
    as_moment,
    as_severity,
    as_table,
    as_text,
    as_url,
    fingerprint_of,
)

UNNAMED = "Unnamed alert"
# sloth writes `sloth_severity: page | ticket` beside or instead of `severity` (https://sloth.dev).
SEVERITY_LABELS = ("severity", "sloth_severity", "priority")
_LONGEST_FINGERPRINT = 128


def alert_of(member: Mapping[str, object], *, source: SourceName, group_status: object) -> ReportedAlert:
    """Read one member of a group.

    Raises:
        BadInput: it does not say when it began.
    """
    starts_at = as_moment(member.get("startsAt"), "startsAt")
    if starts_at is None:
        raise BadInput("startsAt is missing")
    labels = as_labels(member.get("labels"))
    texts = as_table(member.get("annotations"))
    summary = as_text(texts.get("summary") or texts.get("message"), SUMMARY)
    status = _status(member.get("status"), group_status)
    return ReportedAlert(
        source=source,
        fingerprint=_fingerprint(member),
        status=status,
        starts_at=starts_at,
        ends_at=_ends_at(member) if status is AlertStatus.RESOLVED else None,
        title=as_line(labels.get("alertname"), TITLE) or as_line(summary, TITLE) or UNNAMED,
        summary=summary,
        description=as_text(texts.get("description"), DESCRIPTION),
        severity=_severity(labels),
        labels=labels,
        source_url=as_url(member.get("generatorURL")),
        runbook_url=as_url(texts.get("runbook_url") or texts.get("runbook")),
        dashboard_url=as_url(texts.get("dashboard_url") or texts.get("dashboard")),
    )


def _status(own: object, group: object) -> AlertStatus:
    """Return RESOLVED only when it is said; in doubt it fires, because a false alarm costs less than a missed one."""
    said = own if isinstance(own, str) and own else group
    if isinstance(said, str) and said.strip().lower() == AlertStatus.RESOLVED:
        return AlertStatus.RESOLVED
    return AlertStatus.FIRING


def _ends_at(member: Mapping[str, object]) -> datetime | None:
    try:
        return as_moment(member.get("endsAt"), "endsAt")
    except BadInput:
        return None  # that it is over is said by its status; when, is a detail


def _fingerprint(member: Mapping[str, object]) -> str:
    given = as_line(member.get("fingerprint"), _LONGEST_FINGERPRINT + 1)
    if given and len(given) <= _LONGEST_FINGERPRINT:
        return given
    return fingerprint_of(as_table(member.get("labels")))


def _severity(labels: Mapping[str, str]) -> AlertSeverity:
    return as_severity(*(labels.get(name) for name in SEVERITY_LABELS))
