"""What GitHub sends of workflows, and of everything else."""

import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from bot.domain.alerts import identity
from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.errors import BadInput
from bot.inbound.alerts import github
from tests.domain.story import Story
from tests.inbound.alerts.sent import only, payload, read

BEGAN = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)


def after(*fixtures: str) -> AlertStatus:
    """Return how the workflow stands after these."""
    story = Story()
    for fixture in fixtures:
        story.do(ReportAlert(report=only("github", fixture)))
    assert story.alert
    return story.alert.status


def test_a_failed_run_is_read_with_everything_that_it_tells() -> None:
    alert = only("github", "episode-1-failed")
    assert alert == ReportedAlert(
        source=github.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=BEGAN,
        title="Tests",
        summary="Tests failed on trunk of example/booking",
        description="Seats can be changed",
        severity=AlertSeverity.UNKNOWN,
        labels={
            "service": "booking",
            "repository": "example/booking",
            "branch": "trunk",
            "workflow": "Tests",
            "trigger": "push",
            "commit": "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
            "run": "88",
        },
        source_url="https://github.com/example/booking/actions/runs/70112233",
    )


@pytest.mark.parametrize("fixture", ["episode-2-succeeded", "rerun-succeeded"])
def test_a_later_success_of_the_same_workflow_ends_it(fixture: str) -> None:
    assert identity(only("github", fixture)) == identity(only("github", "episode-1-failed"))
    assert after("episode-1-failed", fixture) is AlertStatus.RESOLVED


def test_a_success_of_a_run_that_began_earlier_ends_nothing() -> None:
    assert after("episode-1-failed", "older-run-succeeded") is AlertStatus.FIRING


def test_a_run_that_takes_too_long_has_failed_too() -> None:
    assert only("github", "timed-out").summary == "Tests timed out on trunk of example/booking"


@pytest.mark.parametrize(
    "fixture", ["cancelled", "other-branch", "fork-with-the-same-branch", "requested", "ping", "push"]
)
def test_of_everything_else_nothing_comes_and_it_is_no_fault(fixture: str) -> None:
    assert read("github", fixture) == ()


def test_a_form_holds_the_same() -> None:
    told = payload("github", "episode-1-failed")
    told["workflow_run"]["display_title"] = "100 % + ünïcode & more"
    form = urlencode({"payload": json.dumps(told, ensure_ascii=False)}).encode()
    assert github.parse(form) == read("github", told)
    with pytest.raises(BadInput, match="not JSON"):
        github.parse(b"payload=%7B%zz")


@pytest.mark.parametrize("part", ["workflow_id", "run_started_at"])
def test_a_run_that_cannot_be_placed_is_refused(part: str) -> None:
    told = payload("github", "episode-1-failed")
    told["workflow_run"] |= {part: None, "created_at": None}
    with pytest.raises(BadInput, match="run_started_at, workflow_id or"):
        read("github", told)


def test_what_github_never_sends_is_refused() -> None:
    with pytest.raises(BadInput, match="no event of GitHub's"):
        read("github", {"alerts": []})
    with pytest.raises(BadInput, match="`workflow_run` is missing"):
        read("github", payload("github", "episode-1-failed") | {"workflow_run": None})
