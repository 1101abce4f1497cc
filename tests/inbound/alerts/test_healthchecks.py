"""What Healthchecks.io sends with the template for Muster."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import healthchecks
from tests.inbound.alerts.sent import only, payload, read
from tests.inbound.alerts.templates import template_of

BEGAN = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_a_check_that_is_down_is_read_with_everything_that_it_tells() -> None:
    alert = only("healthchecks", "episode-1-down")
    assert alert == ReportedAlert(
        source=healthchecks.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=BEGAN,
        title='Backup of "mail"',
        description="Every night at three.",
        severity=AlertSeverity.HIGH,
        labels={"check": "backup-of-mail", "exit_status": "-1", "service": "mail", "priority": "p2", "tags": "prod"},
        source_url="https://healthchecks.example.com/checks/77aa0f1e-2d3c-4b5a-8697-a8b9cadbecfd/details/",
    )


def test_coming_up_ends_what_the_same_check_began() -> None:
    down, up = only("healthchecks", "episode-1-down"), only("healthchecks", "episode-2-up")
    assert (up.status, up.fingerprint) == (AlertStatus.RESOLVED, down.fingerprint)
    assert up.ends_at == datetime(2026, 5, 6, 7, 20, 9, tzinfo=UTC)


def test_what_was_pinged_last_is_shown() -> None:
    told = payload("healthchecks", "episode-1-down") | {"body": "disk full"}
    assert only("healthchecks", told).description == "Every night at three.\ndisk full"


def test_a_template_that_was_not_filled_in_is_refused_with_the_reason() -> None:
    with pytest.raises(BadInput, match="code is missing or was not filled in"):
        read("healthchecks", "placeholders")


def test_of_a_check_that_tells_only_its_code_there_is_still_an_alert() -> None:
    alert = only("healthchecks", {"code": "77aa", "status": "$STATUS", "now": "$NOW"})
    assert (alert.title, alert.status, alert.starts_at) == ("Check 77aa", AlertStatus.FIRING, WHEN_RECEIVED)


@pytest.mark.parametrize("name", ['Backup "of" \\ mail', "Ünïcode"])
def test_the_template_of_our_page_gives_what_is_read(name: str) -> None:
    body = template_of("healthchecks")
    for placeholder, value in {
        "$BODY_JSON": '"x"',
        "$JSON": json.dumps({"name": name, "desc": "", "tags": "service=mail"}),
        "$CODE": "77aa",
        "$STATUS": "down",
        "$NOW": "2026-05-06T07:08:09+00:00",
        "$EXITSTATUS": "1",
    }.items():
        body = body.replace(placeholder, value)
    (alert,) = healthchecks.parse(body.encode())
    assert (alert.title, alert.starts_at, alert.labels["service"]) == (name, BEGAN, "mail")
