"""The suite of made-up histories counts what it lives, and its seeds make up the same histories again."""

from tests.torture.machine import lot


def test_a_lot_lives_as_many_histories_as_it_says_and_the_same_ones_again() -> None:
    first = lot(7, 15, histories=3)
    assert first.histories >= 3
    assert first.steps > first.histories
    assert lot(7, 15, histories=3) == first
