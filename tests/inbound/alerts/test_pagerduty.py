"""What PagerDuty sends."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.ids import IncidentId
from bot.domain.page_commands import HearPager
from bot.domain.paging import page_key
from bot.errors import BadInput
from bot.inbound.alerts import pagerduty
from tests.domain.story import Story
from tests.fakes.pagerduty_webhooks import webhook

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


KEY = "muster-inc-42-7k3x"
AT = datetime(2026, 4, 11, 19, 42, tzinfo=UTC)


def news(word: str, key: str = KEY, **changes: str) -> HearPager | None:
    return pagerduty.page_news(webhook(key, word, AT, **changes))


def test_what_a_person_did_with_our_page_is_read() -> None:
    expected = HearPager(incident=IncidentId(42), key=KEY, word="acknowledged", name="Ana Lima", told_at=AT)
    assert news("acknowledged", agent="Ana\nLima") == expected
    assert news("resolved", agent="Ana Lima") == replace(expected, word="resolved")
    again = replace(expected, word="unacknowledged", name="", rings=True)
    assert (news("unacknowledged"), news("reopened")) == (again, again)
    given = replace(expected, word="reassigned", to=("Bo", "Cleo"), rings=True)
    body = webhook(KEY, "reassigned", AT, agent="Ana Lima", to=("Bo", "", "Cleo"))
    assert pagerduty.page_news(body) == given
    kept = webhook(KEY, "reassigned", AT, agent="Ana Lima", to=("Bo",), status="acknowledged")
    assert pagerduty.page_news(kept) == replace(given, to=("Bo",), rings=False)


def test_who_is_no_user_has_no_name() -> None:
    given = json.loads(webhook(KEY, "acknowledged", AT, agent="Events API"))
    given["event"]["agent"]["type"] = "inbound_integration_reference"
    found = pagerduty.page_news(json.dumps(given).encode())
    assert found
    assert found.name == ""


@pytest.mark.parametrize("key", ["mail-queue", "", f"muster-inc-{'9' * 30}-7k3x", "muster-inc-x-7k3x"])
def test_what_is_not_about_a_page_of_ours_is_no_news(key: str) -> None:
    assert news("acknowledged", key) is None


@pytest.mark.parametrize("changes", [{"event_type": "incident.triggered"}, {"event_type": None}, {"occurred_at": None}])
def test_what_says_nothing_new_or_not_when_is_no_news(changes: dict[str, object]) -> None:
    given = json.loads(webhook(KEY, "acknowledged", AT))
    given["event"] |= changes
    assert pagerduty.page_news(json.dumps(given).encode()) is None


@pytest.mark.parametrize("odd", [None, 7, "x", [], [None, 7, {}], {"type": 7}])
def test_oddities_around_a_page_cost_nothing(odd: object) -> None:
    given = json.loads(webhook(KEY, "reassigned", AT, agent="Ana"))
    given["event"]["agent"] = given["event"]["data"]["assignees"] = odd
    assert pagerduty.page_news(json.dumps(given).encode()) is not None
    given["event"]["data"] = odd
    assert pagerduty.page_news(json.dumps(given).encode()) is None


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
