"""Delays that differ from call to call: spread as they say, and the same again from the same seed."""

from datetime import timedelta

from bot.clock import SeededChance
from bot.sandbox.delays import Lognormal, delay_of

MEDIAN, P99 = timedelta(milliseconds=140), timedelta(milliseconds=400)


def delays(seed: int, count: int) -> list[timedelta]:
    one = Lognormal(SeededChance(seed), median=MEDIAN, p99=P99)
    return [one() for _ in range(count)]


def test_half_of_them_are_below_the_median_and_one_in_a_hundred_above_the_p99() -> None:
    found = sorted(delays(1, 10_000))
    assert abs(found[5_000] / MEDIAN - 1) < 0.03
    assert abs(found[9_900] / P99 - 1) < 0.10
    assert found[0] > timedelta()


def test_the_same_seed_gives_the_same_delays() -> None:
    assert delays(7, 20) == delays(7, 20) != delays(8, 20)


def test_a_fixed_delay_is_itself_and_another_is_asked_for_each_call() -> None:
    given = iter((MEDIAN, P99))
    assert delay_of(None) is None
    assert delay_of(MEDIAN) == MEDIAN
    assert [delay_of(lambda: next(given)) for _ in range(2)] == [MEDIAN, P99]
