"""What Sentry sends."""

from datetime import UTC, datetime

import pytest

from bot.domain.alerts import identity
from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import sentry
from tests.inbound.alerts.sent import only, read


def test_everything_that_an_issue_alert_tells_is_kept() -> None:
    alert = only("sentry", "episode-1-event-alert")
    assert alert == ReportedAlert(
        source=sentry.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=datetime(2026, 4, 11, 19, 40, 10, 157_000, tzinfo=UTC),
        title="TimeoutError: flush took 30 s",
        description="mail.queue in flush",
        severity=AlertSeverity.HIGH,
        labels={
            "environment": "production",
            "level": "error",
            "platform": "python",
            "project": "mail",
            "rule": "Mail is slow",
            "service": "mail",
        },
        source_url="https://sentry.io/organizations/example/issues/660042/events/1f2e/",
    )


def test_what_ends_an_issue_alert_is_its_issue() -> None:
    alert, created, resolved = (
        only("sentry", name) for name in ("episode-1-event-alert", "episode-2-created", "episode-3-resolved")
    )
    assert identity(alert) == identity(created) == identity(resolved)
    assert (created.status, resolved.status) == (AlertStatus.FIRING, AlertStatus.RESOLVED)
    assert created.labels["service"] == "mail"


def test_an_issue_that_came_back_is_a_new_episode() -> None:
    alert = only("sentry", "unresolved")
    assert (alert.status, alert.starts_at) == (AlertStatus.FIRING, datetime(2026, 4, 12, 8, 0, tzinfo=UTC))


def test_a_metric_alert_tells_of_its_own_end() -> None:
    fired, resolved = only("sentry", "metric-alert-warning"), only("sentry", "metric-alert-resolved")
    assert (fired.title, fired.summary) == ("Mail errors", "610 events in the last 10 minutes")
    assert (fired.severity, fired.labels["service"]) == (AlertSeverity.WARNING, "mail")
    assert (resolved.status, resolved.ends_at) == (
        AlertStatus.RESOLVED,
        datetime(2026, 4, 11, 19, 52, 10, tzinfo=UTC),
    )
    assert (identity(resolved), resolved.starts_at) == (identity(fired), fired.starts_at)


@pytest.mark.parametrize("name", ["assigned", "installation"])
def test_where_nothing_begins_or_ends_there_is_nothing_to_alert(name: str) -> None:
    assert read("sentry", name) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"action": "created"}',
        b'{"data": {}}',
        b'{"action": "created", "data": {}}',
        b'{"action": "created", "data": {"issue": {"id": "1"}}}',
        b'{"action": "triggered", "data": {"event": {"issue_id": "1"}}}',
        b'{"action": "critical", "data": {"metric_alert": {"id": "1"}}}',
    ],
)
def test_what_is_none_of_sentrys_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        sentry.parse(body)
