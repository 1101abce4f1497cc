"""What PagerDuty sends."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.paging import page_key
from bot.errors import BadInput
from bot.inbound.alerts import pagerduty
from tests.domain.story import Story

FIXTURES = Path(__file__).parent / "pagerduty"


def body(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def only(name: str) -> ReportedAlert:
    (alert,) = pagerduty.parse(body(name))
    return alert


def test_everything_that_an_incident_tells_is_kept() -> None:
    alert = only("episode-1-triggered")
    assert alert == ReportedAlert(
        source=pagerduty.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=datetime(2026, 4, 11, 19, 40, 10, tzinfo=UTC),
        title="The outgoing queue has 4,310 messages",
        severity=AlertSeverity.HIGH,
        labels={
            "service": "mail",
            "urgency": "high",
            "escalation_policy": "Mail people",
            "team": "Mail",
            "number": "41",
        },
        source_url="https://example.pagerduty.com/incidents/Q0MAIL77XYZ",
    )


def test_an_acknowledged_incident_goes_on_unchanged() -> None:
    assert only("episode-2-acknowledged") == only("episode-1-triggered")


def test_a_priority_counts_before_the_urgency() -> None:
    alert = only("episode-3-priority")
    assert (alert.severity, alert.labels["priority"]) == (AlertSeverity.WARNING, "P3")


def test_a_resolved_incident_ends_the_same_episode() -> None:
    fired, resolved = only("episode-1-triggered"), only("episode-4-resolved")
    assert (resolved.fingerprint, resolved.starts_at) == (fired.fingerprint, fired.starts_at)
    assert (resolved.status, resolved.ends_at) == (
        AlertStatus.RESOLVED,
        datetime(2026, 4, 11, 19, 52, 10, 304_000, tzinfo=UTC),
    )


def test_a_reopened_incident_is_a_new_episode() -> None:
    alert = only("reopened")
    assert (alert.status, alert.starts_at) == (AlertStatus.FIRING, datetime(2026, 4, 11, 20, 0, tzinfo=UTC))


@pytest.mark.parametrize("name", ["note", "ping", "service-updated"])
def test_of_other_things_there_is_nothing_to_alert(name: str) -> None:
    assert pagerduty.parse(body(name)) == ()


def test_the_incident_that_our_own_page_opened_does_not_come_back_as_an_alert() -> None:
    given = json.loads(body("episode-1-triggered"))
    given["event"]["data"]["incident_key"] = page_key(Story().declared().incident)
    assert pagerduty.parse(json.dumps(given).encode()) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"messages": [{"event": "incident.trigger"}]}',
        b'{"event": {}}',
        b'{"event": {"event_type": "incident.triggered", "data": {"type": "incident", "id": "Q"}}}',
    ],
)
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        pagerduty.parse(body)
