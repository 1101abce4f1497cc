"""What Grafana sends."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.alerts import identity
from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import grafana

FIXTURES = Path(__file__).parent / "grafana"


def told(name: str) -> tuple[ReportedAlert, ...]:
    return grafana.parse((FIXTURES / f"{name}.json").read_bytes(), lambda _: None)


def test_everything_that_an_alert_tells_is_kept() -> None:
    (alert,) = told("episode-1-firing")
    assert alert == ReportedAlert(
        source=grafana.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=datetime(2026, 4, 11, 19, 40, 10, 157_000, tzinfo=UTC),
        title="QueueTooLong",
        summary="The outgoing queue has 4,310 messages",
        values="A = 4310, B = 4310.25, C = 1",
        severity=AlertSeverity.WARNING,
        labels={
            "alertname": "QueueTooLong",
            "grafana_folder": "Mail",
            "queue": "outgoing",
            "service": "mail",
            "severity": "warning",
        },
        source_url="https://graphs.example.net/alerting/grafana/be31c9/view?orgId=3",
        runbook_url="https://runbooks.example.net/mail/queue",
        dashboard_url="https://graphs.example.net/d/mail?orgId=3&viewPanel=2",
        image_url="https://graphs.example.net/public-img/x.png",
        silence_url="https://graphs.example.net/alerting/silence/new?orgId=3",
    )


def test_the_resolved_is_the_same_episode_and_has_its_end() -> None:
    (fired,), (resolved,) = told("episode-1-firing"), told("episode-3-resolved")
    assert (identity(resolved), resolved.starts_at) == (identity(fired), fired.starts_at)
    assert resolved.status is AlertStatus.RESOLVED
    assert resolved.ends_at == datetime(2026, 4, 11, 19, 52, 10, 157_000, tzinfo=UTC)


def test_the_same_labels_in_another_organisation_are_another_series() -> None:
    (one,), (other,) = told("episode-1-firing"), told("other-organisation")
    assert identity(one) != identity(other)


def test_what_grafana_says_of_itself_is_labelled_and_does_not_repeat_the_rules_summary() -> None:
    no_data, error = told("no-data-and-error")
    assert (no_data.labels["meta_alert"], error.labels["meta_alert"]) == ("no_data", "error")
    assert no_data.summary == "Grafana gets no data for QueueTooLong"
    assert error.summary == "Grafana cannot evaluate a rule"
    assert error.description == "failed to execute query A: context deadline exceeded"
    assert (no_data.description, no_data.labels["service"]) == ("", "mail")


def test_without_values_their_text_stands_for_them_and_a_broken_member_costs_no_other() -> None:
    (alert,) = told("bare")
    assert (alert.title, alert.values) == ("OwnTemplate", "[ value=7 ]")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"alerts": [{}]}', b'{"title": "[Alerting]", "state": "ok"}'])
def test_what_is_no_notification_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        grafana.parse(body)
