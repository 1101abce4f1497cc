"""Configured channels: ids as they are, names through the channels that we are in."""

from datetime import timedelta

import pytest

from bot.errors import Undeliverable
from bot.outbound.slack.directory import Directory
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeSlack


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def slack(clock: FakeClock) -> FakeSlack:
    return FakeSlack(clock, channels=("alerts", "incidents"))


@pytest.fixture
def directory(slack: FakeSlack, clock: FakeClock) -> Directory:
    return Directory(slack, clock)


@pytest.mark.parametrize("written", ["alerts", "#alerts", " #Alerts "])
async def test_a_name_is_found_however_it_is_written(directory: Directory, slack: FakeSlack, written: str) -> None:
    assert await directory.find(written) == slack.channel("alerts").id


@pytest.mark.parametrize("wanted", ["C0ALERTS", "G012AB3CD"])
async def test_an_id_needs_no_question(directory: Directory, slack: FakeSlack, wanted: str) -> None:
    assert await directory.find(wanted) == wanted
    assert slack.calls == []


async def test_names_are_asked_for_once(directory: Directory, slack: FakeSlack) -> None:
    await directory.find("alerts")
    await directory.find("incidents")
    assert len(slack.calls) == 1


async def test_a_channel_that_we_are_not_in_is_named_with_what_to_type(directory: Directory, slack: FakeSlack) -> None:
    slack.add_channel("payments", with_bot=False)
    with pytest.raises(Undeliverable, match="I am not in #payments: type /invite @muster there"):
        await directory.find("#payments")


async def test_a_miss_asks_again_but_at_most_once_a_minute(
    directory: Directory, slack: FakeSlack, clock: FakeClock
) -> None:
    for _ in range(3):
        with pytest.raises(Undeliverable):
            await directory.find("payments")
    assert len(slack.calls) == 1
    made = slack.add_channel("payments")
    clock.move(timedelta(minutes=1))
    assert await directory.find("payments") == made.id


async def test_a_channel_that_is_gone_is_asked_for_again(
    directory: Directory, slack: FakeSlack, clock: FakeClock
) -> None:
    old = slack.channel("alerts")
    await directory.find("alerts")
    old.archived, old.name = True, "alerts-old"
    new = slack.add_channel("alerts")
    directory.forget("#alerts")
    clock.move(timedelta(minutes=1))
    assert await directory.find("alerts") == new.id
