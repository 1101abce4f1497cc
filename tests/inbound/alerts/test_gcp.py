"""What Google Cloud Monitoring sends, straight and through Pub/Sub."""

from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import gcp
from tests.inbound.alerts.sent import only, payload, read


def test_everything_that_an_incident_tells_is_kept() -> None:
    alert = only("gcp", "episode-1-open")
    assert alert == ReportedAlert(
        source=gcp.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=datetime(2026, 4, 11, 19, 40, 10, tzinfo=UTC),
        title="Mail queue",
        summary="Messages for mx-3 is above the threshold of 4000.000 with a value of 4310.000.",
        description="Observed: 4310.000; threshold: 4000",
        severity=AlertSeverity.WARNING,
        labels={
            "queue": "outgoing",
            "instance_id": "881",
            "project_id": "mail-prod",
            "zone": "europe-west1-b",
            "project": "mail-prod",
            "policy": "Mail queue",
            "condition": "Queue length",
            "resource": "mx-3",
            "resource_type": "gce_instance",
            "metric": "custom.googleapis.com/queue",
            "service": "mail",
        },
        source_url="https://console.cloud.google.com/monitoring/alerting/alerts/0.oomail1?project=mail-prod",
    )


def test_closed_ends_the_same_episode() -> None:
    fired, closed = only("gcp", "episode-1-open"), only("gcp", "episode-2-closed")
    assert (closed.fingerprint, closed.starts_at) == (fired.fingerprint, fired.starts_at)
    assert (closed.status, closed.ends_at) == (AlertStatus.RESOLVED, datetime(2026, 4, 11, 19, 52, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("wrapped", "plain"), [("pubsub-open", "episode-1-open"), ("pubsub-closed", "episode-2-closed")]
)
def test_pub_sub_brings_the_same(wrapped: str, plain: str) -> None:
    assert only("gcp", wrapped) == only("gcp", plain)


def test_the_documentation_is_the_description_and_has_the_runbook() -> None:
    (alert,) = gcp.parse(gcp.SAMPLE)
    assert alert.description == "Checkout answers with errors."
    assert alert.runbook_url == "https://runbooks.example.com/checkout/errors"
    assert alert.labels["team"] == "payments"


def test_a_link_that_is_no_runbook_is_not_called_one() -> None:
    given = payload("gcp", "episode-1-open")
    given["incident"]["documentation"]["links"] = [{"displayName": "Chat", "url": "https://chat.example.net"}, None]
    assert only("gcp", given).runbook_url is None


def test_no_severity_is_none_and_a_missing_policy_leaves_the_condition() -> None:
    alert = only("gcp", "no-severity")
    assert (alert.severity, alert.title, alert.description) == (AlertSeverity.UNKNOWN, "Queue length", "")


def test_the_test_of_the_console_is_no_alert() -> None:
    assert read("gcp", "console-test") == ()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{}", "`incident` is missing, not an object"),
        (b'{"message": {}}', "the body is empty"),
        (b'{"message": {"data": "\xc3\xa9"}}', "message.data is not base64"),
        (b'{"message": {"data": "abc"}}', "message.data is not base64"),
        (b'{"message": {"data": "W10="}}', "message.data is a list, not an object"),
        (b'{"incident": {"incident_id": "0.a", "started_at": 0}}', "incident_id or started_at is missing"),
    ],
)
def test_what_names_no_incident_is_refused_with_the_reason(body: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        gcp.parse(body)
