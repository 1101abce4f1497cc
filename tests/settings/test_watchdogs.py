"""The block `watchdog`: whose heartbeat is expected, and how often."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.matchers import text_of
from bot.settings import load, load_file, summarise
from tests.settings.files import faults_of, written
from tests.settings.test_sources import ENOUGH


def test_every_sender_may_be_expected_to_send_a_heartbeat(tmp_path: Path) -> None:
    text = """
sources:
  alertmanager:
    watchdog: {}
    integrations:
      eu: {token_env: EU_TOKEN, watchdog: {match: 'alertname="DeadMan", site=~"eu-.*"', every: 5m, grace: 10m}}
      us: {token_env: US_TOKEN, watchdog: {}}
"""
    settings = load(written(text, tmp_path), {**ENOUGH, "EU_TOKEN": "e"})
    first, eu = settings.policy.watchdogs
    assert (first.label, first.every, first.grace) == (
        "alertmanager/default",
        timedelta(minutes=1),
        timedelta(minutes=5),
    )
    assert text_of(first.match) == '{alertname="Watchdog"}'
    assert text_of(eu.match) == '{alertname="DeadMan", site=~"eu-.*"}'
    assert (eu.label, eu.allowed) == ("alertmanager/eu", timedelta(minutes=15))
    assert "Heartbeats expected from: alertmanager/default, alertmanager/eu" in summarise(settings)


def test_who_is_off_is_not_missed(tmp_path: Path) -> None:
    path = written("sources: {grafana: {enabled: false, watchdog: {}}}", tmp_path)
    assert [dog.label for dog in load_file(path).policy.watchdogs] == ["grafana/default"]
    assert load(path, ENOUGH).policy.watchdogs == ()


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ("{match: {}}", "must be matchers such as"),
        ("{match: Watchdog}", "one of = != =~ !~ is missing"),
        ("{every: 0s}", "out of range"),
        ("{period: 1m}", "unknown key"),
    ],
)
def test_a_block_that_cannot_be_used_is_refused(block: str, fault: str, tmp_path: Path) -> None:
    (line,) = faults_of(written(f"sources: {{grafana: {{watchdog: {block}}}}}", tmp_path))
    assert fault in line
