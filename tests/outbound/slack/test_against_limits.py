"""The real gateway against a Slack that counts: our own budget keeps us from ever being refused."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.clock import SeededChance
from bot.domain.ids import ChannelId
from bot.errors import TryLater
from bot.outbound.slack.client import SlackGateway
from bot.sandbox.faults import Rule, When
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import BOT_TOKEN
from bot.views.blocks import message, section
from tests.fakes.clock import FakeClock

SECOND = timedelta(seconds=1)
INCIDENTS = ChannelId("C0INCIDENTS")


@asynccontextmanager
async def counting(clock: FakeClock) -> AsyncIterator[tuple[Sandbox, SlackGateway]]:
    async with (
        Sandbox(clock, SeededChance(7), limits=True) as sandbox,
        SlackGateway.connect(token=BOT_TOKEN, clock=clock, base_url=f"{sandbox.url}/api/") as gateway,
    ):
        yield sandbox, gateway


async def until_done(clock: FakeClock, act: Callable[[], Awaitable[object]]) -> None:
    """Do as the dispatcher does: come back when told to."""
    while True:
        try:
            await act()
        except TryLater as later:
            clock.move(later.after or SECOND)
        else:
            return


@pytest.mark.parametrize(("kind", "minutes"), [("channels", 2.0), ("posts", 1.0)])
async def test_sixty_in_a_row_are_never_refused(kind: str, minutes: float) -> None:
    clock = FakeClock()
    async with counting(clock) as (sandbox, slack):
        for number in range(60):
            if kind == "channels":
                await until_done(clock, lambda n=number: slack.open_channel(f"inc-{n}"))  # type: ignore[misc]
            else:
                post = message(f"{number}", section(f"{number}"))
                await until_done(clock, lambda m=post, n=number: slack.post(INCIDENTS, m, f"said:{n}"))  # type: ignore[misc]
        assert {entry.status for entry in sandbox.journal.since(0) if entry.status} == {200}
    assert clock.monotonic() == pytest.approx(minutes * 60, rel=0.1)


async def test_after_a_refusal_slack_is_left_alone_for_as_long_as_it_asked() -> None:
    clock = FakeClock()
    async with counting(clock) as (sandbox, slack):
        seventeen = timedelta(seconds=17)
        sandbox.faults.add(Rule(when=When.LIMITED, method="conversations.create", times=1, retry_after=seventeen))
        await until_done(clock, lambda: slack.open_channel("inc-1"))
        calls = [entry.at for entry in sandbox.journal.since(0) if entry.name == "conversations.create"]
    assert [later - calls[0] for later in calls] == [timedelta(), seventeen]
