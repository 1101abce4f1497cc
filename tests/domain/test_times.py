"""Moments as people type them, by the clock on their own wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.times import is_by_the_wall, moment_at_start

BERLIN = ZoneInfo("Europe/Berlin")
# 03:20 in Berlin.
NOW = datetime(2026, 11, 29, 2, 20, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.parametrize(
    ("typed", "moment", "rest"),
    [
        ("03:05 impact started", "2026-11-29 02:05", "impact started"),
        ("3:05: it began", "2026-11-29 02:05", "it began"),
        ("23:50 restarted", "2026-11-28 22:50", "restarted"),  # it is not 23:50 yet today
        ("yesterday 23:50 restarted", "2026-11-28 22:50", "restarted"),
        ("Today 03:05", "2026-11-29 02:05", ""),
        ("2026-11-27 14:05:30 deployed", "2026-11-27 13:05:30", "deployed"),
        ("2026-11-27T14:05Z deployed", "2026-11-27 14:05", "deployed"),
        ("02:05 UTC it began", "2026-11-29 02:05", "it began"),
        ("02:05utc, it began", "2026-11-29 02:05", "it began"),
        ("20m ago mitigated", "2026-11-29 02:00", "mitigated"),
        ("1h30m ago mitigated", "2026-11-29 00:50", "mitigated"),
        ("now mitigated", "2026-11-29 02:20", "mitigated"),
    ],
)
def test_a_moment_is_read_by_the_typists_clock(typed: str, moment: str, rest: str) -> None:
    assert moment_at_start(typed, NOW, BERLIN) == (utc(moment), rest)


@pytest.mark.parametrize(
    "typed",
    ["", "it began", "25:00 x", "14:61 x", "2026-13-01 10:00 x", "14:05x", "14:5 x", "4 ago", "30m1h ago", "nowhere"],
)
def test_what_is_no_moment_is_none(typed: str) -> None:
    assert moment_at_start(typed, NOW, BERLIN) is None


@pytest.mark.parametrize(
    ("typed", "answer"), [("14:05 x", True), ("14:05 UTC x", False), ("20m ago", False), ("now", False), ("x", False)]
)
def test_only_a_time_by_the_wall_needs_a_time_zone(typed: str, answer: bool) -> None:
    assert is_by_the_wall(typed) is answer


def test_an_hour_that_the_clocks_go_through_twice_is_the_later_one_that_has_been() -> None:
    night = utc("2026-10-25 01:45")  # 02:45 in Berlin for the second time; at 01:00 UTC the clocks went back
    assert moment_at_start("02:30", night, BERLIN) == (utc("2026-10-25 01:30"), "")
    assert moment_at_start("02:30", utc("2026-10-25 00:45"), BERLIN) == (utc("2026-10-25 00:30"), "")


@given(st.times(), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_time_without_a_day_is_within_the_last_day_and_never_to_come(clock: object, later: timedelta) -> None:
    now = NOW + later
    found = moment_at_start(f"{clock:%H:%M}", now, BERLIN)
    assert found
    assert timedelta(0) <= now - found[0] <= timedelta(hours=25)
