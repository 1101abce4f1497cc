"""Slack's budgets: who finds no slot is told when to come back, and nobody else waits for it."""

from datetime import timedelta

import pytest

from bot.domain.ids import ChannelId
from bot.errors import NoSlot, TryLater
from bot.outbound.slack.limits import (
    LONGEST_QUEUE,
    MANY_CHANNELS,
    ONE_GOES_FIRST,
    POSTS_AT_ONCE,
    TIER_2,
    TIER_3,
    Limits,
)
from tests.fakes.clock import FakeClock

INCIDENTS, ALERTS = ChannelId("C0INCIDENTS"), ChannelId("C0ALERTS")
CREATE = "conversations.create"
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def limits(clock: FakeClock) -> Limits:
    return Limits(clock)


def refused(limits: Limits, method: str, channel: ChannelId | None = None) -> timedelta:
    with pytest.raises(TryLater) as later:
        limits.take(method, channel)
    assert later.value.after is not None
    return later.value.after


def use_up(limits: Limits, method: str, count: int) -> None:
    for _ in range(count):
        limits.take(method)


def test_a_burst_of_twenty_channels_is_fine_and_the_next_comes_three_seconds_later(
    limits: Limits, clock: FakeClock
) -> None:
    use_up(limits, CREATE, 20)
    assert refused(limits, CREATE) == timedelta(seconds=3)
    clock.move(timedelta(seconds=3))
    limits.take(CREATE)
    refused(limits, CREATE)


def test_one_method_does_not_use_up_another(limits: Limits) -> None:
    use_up(limits, CREATE, 20)
    limits.take("conversations.setTopic")


def test_a_channel_takes_a_short_burst_and_then_a_message_a_second(limits: Limits, clock: FakeClock) -> None:
    for _ in range(POSTS_AT_ONCE):
        limits.take("chat.postMessage", INCIDENTS)
    assert refused(limits, "chat.postMessage", INCIDENTS) == SECOND
    limits.take("chat.postMessage", ALERTS)
    clock.move(SECOND)
    limits.take("chat.postMessage", INCIDENTS)


def test_those_turned_away_come_back_one_after_another_but_soon(limits: Limits) -> None:
    use_up(limits, CREATE, TIER_2)
    waits = [refused(limits, CREATE) for _ in range(100)]
    assert waits[:2] == [3 * SECOND, 6 * SECOND]
    assert max(waits) == 3 * SECOND + LONGEST_QUEUE


def test_who_finds_no_slot_hears_when_there_will_be_one_for_anybody(limits: Limits) -> None:
    for _ in range(POSTS_AT_ONCE):
        limits.take("chat.postMessage", ALERTS)
    for _ in range(10):
        with pytest.raises(NoSlot) as none:
            limits.take("chat.postMessage", ALERTS)
        assert none.value.opens == SECOND, "however many were turned away before"


def test_retry_after_is_kept_to_the_second(limits: Limits, clock: FakeClock) -> None:
    limits.pause(CREATE, 30 * SECOND)
    clock.move(29 * SECOND)
    assert refused(limits, CREATE) == SECOND
    clock.move(SECOND)
    limits.take(CREATE)


def test_after_a_pause_the_tier_is_kept_without_a_burst(limits: Limits, clock: FakeClock) -> None:
    limits.pause(CREATE, 30 * SECOND)
    clock.move(30 * SECOND)
    went = 0
    for _ in range(600):
        try:
            limits.take(CREATE)
            went += 1
        except TryLater:
            pass
        clock.move(SECOND / 10)
    assert went == 20


def test_after_a_pause_one_call_goes_first_and_when_it_goes_well_the_others_soon_follow(
    limits: Limits, clock: FakeClock
) -> None:
    use_up(limits, CREATE, 4)
    limits.pause(CREATE, SECOND)
    limits.went_well(CREATE)  # it was under way already
    clock.move(SECOND)
    limits.take(CREATE)
    assert refused(limits, CREATE) == ONE_GOES_FIRST
    limits.went_well(CREATE)
    use_up(limits, CREATE, (TIER_2 - 4) // 2)
    assert refused(limits, CREATE) > ONE_GOES_FIRST


@pytest.mark.parametrize("later", [timedelta(), SECOND])
def test_two_refusals_mean_that_nothing_was_left(limits: Limits, clock: FakeClock, later: timedelta) -> None:
    limits.pause(CREATE, SECOND)
    clock.move(later)
    limits.pause(CREATE, SECOND)
    clock.move(SECOND)
    limits.take(CREATE)
    limits.went_well(CREATE)
    assert refused(limits, CREATE) == 3 * SECOND


def test_who_is_refused_once_in_a_while_is_not_slowed_down_for_ever(limits: Limits, clock: FakeClock) -> None:
    went = 0
    for _ in range(4):
        limits.pause(CREATE, SECOND)
        clock.move(SECOND)
        for _ in range(3):
            limits.take(CREATE)
            limits.went_well(CREATE)
            went += 1
        clock.move(14 * SECOND)
    assert went == 12


def test_a_longer_pause_is_not_cut_short_by_a_shorter_one(limits: Limits, clock: FakeClock) -> None:
    limits.pause(CREATE, 30 * SECOND)
    limits.pause(CREATE, SECOND)
    clock.move(2 * SECOND)
    assert refused(limits, CREATE) == 28 * SECOND


def test_what_there_is_by_the_thousand_leaves_a_fifth_to_the_rest_and_pushes_nobody_back(limits: Limits) -> None:
    for _ in range(TIER_3 * 4 // 5):
        limits.take("chat.update", leaves_some=True)
    for _ in range(10):
        with pytest.raises(NoSlot) as none:
            limits.take("chat.update", leaves_some=True)
        assert none.value.opens == 1.2 * SECOND
    use_up(limits, "chat.update", TIER_3 // 5)
    assert refused(limits, "chat.update") == 1.2 * SECOND


def test_after_a_pause_any_call_may_be_the_first(limits: Limits, clock: FakeClock) -> None:
    limits.pause("chat.update", SECOND)
    clock.move(SECOND)
    limits.take("chat.update", leaves_some=True)
    assert refused(limits, "chat.update") == ONE_GOES_FIRST


def test_setting_the_wall_clock_changes_nothing(limits: Limits, clock: FakeClock) -> None:
    use_up(limits, CREATE, 20)
    clock.jump(timedelta(hours=6))
    assert refused(limits, CREATE) == timedelta(seconds=3)


def test_channels_at_rest_are_forgotten(limits: Limits, clock: FakeClock) -> None:
    for number in range(MANY_CHANNELS + 10):
        limits.take("chat.postMessage", ChannelId(f"C{number}"))
        clock.move(SECOND)
    assert len(limits._channels) <= MANY_CHANNELS
