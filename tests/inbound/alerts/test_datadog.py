"""What Datadog sends, with the payload of the documentation and without."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import datadog

FIXTURES = Path(__file__).parent / "datadog"
PAGE = Path(__file__).parents[3] / "docs" / "sources" / "datadog.md"


def body(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def only(given: bytes) -> ReportedAlert:
    (alert,) = datadog.parse(given)
    return alert


def test_everything_that_a_notification_tells_is_kept() -> None:
    alert = only(body("episode-1-triggered"))
    assert alert == ReportedAlert(
        source=datadog.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=datetime(2026, 4, 11, 19, 40, 10, tzinfo=UTC),
        title="[mail] Queue too long",
        summary="mail.queue.length over env:prod,queue:outgoing was > 4000.0 on average during the last 5m",
        description="The queue is long. @webhook-muster",
        severity=AlertSeverity.WARNING,
        labels={
            "env": "prod",
            "host": "mx-3",
            "metric": "mail.queue.length",
            "queue": "outgoing",
            "service": "mail",
            "tags": "monitor",
        },
        source_url="https://app.datadoghq.eu/event/event?id=7790",
        image_url="https://snaps.example.eu/mail/7790.png",
    )


@pytest.mark.parametrize(
    "transition", ["Triggered", "Re-Triggered", "Warn", "Re-Warn", "No Data", "Re-No Data", "Renotify", "Null", "New"]
)
def test_only_recovered_is_an_end(transition: str) -> None:
    given = body("episode-1-triggered").replace(b'"Triggered"', f'"{transition}"'.encode())
    assert only(given).status is AlertStatus.FIRING


def test_a_recovery_ends_at_its_own_time() -> None:
    alert = only(body("episode-4-recovered"))
    assert (alert.status, alert.ends_at) == (AlertStatus.RESOLVED, datetime(2026, 4, 11, 21, 20, 10, tzinfo=UTC))


def test_without_a_transition_the_type_says_that_all_is_well() -> None:
    assert only(body("no-transition-all-well")).status is AlertStatus.RESOLVED


def test_the_next_cycle_of_a_monitor_is_another_series_and_so_is_another_scope_without_cycles() -> None:
    cycle, later = body("episode-1-triggered"), body("episode-1-triggered").replace(b"8811203344556677", b"9")
    scope, other = body("no-cycle-key"), body("no-cycle-key").replace(b"queue:outgoing", b"queue:incoming")
    assert len({only(given).fingerprint for given in (cycle, later, scope, other)}) == 4


def test_what_the_template_left_unfilled_is_not_told_and_the_type_stands_for_a_missing_priority() -> None:
    alert = only(body("no-cycle-key"))
    assert "host" not in alert.labels
    assert alert.severity is AlertSeverity.WARNING


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (body("default-payload"), "alert_id is missing: set the payload that docs/sources/datadog.md shows"),
        (b'{"alert_id": "$ALERT_ID"}', "alert_id is missing: set the payload that docs/sources/datadog.md shows"),
        (b'{"alert_id": "7", "date": "1775936410000"}', "transition is missing: set the payload"),
        (b'{"alert_id": "7", "transition": "Triggered"}', "date is missing or no time"),
        (b"[]", "the body is a list, not an object"),
    ],
)
def test_a_payload_that_names_no_monitor_is_refused_with_the_word_what_to_change(given: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        datadog.parse(given)


def test_the_payload_of_the_documentation_is_read() -> None:
    found = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    template = found[1]
    values = json.loads(body("episode-1-triggered"))
    for name, macro in json.loads(template).items():
        if name in values:
            template = template.replace(macro, str(values[name]).replace("\n", "\\n"))
    assert only(template.encode()) == only(body("episode-1-triggered"))
