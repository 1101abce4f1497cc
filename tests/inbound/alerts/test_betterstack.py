"""What Better Stack sends of an incident, and of what is none."""

from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import betterstack
from tests.inbound.alerts.sent import only, payload, read

BEGAN = datetime(2026, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC)
OVER = datetime(2026, 5, 6, 7, 20, 9, 410_000, tzinfo=UTC)


def test_an_incident_is_read_with_everything_that_it_tells() -> None:
    alert = only("betterstack", "episode-1-started")
    assert alert == ReportedAlert(
        source=betterstack.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=BEGAN,
        title="Booking front page",
        summary="Booking front page: Timeout (no headers received)",
        severity=AlertSeverity.CRITICAL,
        labels={
            "url": "https://booking.example.com",
            "monitor_id": "30117",
            "better_stack_team": "Travel",
            "service": "booking",
            "severity": "critical",
        },
        source_url="https://booking.example.com",
        image_url="https://shots.example.com/884201.png",
    )


def test_an_acknowledged_incident_still_fires() -> None:
    assert only("betterstack", "acknowledged") == only("betterstack", "episode-1-started")


@pytest.mark.parametrize("fixture", ["episode-2-resolved", "comment-when-over"])
def test_what_is_over_stays_over_whatever_is_told_of_it(fixture: str) -> None:
    alert = only("betterstack", fixture)
    assert (alert.status, alert.starts_at, alert.ends_at) == (AlertStatus.RESOLVED, BEGAN, OVER)
    assert alert.fingerprint == only("betterstack", "episode-1-started").fingerprint


def test_that_it_is_over_is_believed_without_the_event_too() -> None:
    told = payload("betterstack", "episode-2-resolved")
    del told["event"]
    told["data"]["attributes"]["resolved_at"] = None
    alert = only("betterstack", told)
    assert (alert.status, alert.ends_at) == (AlertStatus.RESOLVED, None)


def test_an_incident_that_is_open_again_is_a_new_episode() -> None:
    alert = only("betterstack", "reopened")
    assert (alert.status, alert.starts_at, alert.ends_at) == (AlertStatus.FIRING, WHEN_RECEIVED, None)


def test_of_monitors_and_of_who_is_on_call_nothing_comes() -> None:
    assert read("betterstack", "monitor-paused") == ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "`data` is missing"),
        ({"data": {"id": "1"}}, r"data\.type is missing"),
        ({"data": {"type": "incident", "id": None}}, r"data\.id is missing"),
    ],
)
def test_what_is_no_webhook_is_refused(given: object, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read("betterstack", given)


def test_of_an_incident_that_tells_nothing_there_is_still_an_alert() -> None:
    alert = only("betterstack", {"data": {"type": "incident", "id": 7, "attributes": None}})
    assert (alert.title, alert.starts_at, alert.summary) == ("Incident 7", WHEN_RECEIVED, "")
