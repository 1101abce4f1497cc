"""Scheduled messages: they wait for their time by the injected clock, and can be taken back until a minute before."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import BOT_TOKEN
from tests.fakes.clock import FakeClock
from tests.sandbox.caller import Caller
from tests.sandbox.test_channels import refusal

MINUTE = 60


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def client(clock: FakeClock) -> AsyncIterator[AsyncWebClient]:
    async with Sandbox(clock, SeededChance(1), limits=False) as sandbox:
        sandbox.courier.subscriptions = []
        yield AsyncWebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/", retry_handlers=[])


def after(clock: FakeClock, minutes: float) -> int:
    return int((clock.now() + timedelta(minutes=minutes)).timestamp())


async def texts(client: AsyncWebClient) -> list[str]:
    history: Any = await client.conversations_history(channel="C0GENERAL")
    return [one["text"] for one in history["messages"]]


async def test_a_message_is_posted_when_its_time_comes_and_not_before(clock: FakeClock, client: AsyncWebClient) -> None:
    planned = await client.chat_scheduleMessage(channel="C0GENERAL", text="standup", post_at=after(clock, 10))
    waiting = (await client.chat_scheduledMessages_list())["scheduled_messages"]

    await clock.advance(timedelta(minutes=9, seconds=59))
    before = await texts(client)
    await clock.advance(timedelta(seconds=1))

    assert [one["id"] for one in waiting] == [planned["scheduled_message_id"]]
    assert (before, await texts(client)) == ([], ["standup"])
    assert (await client.chat_scheduledMessages_list())["scheduled_messages"] == []


async def test_a_message_that_was_withdrawn_is_never_posted(clock: FakeClock, client: AsyncWebClient) -> None:
    planned = await client.chat_scheduleMessage(channel="C0GENERAL", text="standup", post_at=after(clock, 10))
    named = {"channel": "C0GENERAL", "scheduled_message_id": planned["scheduled_message_id"]}
    await client.chat_deleteScheduledMessage(**named)
    await clock.advance(timedelta(minutes=11))

    assert await texts(client) == []
    assert await refusal(client.chat_deleteScheduledMessage(**named)) == "invalid_scheduled_message_id"


async def test_a_minute_before_its_time_it_is_too_late_to_withdraw(clock: FakeClock, client: AsyncWebClient) -> None:
    planned = await client.chat_scheduleMessage(channel="C0GENERAL", text="standup", post_at=after(clock, 2))
    await clock.advance(timedelta(seconds=61))
    withdrawing = client.chat_deleteScheduledMessage(
        channel="C0GENERAL", scheduled_message_id=planned["scheduled_message_id"]
    )

    assert await refusal(withdrawing) == "invalid_scheduled_message_id"


async def test_an_archived_channel_gets_no_scheduled_message(clock: FakeClock, client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    await client.chat_scheduleMessage(channel=channel, text="standup", post_at=after(clock, 10))
    await client.conversations_archive(channel=channel)
    await clock.advance(timedelta(minutes=11))

    async with People(client.base_url.removesuffix("/api/")) as people:  # archiving puts the app out
        await people.person("ana").unarchives("inc-1")
        await people.person("ana").invites("muster", channel="inc-1")
    history: Any = await client.conversations_history(channel=channel)
    assert "standup" not in {one["text"] for one in history["messages"]}


async def test_with_metadata_it_never_posts_as_slack_documents(clock: FakeClock, client: AsyncWebClient) -> None:
    metadata = {"event_type": "card", "event_payload": {"k": "1"}}
    await client.chat_scheduleMessage(channel="C0GENERAL", text="x", post_at=after(clock, 10), metadata=metadata)
    await clock.advance(timedelta(minutes=11))

    assert await texts(client) == []


def test_the_time_is_in_the_future_but_not_far() -> None:
    caller = Caller()
    now = caller.workspace.make.seconds()

    def at(post_at: object) -> str:
        return caller.refused("chat.scheduleMessage", channel="C0GENERAL", text="x", post_at=post_at)

    assert at(now) == "time_in_past"
    assert at(now + 120 * 24 * 60 * MINUTE + 1) == "time_too_far"
    assert at("tomorrow") == "invalid_time"
    caller.do("chat.scheduleMessage", channel="C0GENERAL", text="x", post_at=now + 120 * 24 * 60 * MINUTE)


def test_thirty_messages_fit_into_five_minutes_of_a_channel() -> None:
    caller = Caller()
    soon = caller.workspace.make.seconds() + 60 * MINUTE
    for number in range(30):
        caller.do("chat.scheduleMessage", channel="C0GENERAL", text="x", post_at=soon + number)

    late: dict[str, Any] = {"text": "x", "post_at": soon + 100}
    assert caller.refused("chat.scheduleMessage", channel="C0GENERAL", **late) == "restricted_too_many"
    caller.do("chat.scheduleMessage", channel="C0ALERTS", **late)
    caller.do("chat.scheduleMessage", channel="C0GENERAL", text="x", post_at=soon + 6 * MINUTE)


def test_the_list_is_by_time_and_can_be_narrowed() -> None:
    caller = Caller()
    soon = caller.workspace.make.seconds() + 60 * MINUTE
    for channel, minutes in (("C0GENERAL", 20), ("C0ALERTS", 10), ("C0GENERAL", 0)):
        caller.do("chat.scheduleMessage", channel=channel, text=str(minutes), post_at=soon + minutes * MINUTE)

    def listed(**narrow: Any) -> list[str]:
        answer = caller.do("chat.scheduledMessages.list", **narrow)
        return [one["text"] for one in answer["scheduled_messages"]]

    assert listed() == ["0", "10", "20"]
    assert listed(channel="C0GENERAL") == ["0", "20"]
    assert listed(oldest=soon + 1, latest=soon + 15 * MINUTE) == ["10"]
    assert caller.refused("chat.scheduledMessages.list", channel="C0NOWHERE") == "invalid_channel"
