"""Days as people type them, held against a Wednesday."""

from datetime import date

import pytest

from bot.domain.days import day_of

TODAY = date(2026, 12, 2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("today", date(2026, 12, 2)),
        ("Tomorrow.", date(2026, 12, 3)),
        ("friday", date(2026, 12, 4)),
        ("on Fri", date(2026, 12, 4)),
        ("by this friday", date(2026, 12, 4)),
        ("wednesday", date(2026, 12, 9)),
        ("tue", date(2026, 12, 8)),
        ("next friday", date(2026, 12, 11)),
        ("next tuesday", date(2026, 12, 8)),
        ("next week", date(2026, 12, 7)),
        ("end of week", date(2026, 12, 4)),
        ("in 3 days", date(2026, 12, 5)),
        ("in 1 day", date(2026, 12, 3)),
        ("2w", date(2026, 12, 16)),
        ("in 2  weeks", date(2026, 12, 16)),
        ("in 1 month", date(2027, 1, 1)),
        ("2026-12-24", date(2026, 12, 24)),
        ("24 Dec", date(2026, 12, 24)),
        ("Dec 24th", date(2026, 12, 24)),
        ("24 december 2027", date(2027, 12, 24)),
        ("Jan 15", date(2027, 1, 15)),
        ("29 feb", date(2028, 2, 29)),
        ("1 dec 2026", date(2026, 12, 1)),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str, meant: date) -> None:
    assert day_of(typed, TODAY) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "fr", "next", "next month", "december", "4 dec 5", "32 dec", "30 feb", "31 feb 2027", "4 december 1",
     "2026-13-01", "12", "in days", "\u0664 dec", "99999 days"],
)  # fmt: skip
def test_what_says_no_day_is_none(typed: str) -> None:
    assert day_of(typed, TODAY) is None


def test_the_end_of_the_week_is_today_at_the_weekend() -> None:
    assert day_of("eow", date(2026, 12, 6)) == date(2026, 12, 6)
