"""Who people are, asked of the sandbox: members and guests, user groups; anew after a change."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SeededChance
from bot.domain.ids import UserId
from bot.domain.permissions import Account
from bot.errors import Undeliverable
from bot.outbound.slack.client import SlackGateway
from bot.outbound.slack.shapes import hours
from bot.sandbox.server import Sandbox
from bot.sandbox.state import ids, upheaval
from bot.sandbox.state.accounts import Standing
from bot.sandbox.state.seed import BOT_TOKEN
from tests.fakes.clock import FakeClock

BO = UserId("U0BO")


async def test_who_is_a_guest_is_remembered_and_asked_anew_after_a_change() -> None:
    clock = FakeClock()
    async with Sandbox(clock, SeededChance(1), None) as sandbox:
        people = sandbox.workspace.people
        guest = replace(people[ids.UserId(BO)], standing=Standing.GUEST)
        async with SlackGateway.connect(token=BOT_TOKEN, clock=clock, base_url=f"{sandbox.url}/api/") as slack:
            both = await asyncio.gather(slack.person(BO), slack.person(BO))
            assert [one.account for one in both] == [Account(), Account()]
            assert (await slack.person(BO)).account == Account()
            assert len(sandbox.journal.calls()) == 1, "who is asked for at once, or again, is asked for once"
            upheaval.change_person(sandbox.workspace, guest)
            slack.forget(BO)
            assert (await slack.person(BO)).account == Account(guest=True)
            upheaval.deactivate(sandbox.workspace, ids.UserId(BO))
            slack.forget(BO)
            assert (await slack.person(BO)).account == Account(gone=True)


async def test_whose_notifications_are_paused_is_asked_once_a_minute_and_counts_by_the_hour() -> None:
    clock = FakeClock()
    async with Sandbox(clock, SeededChance(1), None) as sandbox:
        night = (
            clock.now().astimezone(ZoneInfo(sandbox.workspace.people[ids.UserId(BO)].tz)).replace(hour=21, minute=59)
        )
        clock.move((night - clock.now()) % timedelta(days=1))
        async with SlackGateway.connect(token=BOT_TOKEN, clock=clock, base_url=f"{sandbox.url}/api/") as slack:
            assert await slack.paused_until(BO) is None
            clock.move(timedelta(seconds=59))
            assert await slack.paused_until(BO) is None
            clock.move(timedelta(minutes=5))
            until = await slack.paused_until(BO)
            assert until is not None
            assert timedelta(hours=9) < until - clock.now() < timedelta(hours=11)
            assert await slack.paused_until(BO) == until
            assert len(sandbox.journal.calls("dnd.info")) == 2
            with pytest.raises(Undeliverable):
                await slack.paused_until(UserId("U0NOBODY"))


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1},
        {"dnd_enabled": True, "next_dnd_start_ts": None, "next_dnd_end_ts": "x"},
        {"dnd_enabled": True, "next_dnd_start_ts": 10**30, "next_dnd_end_ts": 10**30},
    ],
)
def test_hours_that_make_no_sense_are_none(told: dict[str, object]) -> None:
    found = hours(told)
    assert not found.begins <= FakeClock().now() < found.ends
