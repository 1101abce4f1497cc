"""What Opsgenie sends, and Jira Service Management."""

from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import opsgenie
from tests.inbound.alerts.sent import only


def test_everything_that_an_alert_tells_is_kept() -> None:
    alert = only("opsgenie", "episode-1-create")
    assert alert == ReportedAlert(
        source=opsgenie.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=datetime(2026, 4, 11, 19, 40, 10, 157_000, tzinfo=UTC),
        title="The outgoing queue has 4,310 messages",
        description="Limit: 4,000",
        severity=AlertSeverity.HIGH,
        labels={
            "service": "mail",
            "tags": "night",
            "runbook": "https://runbooks.example.net/mail/queue",
            "region": "eu",
            "entity": "mx-3",
            "alias": "mail-queue",
            "tiny_id": "903",
            "priority": "P2",
        },
        runbook_url="https://runbooks.example.net/mail/queue",
    )


def test_an_acknowledged_alert_goes_on_unchanged_whatever_the_unit_of_its_times() -> None:
    assert only("opsgenie", "episode-2-acknowledge") == only("opsgenie", "episode-1-create")


@pytest.mark.parametrize("name", ["episode-4-close", "deleted"])
def test_closing_and_deleting_end_the_same_episode(name: str) -> None:
    fired, over = only("opsgenie", "episode-1-create"), only("opsgenie", name)
    assert (over.fingerprint, over.starts_at, over.status) == (fired.fingerprint, fired.starts_at, AlertStatus.RESOLVED)


def test_nanoseconds_are_read_as_what_they_are() -> None:
    ended_at = datetime(2026, 4, 11, 19, 52, 10, 157_000, tzinfo=UTC)
    assert only("opsgenie", "episode-4-close").ends_at == ended_at


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"action": "Create"}', b'{"action": "Create", "alert": {"alertId": "a"}}', b'{"alert": {}}']
)
def test_what_is_no_action_on_an_alert_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        opsgenie.parse(body)
