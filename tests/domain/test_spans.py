"""Spans of time as people write them."""

from datetime import timedelta

import pytest

from bot.domain.spans import span_of


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("1h30m", timedelta(minutes=90)),
        ("1w2d", timedelta(days=9)),
        ("", None),
        ("4", None),
        ("30m1h", None),
        ("four hours", None),
    ],
)
def test_a_span_is_units_from_the_largest_to_the_smallest(text: str, span: timedelta | None) -> None:
    assert span_of(text) == span
