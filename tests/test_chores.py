"""What goes on beside the engine: who we are is asked soon again, and not too often."""

import asyncio
from datetime import timedelta

import pytest

from bot.chores import WhoWeAre
from bot.outbound.slack.directory import Directory
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeSlack, Fault


@pytest.mark.parametrize(
    ("failures", "known_after"),
    [(0, 0), (1, 0.25), (2, 0.75), (3, 1.75), (4, 3.75), (5, 8.75), (6, 13.75)],
)
async def test_one_failure_does_not_keep_us_from_being_ready(failures: int, known_after: float) -> None:
    clock, me = FakeClock(), WhoWeAre()
    slack = FakeSlack(clock)
    slack.fail(Fault.REFUSED, method="auth.test", times=failures)
    learning = asyncio.create_task(me.learn(slack, Directory(slack, clock), clock))
    await clock.advance(timedelta(seconds=known_after) - timedelta(milliseconds=1))
    assert (me.known is None) == (failures > 0)
    await clock.advance(timedelta(milliseconds=1))
    assert me.known
    await learning
    assert len([call for call in slack.calls if call.method == "auth.test"]) == failures + 1


async def test_slack_is_left_alone_for_as_long_as_it_asks() -> None:
    clock, me = FakeClock(), WhoWeAre()
    slack = FakeSlack(clock)
    slack.fail(Fault.REFUSED, method="auth.test")
    slack.retry_after = timedelta(seconds=3)
    learning = asyncio.create_task(me.learn(slack, Directory(slack, clock), clock))
    await clock.advance(timedelta(milliseconds=2999))
    assert not learning.done()
    await clock.advance(timedelta(milliseconds=1))
    await learning
    assert me.known
