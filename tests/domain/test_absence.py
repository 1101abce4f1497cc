"""What is said when Muster was not at work."""

from datetime import timedelta

from bot.domain.absence import words_for
from tests.fakes.clock import START


def test_who_was_away_says_so_and_what_is_not_known() -> None:
    told = words_for(START, START + timedelta(minutes=9))
    assert told.startswith("Muster was not at work from 2026-03-02 09:00 to 09:09 UTC. ")
    assert "Alerts that began and ended in that time are not known." in told


def test_who_was_away_over_midnight_says_both_days() -> None:
    assert "from 2026-03-02 09:00 to 2026-03-03 09:01 UTC" in words_for(START, START + timedelta(days=1, minutes=1))


def test_a_short_pause_and_a_first_start_are_not_worth_a_word() -> None:
    assert words_for(None, START) == ""
    assert words_for(START, START + timedelta(minutes=2) - timedelta(seconds=1)) == ""
