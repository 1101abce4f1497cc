"""What Uptime Kuma sends: heartbeats, and what comes without one."""

from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import uptimekuma
from tests.inbound.alerts.sent import only, payload, read

BEGAN = datetime(2026, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC)


def test_a_monitor_that_is_down_is_read_with_everything_that_it_tells() -> None:
    alert = only("uptimekuma", "episode-1-firing")
    assert alert == ReportedAlert(
        source=uptimekuma.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=BEGAN,
        title="Booking",
        summary="[Booking] [🔴 Down] timeout of 24000ms exceeded",
        description="timeout of 24000ms exceeded",
        severity=AlertSeverity.UNKNOWN,
        labels={"monitor": "Booking", "monitor_type": "keyword", "path": "Travel / Booking", "service": "booking"},
        source_url="https://booking.example.com/ping",
    )


def test_coming_up_ends_what_its_monitor_began() -> None:
    down, up = only("uptimekuma", "episode-1-firing"), only("uptimekuma", "episode-2-resolved")
    assert (up.status, up.fingerprint) == (AlertStatus.RESOLVED, down.fingerprint)
    assert up.ends_at == datetime(2026, 5, 6, 7, 20, 9, 410_000, tzinfo=UTC)


@pytest.mark.parametrize("fixture", ["pending", "maintenance", "test-button"])
def test_of_a_retry_a_maintenance_and_the_test_button_nothing_comes(fixture: str) -> None:
    assert read("uptimekuma", fixture) == ()


def test_without_its_monitor_a_heartbeat_still_names_it() -> None:
    alert = only("uptimekuma", payload("uptimekuma", "episode-1-firing") | {"monitor": None})
    assert alert.fingerprint == only("uptimekuma", "episode-1-firing").fingerprint
    assert alert.title == "Monitor 41"


def test_a_heartbeat_without_a_time_is_as_old_as_its_delivery() -> None:
    told = payload("uptimekuma", "episode-1-firing")
    told["heartbeat"]["time"] = None
    assert only("uptimekuma", told).starts_at == WHEN_RECEIVED


def test_a_tag_gives_the_severity() -> None:
    told = payload("uptimekuma", "episode-1-firing")
    told["monitor"]["tags"] = [{"name": "severity", "value": "p1"}, None, {"name": None}]
    assert only("uptimekuma", told).severity is AlertSeverity.CRITICAL


def test_a_certificate_that_expires_is_an_alert_though_no_heartbeat_comes_with_it() -> None:
    alert = only("uptimekuma", "certificate-expires")
    assert (alert.title, alert.status, alert.severity) == ("Booking", AlertStatus.FIRING, AlertSeverity.WARNING)
    assert alert.summary.endswith("server certificate booking.example.com will expire in 14 days")
    assert alert.starts_at == WHEN_RECEIVED


def test_that_it_expires_sooner_is_the_same_alert_with_or_without_the_monitor() -> None:
    early, late = only("uptimekuma", "certificate-expires"), only("uptimekuma", "certificate-expires-with-monitor")
    assert early.fingerprint == late.fingerprint
    assert late.labels["service"] == "booking"
    assert late.fingerprint != only("uptimekuma", "episode-1-firing").fingerprint


@pytest.mark.parametrize("message", ["Domain name example.com will expire in 3 days", "x will expire in 1 day"])
def test_whatever_expires_is_told(message: str) -> None:
    assert only("uptimekuma", {"heartbeat": None, "monitor": None, "msg": message}).summary == message


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "there is no heartbeat"),
        ({"heartbeat": None, "monitor": None, "msg": "Something else"}, "there is no heartbeat"),
        ({"heartbeat": {"status": 0}, "monitor": {"name": "Nameless"}}, "monitor.id and heartbeat.monitorID are"),
        ([], "the body is a list"),
    ],
)
def test_what_is_no_notification_is_refused(given: object, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read("uptimekuma", given)
