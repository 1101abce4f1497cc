"""What New Relic sends."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import newrelic

FIXTURES = Path(__file__).parent / "newrelic"


def only(name: str) -> ReportedAlert:
    (alert,) = newrelic.parse((FIXTURES / f"{name}.json").read_bytes())
    return alert


def test_everything_that_an_issue_tells_is_kept() -> None:
    alert = only("episode-1-created")
    assert alert == ReportedAlert(
        source=newrelic.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=datetime(2026, 4, 11, 19, 40, 10, 157_000, tzinfo=UTC),
        title="Queue length",
        summary="Queue length > 4000 for at least 5 minutes on 'mail'",
        severity=AlertSeverity.HIGH,
        labels={
            "entity": "mail",
            "policy": "Mail",
            "condition": "Queue length",
            "workflow": "Mail to Muster",
            "priority": "HIGH",
        },
        source_url="https://radar-api.service.eu.newrelic.com/accounts/7/issues/b7c1d0e2?notifier=WEBHOOK",
    )


def test_the_chart_is_the_picture_when_the_template_names_it() -> None:
    told = json.loads((FIXTURES / "episode-1-created.json").read_bytes())
    told["violationChartUrl"] = "https://charts.example.com/c/1.png"
    (alert,) = newrelic.parse(json.dumps(told).encode())
    assert alert.image_url == "https://charts.example.com/c/1.png"


def test_an_acknowledged_issue_goes_on() -> None:
    assert only("episode-2-acknowledged").status is AlertStatus.FIRING


def test_a_closed_issue_ends_the_same_episode_in_capitals_or_not() -> None:
    fired, closed = only("episode-1-created"), only("episode-3-closed")
    assert (closed.fingerprint, closed.starts_at) == (fired.fingerprint, fired.starts_at)
    assert (closed.status, closed.ends_at) == (
        AlertStatus.RESOLVED,
        datetime(2026, 4, 11, 19, 52, 10, 157_000, tzinfo=UTC),
    )


def test_a_template_of_ones_own_may_use_the_newer_names_lists_and_a_service() -> None:
    alert = only("sparse")
    assert (alert.title, alert.source_url) == ("Errors", "https://one.eu.newrelic.com/i/c0ffee")
    assert (alert.labels, alert.runbook_url) == ({"service": "mail"}, "https://runbooks.example.net/mail")
    assert alert.severity is AlertSeverity.UNKNOWN


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"id": "a", "state": "CREATED"}', b'{"id": "a", "createdAt": 1}']
)
def test_what_names_no_issue_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        newrelic.parse(body)
