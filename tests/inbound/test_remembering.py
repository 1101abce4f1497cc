"""A body is read once, at the door; whoever reads it again is told the same, faults and all."""

from collections.abc import Callable

import pytest

from bot.domain.alerts_model import ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import alertmanager
from bot.inbound.remembering import LARGEST, Remembering
from tests.inbound.alerts.test_alertmanager import body

SAMPLE, BROKEN = alertmanager.SAMPLE, body("one-member-broken")


class Counting:
    """Alertmanager's parser, which notes what it was asked to read."""

    def __init__(self) -> None:
        self.read: list[bytes] = []

    def __call__(self, body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
        self.read.append(body)
        return alertmanager.parse(body, left_out)


@pytest.fixture
def parse() -> Counting:
    return Counting()


def test_what_was_read_is_not_read_again(parse: Counting) -> None:
    remembering = Remembering(parse)
    assert remembering(SAMPLE) == remembering(bytes(bytearray(SAMPLE))) == alertmanager.parse(SAMPLE)
    assert parse.read == [SAMPLE]


def test_who_asks_again_hears_of_what_was_left_out(parse: Counting) -> None:
    remembering, first, second = Remembering(parse), list[str](), list[str]()
    remembering(BROKEN)
    remembering(BROKEN, first.append)
    alertmanager.parse(BROKEN, second.append)
    assert first == second != []
    assert parse.read == [BROKEN]


def test_what_cannot_be_read_is_tried_again(parse: Counting) -> None:
    remembering = Remembering(parse)
    for _ in range(2):
        with pytest.raises(BadInput):
            remembering(b"no JSON")
    assert parse.read == [b"no JSON"] * 2


def test_when_there_is_too_much_the_oldest_is_forgotten(parse: Counting) -> None:
    spaced = [SAMPLE + b" " * spaces for spaces in range(3)]
    remembering = Remembering(parse, at_most=2 * len(SAMPLE) + 3)
    for one in (*spaced, spaced[2], spaced[0]):
        remembering(one)
    assert parse.read == [*spaced, spaced[0]]


def test_a_large_body_is_not_remembered(parse: Counting) -> None:
    remembering, large = Remembering(parse), SAMPLE + b" " * LARGEST
    assert remembering(large) == remembering(large)
    assert parse.read == [large] * 2
