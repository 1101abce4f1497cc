"""Maintenance and inhibition in the file: what is read of them, and what is wrong with them, by its place."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.declared import Declared
from bot.domain.ids import UserId
from bot.domain.matchers import matchers_of
from bot.domain.muting import Inhibition, Maintenance, MutePolicy
from bot.domain.windows import Recurring, Weekly
from bot.settings import load_file, summarise
from tests.settings.files import faults_of, written

GOOD = """\
maintenance:
  - name: patches
    match: cluster="eu"
    windows:
      - {days: [sat], times: ["23:00-02:00"], time_zone: Europe/Berlin}
      - {times: ["12:00-13:00"]}
      - {start: "2026-12-06 02:00", rule: "FREQ=MONTHLY;BYDAY=1SU", lasts: 2h}
inhibit:
  - {source: alertname=Down, target: severity=info, equal: [cluster], missing_is_equal: true}
"""


def test_what_keeps_alerts_quiet_is_read(tmp_path: Path) -> None:
    utc, berlin = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
    windows = (
        Weekly(days=frozenset({5}), begins=time(23), ends=time(2), zone=berlin),
        Weekly(days=frozenset(range(7)), begins=time(12), ends=time(13), zone=utc),
        Recurring(
            start=datetime(2026, 12, 6, 2),  # noqa: DTZ001 - by a wall's clock
            rule="FREQ=MONTHLY;BYDAY=1SU",
            lasts=timedelta(hours=2),
            zone=utc,
        ),
    )
    rule = Inhibition(
        source=matchers_of("alertname=Down"),
        target=matchers_of("severity=info"),
        equal=("cluster",),
        missing_is_equal=True,
    )
    work = Maintenance(name="patches", matchers=matchers_of("cluster=eu"), windows=windows)
    expected = MutePolicy(maintenance=(work,), inhibitions=(rule,))
    assert load_file(written(GOOD, tmp_path)).policy.mute == expected


def test_silences_are_read_with_their_ends_by_the_clock_of_a_zone(tmp_path: Path) -> None:
    text = """\
silences:
  - {name: rebuild, match: service=search, until: "2026-12-06 02:00", time_zone: Europe/Berlin, by: U0ANA, reason: a}
  - {name: move, match: 'pod=~"a|b"', until: "2026-12-06 02:00", reason: It moves}
"""
    first = Declared(
        name="rebuild",
        matchers=matchers_of("service=search"),
        until=datetime(2026, 12, 6, 1, tzinfo=UTC),
        by=UserId("U0ANA"),
        reason="a",
    )
    second = Declared(
        name="move",
        matchers=matchers_of('pod=~"a|b"'),
        until=datetime(2026, 12, 6, 2, tzinfo=UTC),
        by=UserId("muster.yaml"),
        reason="It moves",
    )
    assert load_file(written(text, tmp_path)).silences == (first, second)


def _silence(**changes: str) -> str:
    parts = {"name": "a", "match": "a=b", "until": '"2026-12-06 02:00"', "reason": "b"} | changes
    return "{" + ", ".join(f"{name}: {value}" for name, value in parts.items()) + "}"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (_silence(match="a!=b"), "silences[0].match: means every alert"),
        (_silence(until="soon"), "silences[0].until: must be a day and a time"),
        (_silence(names="b"), 'silences[0].names: unknown key, did you mean "name"?'),
        (_silence(reason="''"), "silences[0].reason: "),
        (_silence(name="a" * 61), "silences[0].name: "),
        (f"{_silence()}, {_silence()}", 'silences: two are called "a"; give each a name of its own'),
    ],
)
def test_a_silence_that_cannot_count_is_a_fault(text: str, fault: str, tmp_path: Path) -> None:
    told = faults_of(written(f"silences: [{text}]", tmp_path))
    assert fault in told[0], told


def test_the_summary_names_the_silences_that_are_declared(tmp_path: Path) -> None:
    found = load_file(written(f"silences: [{_silence()}, {_silence(name='b')}]", tmp_path))
    assert "Silences declared: a, b" in summarise(found).splitlines()


def test_silences_may_be_commented_out(tmp_path: Path) -> None:
    assert load_file(written("silences:\n", tmp_path)).silences == ()


def _window(text: str) -> str:
    return f"maintenance:\n  - name: a\n    match: a=b\n    windows:\n      - {{{text}}}\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "maintenance: [{name: a, match: a=b, windows: []}]",
            "1:46 maintenance[0].windows: is empty; name at least one",
        ),
        ("maintenance: [{name: a, match: nothing, windows: [{}]}]", "1:32 maintenance[0].match: "),
        (
            "maintenance: [{nam: a, match: a=b, windows: [{times: ['1:00-2:00']}]}]",
            '1:16 maintenance[0].nam: unknown key, did you mean "name"?',
        ),
        (
            "inhibit: [{source: a=b, target: c=d, equals: [x]}]",
            '1:38 inhibit[0].equals: unknown key, did you mean "equal"?',
        ),
        (_window("time: ['1:00-2:00']"), '5:10 maintenance[0].windows[0].time: unknown key, did you mean "times"?'),
        (_window("time_zone: UTC"), "5:9 maintenance[0].windows[0]: needs days or times, or else start, rule and"),
        (
            _window("days: [sat], start: '2026-12-06 02:00', rule: FREQ=DAILY, lasts: 1h"),
            "5:9 maintenance[0].windows[0]: needs days or times, or else start, rule and lasts",
        ),
        (_window("times: ['25:00-2:00']"), '5:17 maintenance[0].windows[0].times: "25:00-2:00" is no span of hours'),
        (_window("times: 2"), '5:17 maintenance[0].windows[0].times: "2" is no span of hours'),
        (_window("days: [moonday]"), '5:16 maintenance[0].windows[0].days: "moonday" is no day'),
        (_window("days: [sat], time_zone: Mars"), '5:34 maintenance[0].windows[0].time_zone: "Mars" is no time zone'),
        (
            _window("start: soon, rule: FREQ=DAILY, lasts: 1h"),
            "5:17 maintenance[0].windows[0].start: must be a day",
        ),
        (_window("start: 2, rule: FREQ=DAILY, lasts: 1h"), "5:17 maintenance[0].windows[0].start: must be a day"),
        (
            _window("start: '2026-12-06 02:00', rule: FREQ=HOURLY, lasts: 1h"),
            "5:9 maintenance[0].windows[0]: must be daily, weekly, monthly or yearly",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, fault: str, tmp_path: Path) -> None:
    told = faults_of(written(text, tmp_path))
    assert told[0].startswith(f"muster.yaml:{fault}"), told


def test_where_nothing_can_stand_nothing_is_proposed(tmp_path: Path) -> None:
    told = faults_of(written("maintenance: {name: {nam: a}}", tmp_path))
    assert told == ['muster.yaml:1:14 maintenance: must be a list, such as ["U024BE7LH"]']
