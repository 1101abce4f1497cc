"""What Azure Monitor sends."""

from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import azure
from tests.inbound.alerts.sent import only, payload


def test_everything_that_an_alert_tells_is_kept() -> None:
    alert = only("azure", "episode-1-fired")
    assert alert == ReportedAlert(
        source=azure.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=datetime(2026, 4, 11, 19, 40, 10, 371_000, tzinfo=UTC),
        title="mail-queue",
        description="ActiveMessages GreaterThan 4000 (it is 4310.5)",
        severity=AlertSeverity.WARNING,
        labels={
            "rule": "mail-queue",
            "resource": "outgoing",
            "target": "/subscriptions/99/resourcegroups/mail/providers/microsoft.servicebus/namespaces/outgoing",
            "signal": "Metric",
            "monitoring_service": "Platform",
            "service": "mail",
        },
        source_url="https://portal.azure.com/#blade/Microsoft_Azure_Monitoring/AlertDetailsTemplateBlade/alertId/"
        "%2Fsubscriptions%2F99%2Fproviders%2FMicrosoft.AlertsManagement%2Falerts%2F77aa",
    )


def test_resolved_ends_the_same_episode() -> None:
    fired, resolved = only("azure", "episode-1-fired"), only("azure", "episode-2-resolved")
    assert (resolved.fingerprint, resolved.starts_at) == (fired.fingerprint, fired.starts_at)
    assert (resolved.status, resolved.ends_at) == (
        AlertStatus.RESOLVED,
        datetime(2026, 4, 11, 19, 52, 10, 224_000, tzinfo=UTC),
    )


def test_targets_in_another_order_or_in_capitals_are_the_same_series() -> None:
    given = payload("azure", "episode-1-fired")
    given["data"]["essentials"]["alertTargetIDs"] = ["/a", "/b"]
    one = only("azure", given)
    given["data"]["essentials"]["alertTargetIDs"] = ["/B", "/A"]
    assert only("azure", given).fingerprint == one.fingerprint


def test_without_the_monitoring_services_id_the_alerts_own_counts() -> None:
    alert = only("azure", "log-alert")
    assert alert.fingerprint != only("azure", "episode-1-fired").fingerprint
    assert (alert.severity, alert.description) == (AlertSeverity.CRITICAL, "Errors in the log")
    assert alert.source_url == "https://portal.azure.com/#view/x"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{}", "turn the common alert schema on"),
        (b'{"schemaId": "AzureMonitorMetricAlert", "data": {}}', "turn the common alert schema on"),
        (b'{"schemaId": "azureMonitorCommonAlertSchema"}', "`data` is missing"),
        (b'{"schemaId": "azureMonitorCommonAlertSchema", "data": {}}', "`essentials` is missing"),
        (b'{"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {}}}', "firedDateTime is missing"),
    ],
)
def test_what_has_another_schema_is_refused_with_the_word_what_to_change(body: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        azure.parse(body)
