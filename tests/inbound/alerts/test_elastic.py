"""What Kibana sends with the template for Muster."""

import json
import re
from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import elastic
from tests.inbound.alerts.sent import only, payload, read
from tests.inbound.alerts.templates import template_of

BEGAN = datetime(2026, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC)


def test_an_active_alert_is_read_with_everything_that_it_tells() -> None:
    alert = only("elastic", "episode-1-active")
    assert alert == ReportedAlert(
        source=elastic.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=BEGAN,
        title="Errors of booking",
        summary="Error rate is 9 % in the last 5 min for booking-eu",
        severity=AlertSeverity.HIGH,
        labels={
            "service": "booking",
            "severity": "high",
            "tags": "prod",
            "rule": "Errors of booking",
            "alert": "booking-eu",
            "space": "travel",
        },
        source_url="https://kibana.example.com/s/travel/app/management/insightsAndAlerting/triggersActions/rule/41c7e8d2",
        runbook_url="https://runbooks.example.com/booking",
        dashboard_url="https://kibana.example.com/s/travel/app/observability/alerts/9e8d7c6b",
    )


def test_recovered_ends_the_same_alert() -> None:
    active, over = only("elastic", "episode-1-active"), only("elastic", "episode-2-recovered")
    assert (over.status, over.fingerprint) == (AlertStatus.RESOLVED, active.fingerprint)
    assert over.ends_at == datetime(2026, 5, 6, 7, 20, 9, 410_000, tzinfo=UTC)


@pytest.mark.parametrize("flapping", [True, "true", "True"])
def test_that_it_flaps_is_passed_on(flapping: object) -> None:
    assert only("elastic", payload("elastic", "flapping") | {"flapping": flapping}).labels["flapping"] == "true"


@pytest.mark.parametrize("part", ["rule_id", "alert_id", "space"])
def test_a_rule_an_alert_and_a_space_make_the_series(part: str) -> None:
    other = only("elastic", payload("elastic", "episode-1-active") | {part: "other"})
    assert other.fingerprint != only("elastic", "episode-1-active").fingerprint


def test_without_a_tag_the_action_group_may_give_the_severity() -> None:
    assert only("elastic", "severity-by-group").severity is AlertSeverity.CRITICAL


def test_a_template_that_was_not_filled_in_is_refused_with_the_reason() -> None:
    with pytest.raises(BadInput, match="rule_id is missing or was not filled in"):
        read("elastic", "placeholders")


def test_the_template_of_our_page_gives_what_is_read() -> None:
    values = {
        "rule.id": "41c7",
        "rule.name": "Errors of booking",
        "alert.id": "booking-eu",
        "alert.actionGroup": "recovered",
        "alert.flapping": "false",
        "rule.tags": "prod,service:booking",
        "rule.spaceId": "travel",
        "date": "2026-05-06T07:08:09.123Z",
    }
    body = re.sub(r"\{\{([\w.]+)\}\}", lambda found: values.get(found[1], ""), template_of("elastic"))
    assert "{{" not in body
    alert = only("elastic", json.loads(body))
    assert (alert.title, alert.status, alert.ends_at) == ("Errors of booking", AlertStatus.RESOLVED, BEGAN)
    assert alert.labels["service"] == "booking"
