"""Times that come again, by the clock on a wall: also on the days on which summer time begins and ends."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.windows import Recurring, Weekly, Window

BERLIN, NEW_YORK, LORD_HOWE = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")
ZONES = [BERLIN, NEW_YORK, LORD_HOWE, ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata"), ZoneInfo("America/St_Johns")]
EVERY_DAY = frozenset(range(7))
MINUTE = timedelta(minutes=1)

times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
# The year holds every leap of these clocks.
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants them naive
weeklies = st.builds(
    Weekly, days=st.frozensets(st.integers(0, 6), min_size=1), begins=times, ends=times, zone=st.sampled_from(ZONES)
)
recurring = st.builds(
    Recurring,
    start=st.datetimes(datetime(2025, 12, 1), datetime(2026, 3, 1)).map(lambda at: at.replace(second=0, microsecond=0)),  # noqa: DTZ001 - by a wall's clock
    rule=st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SA,SU", "FREQ=MONTHLY;BYDAY=1TU", "FREQ=DAILY;COUNT=3"]),
    lasts=st.integers(1, 3 * 24 * 60).map(lambda minutes: minutes * MINUTE),
    zone=st.sampled_from(ZONES),
)


def _at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _night(ends: str = "04:00") -> Weekly:
    return Weekly(days=EVERY_DAY, begins=time(2, 30), ends=time.fromisoformat(ends), zone=BERLIN)


@given(window=weeklies, now=moments)
def test_weekly_hours_are_what_the_clock_on_the_wall_says(window: Weekly, now: datetime) -> None:
    local = now.astimezone(window.zone)
    minutes = local.hour * 60 + local.minute
    begins, ends = (at.hour * 60 + at.minute for at in (window.begins, window.ends))
    length = (ends - begins) % (24 * 60) or 24 * 60
    expected = any(
        (local.weekday() - back) % 7 in window.days and 0 <= minutes + back * 24 * 60 - begins < length
        for back in (0, 1)
    )
    assert window.covers(now) is expected


@given(window=st.one_of(weeklies, recurring), now=moments)
def test_until_the_next_change_nothing_changes_and_then_it_does(window: Window, now: datetime) -> None:
    change = window.next_change(now)
    step = timedelta(minutes=30)
    until = min(change or now + timedelta(days=4), now + timedelta(days=4))
    looked = [now + step * n for n in range(1 + int((until - now) / step))]
    assert {window.covers(moment) for moment in looked if moment < until} <= {window.covers(now)}
    if change:
        assert change > now
        assert window.covers(change) is not window.covers(now)
        assert window.covers(change - timedelta(seconds=1)) is window.covers(now) or change - now < timedelta(seconds=1)


def test_hours_whose_beginning_the_clock_leaps_over_begin_with_the_leap() -> None:
    window = _night()
    assert window.next_change(_at("2026-03-29 01:00")) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert window.covers(_at("2026-03-29 03:00"))
    assert window.next_change(_at("2026-03-29 03:00")) == _at("2026-03-29 04:00")


def test_an_hour_that_comes_twice_is_inside_twice() -> None:
    window = _night(ends="02:45")
    assert window.next_change(_at("2026-10-25 02:31")) == _at("2026-10-25 02:45")
    assert window.next_change(_at("2026-10-25 02:46")) == _at("2026-10-25 02:30", fold=1)
    assert window.covers(_at("2026-10-25 02:40", fold=1))


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    window = Weekly(days=frozenset({5}), begins=time(22), ends=time(4), zone=BERLIN)
    assert not window.covers(_at("2026-11-28 03:00"))
    assert window.covers(_at("2026-11-29 03:00"))
    assert window.next_change(_at("2026-11-28 23:00")) == _at("2026-11-29 04:00")


def test_what_is_always_inside_never_changes() -> None:
    window = Weekly(days=EVERY_DAY, begins=time(0), ends=time(0), zone=BERLIN)
    assert window.covers(_at("2026-11-28 03:00"))
    assert window.next_change(_at("2026-11-28 03:00")) is None


def _first_sunday(lasts: timedelta = timedelta(hours=2), rule: str = "FREQ=MONTHLY;BYDAY=1SU") -> Recurring:
    return Recurring(start=datetime(2026, 11, 1, 2, 0), rule=rule, lasts=lasts, zone=BERLIN)  # noqa: DTZ001 - by a wall's clock


def test_what_goes_on_without_a_pause_never_changes() -> None:
    window = _first_sunday(lasts=timedelta(days=1), rule="FREQ=DAILY")
    assert window.covers(_at("2026-12-06 12:00"))
    assert window.next_change(_at("2026-12-06 12:00")) is None


def test_a_rule_of_icalendar_comes_again_at_the_same_hour_of_the_wall() -> None:
    window = _first_sunday()
    assert window.covers(_at("2026-12-06 03:59"))
    assert not window.covers(_at("2026-12-06 04:00"))
    assert window.next_change(_at("2026-12-06 04:00")) == _at("2027-01-03 02:00")
    assert window.covers(_at("2027-06-06 02:00")), "summer time"


def test_what_a_rule_begins_while_the_last_goes_on_is_one_span() -> None:
    window = _first_sunday(lasts=timedelta(hours=30), rule="FREQ=DAILY;COUNT=2")
    assert window.next_change(_at("2026-11-01 02:00")) == _at("2026-11-02 02:00") + timedelta(hours=30)
    assert window.next_change(_at("2026-11-09 02:00")) is None


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("BYDAY=SU", "must be one rule"),
        ("FREQ=DAILY\nRDATE:20260101", "must be one rule"),
        ("FREQ=MINUTELY", "must be daily, weekly"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never happens"),
        ("FREQ=DAILY;UNTIL=19990101T000000", "never happens"),
        ("FREQ=DAILY;BYDAY=XX", "XX"),
    ],
)
def test_a_rule_that_cannot_be_used_says_why(rule: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        _first_sunday(rule=rule)


@pytest.mark.parametrize("lasts", [timedelta(), timedelta(days=32)])
def test_what_lasts_for_no_time_or_too_long_is_refused(lasts: timedelta) -> None:
    with pytest.raises(ValueError, match="must last for up to 31 days"):
        _first_sunday(lasts=lasts)
