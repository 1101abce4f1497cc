"""What Honeycomb sends of triggers and burn alerts."""

from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import honeycomb
from tests.inbound.alerts.sent import only, payload, read


def test_a_trigger_is_read_with_everything_that_it_tells() -> None:
    alert = only("honeycomb", "episode-1-triggered")
    assert alert == ReportedAlert(
        source=honeycomb.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=WHEN_RECEIVED,
        title="Errors of booking",
        summary="Triggered: Errors of booking",
        description=(
            "Errors by endpoint\n"
            "Currently greater than threshold value (20) for 2 groups\n"
            "endpoint=/pay, region=eu: 44.5\n"
            "endpoint=/seats: 21"
        ),
        severity=AlertSeverity.UNKNOWN,
        labels={"alert_type": "on_change"},
        source_url="https://ui.honeycomb.io/example/datasets/booking/result/q1W2e3R4t5Y",
        dashboard_url="https://ui.honeycomb.io/example/datasets/booking/triggers/Zt4yRw8Np1X",
    )


def test_ok_ends_the_same_trigger() -> None:
    fired, over = only("honeycomb", "episode-1-triggered"), only("honeycomb", "episode-2-ok")
    assert (over.status, over.fingerprint) == (AlertStatus.RESOLVED, fired.fingerprint)


def test_of_the_test_button_nothing_comes() -> None:
    assert read("honeycomb", "test-button") == ()


def test_a_burn_alert_links_to_its_objective() -> None:
    alert = only("honeycomb", "burn-alert")
    assert alert.title == "Booking answers in time"
    assert alert.source_url == "https://ui.honeycomb.io/example/datasets/booking/slo/bA9cD8eF7gH"


def test_a_template_of_ones_own_may_tell_more() -> None:
    alert = only("honeycomb", "own-template")
    assert alert.severity is AlertSeverity.CRITICAL
    assert alert.labels == {"service": "booking", "severity": "critical"}
    assert alert.starts_at == datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert alert.fingerprint == only("honeycomb", "episode-1-triggered").fingerprint


def test_of_many_groups_the_first_are_named_and_the_rest_counted() -> None:
    groups = [{"Group": {"n": n}, "Result": None} for n in range(1_000)] + [None]
    told = payload("honeycomb", "episode-1-triggered") | {"result_groups_triggered": groups}
    assert only("honeycomb", told).description.endswith("n=18\nn=19\nand 981 more")


def test_without_an_id_the_address_names_the_trigger() -> None:
    told = payload("honeycomb", "episode-1-triggered") | {"id": ""}
    assert only("honeycomb", told).title == "Errors of booking"
    with pytest.raises(BadInput, match="id and trigger_url are missing"):
        read("honeycomb", told | {"trigger_url": None})


def test_what_is_no_notification_is_refused() -> None:
    with pytest.raises(BadInput, match="status is missing"):
        read("honeycomb", {"id": "x", "status": "{{ .Alert.Status }}"})
