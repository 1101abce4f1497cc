"""An expected heartbeat: its silence is an alert of our own, and the time in which nobody listened is no silence."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.alerts_model import Alert, AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.ids import SourceName
from bot.domain.matchers import matchers_of
from bot.domain.policy import Policy
from bot.domain.watchdogs import Heard, Watchdog, judged, over, watchdog_of
from tests.fakes.clock import START

MINUTE = timedelta(minutes=1)
DOG = Watchdog(
    source=SourceName("alertmanager"),
    integration="eu",
    match=matchers_of('alertname="Watchdog", team=~"core|sre"'),
    every=MINUTE,
    grace=MINUTE * 5,
)
ALERT = ReportedAlert(
    source=SourceName("alertmanager"),
    integration="eu",
    fingerprint="1",
    status=AlertStatus.FIRING,
    starts_at=START,
    title="Watchdog",
    labels={"team": "core"},
)


def held(report: ReportedAlert | None, now: datetime, known: Alert | None = None) -> Alert:
    assert report
    decision = decide(State(alert=known), ReportAlert(report=report), now, Policy())
    assert decision.alert, "it is news"
    return decision.alert


@pytest.mark.parametrize(
    ("changes", "is_one"),
    [
        ({}, True),
        ({"integration": "us"}, False),
        ({"source": SourceName("grafana")}, False),
        ({"title": "Watchdogs"}, False),
        ({"labels": {"team": "shop"}}, False),
        ({"labels": {}}, False),
    ],
)
def test_a_heartbeat_is_known_by_its_sender_and_its_labels(changes: dict[str, object], is_one: bool) -> None:
    report = replace(ALERT, **changes)  # type: ignore[arg-type] # a test's own words
    assert watchdog_of([DOG], report) == (DOG if is_one else None)


def test_an_alert_is_no_heartbeat_where_none_is_expected() -> None:
    assert watchdog_of([], ALERT) is None


def test_silence_is_borne_for_the_period_and_the_grace_and_then_it_is_an_alert() -> None:
    heard = Heard(last=START)
    almost = START + MINUTE * 6 - timedelta(seconds=1)
    assert judged(DOG, heard, None, almost) == (None, START + MINUTE * 6)
    report, again = judged(DOG, heard, None, START + MINUTE * 6)
    alarm = held(report, START + MINUTE * 6)
    assert alarm.report.headline == "No heartbeat from alertmanager/eu since 2026-03-02 09:00:00 UTC"
    assert (alarm.report.severity, alarm.report.source) == (AlertSeverity.CRITICAL, "muster")
    assert "expected every 1 min and is 5 min late" in alarm.report.description
    assert again == START + MINUTE * 12
    assert judged(DOG, heard, alarm, again) == (None, again + MINUTE * 6), "it is said once"


def test_a_short_rhythm_is_told_in_seconds() -> None:
    quick = replace(DOG, every=timedelta(seconds=90), grace=timedelta(seconds=30))
    report, _ = judged(quick, Heard(last=START), None, START + MINUTE * 2)
    assert report
    assert "expected every 90 s and is 30 s late" in report.description


def test_the_next_heartbeat_ends_it_and_the_next_silence_is_another_alert() -> None:
    now = START + MINUTE * 6
    alarm = held(judged(DOG, Heard(last=START), None, now)[0], now)
    now += MINUTE
    report, again = judged(DOG, Heard(last=now), alarm, now)
    ended = held(report, now, alarm)
    assert (ended.status, ended.ended_at, again) == (AlertStatus.RESOLVED, now, now + MINUTE * 6)
    assert judged(DOG, Heard(last=now), ended, now + MINUTE) == (None, now + MINUTE * 6)
    second = held(judged(DOG, Heard(last=now), ended, now + MINUTE * 6)[0], now + MINUTE * 6, ended)
    assert (second.status, second.id != ended.id) == (AlertStatus.FIRING, True)


def test_the_time_in_which_nobody_listened_is_no_silence() -> None:
    heard = Heard(last=START, at_work=START + MINUTE, back=None)
    back = START + MINUTE * 30
    assert judged(DOG, heard, None, back) == (None, back + MINUTE * 6), "back, and nobody has written it yet"
    heard = Heard(last=START, at_work=back, back=back)
    assert judged(DOG, heard, None, back + MINUTE) == (None, back + MINUTE * 6)
    report, _ = judged(DOG, replace(heard, at_work=back + MINUTE * 5), None, back + MINUTE * 6)
    assert held(report, back + MINUTE * 6).report.headline.endswith("since 2026-03-02 09:00:00 UTC")


def test_an_alarm_does_not_end_because_muster_was_away() -> None:
    now = START + MINUTE * 6
    alarm = held(judged(DOG, Heard(last=START), None, now)[0], now)
    back = START + MINUTE * 30
    heard = Heard(last=START, at_work=back, back=back)
    assert judged(DOG, heard, alarm, back + MINUTE) == (None, back + MINUTE * 6)


def test_a_heartbeat_that_came_in_time_and_was_read_late_ends_the_alarm() -> None:
    now = START + MINUTE * 6
    alarm = held(judged(DOG, Heard(last=START), None, now)[0], now)
    report, _ = judged(DOG, Heard(last=now - MINUTE), alarm, now + MINUTE)
    assert held(report, now + MINUTE, alarm).status is AlertStatus.RESOLVED


def test_what_nobody_expects_any_more_is_over() -> None:
    now = START + MINUTE * 6
    alarm = held(judged(DOG, Heard(last=START), None, now)[0], now)
    assert held(over(alarm, now + MINUTE), now + MINUTE, alarm).status is AlertStatus.RESOLVED
