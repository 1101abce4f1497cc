"""What goes wrong on order, and the limits that Slack sets: each looks from outside as the real one does."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.facts import Tier
from bot.sandbox.faults import Faults, Rule, When
from bot.sandbox.limits import Limits
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import BOT_TOKEN
from tests.fakes.clock import FakeClock

METADATA = {"event_type": "outbox", "event_payload": {"k": "card"}}


Slow = tuple[FakeClock, Sandbox, AsyncWebClient, People]


@pytest.fixture
async def slow() -> AsyncIterator[Slow]:
    """Return a sandbox whose time stands still until the test moves it."""
    clock = FakeClock()
    async with Sandbox(clock, SeededChance(1)) as sandbox, People(sandbox.url) as people:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/", retry_handlers=[])
        yield clock, sandbox, client, people


async def post(client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0GENERAL", text="card", metadata=METADATA)


@pytest.mark.parametrize(
    ("when", "status", "posts"),
    [(When.BEFORE, 500, 0), (When.AFTER, 500, 1), (When.DOWN, 503, 0), (When.LIMITED, 429, 0)],
)
async def test_an_error_comes_before_or_after_the_change(
    sandbox: Sandbox, client: AsyncWebClient, people: People, when: When, status: int, posts: int
) -> None:
    sandbox.faults.add(Rule(when=when, method="chat.postMessage", times=1))
    with pytest.raises(SlackApiError) as error:
        await post(client)

    assert (error.value.response.status_code, await people.posts("card")) == (status, posts)
    await post(client)
    assert await people.posts("card") == posts + 1


async def test_a_lost_reply_breaks_the_connection_after_the_change(
    sandbox: Sandbox, client: AsyncWebClient, people: People
) -> None:
    sandbox.faults.add(Rule(when=When.LOST, method="chat.*", times=1))
    with pytest.raises(aiohttp.ClientError):
        await post(client)

    assert await people.posts("card") == 1


async def test_a_late_reply_finds_the_change_already_made(slow: Slow) -> None:
    clock, sandbox, client, people = slow
    sandbox.faults.add(Rule(when=When.LATE, delay=timedelta(minutes=1)))
    posting = asyncio.create_task(post(client))

    await people.wait_for("card", channel="general")
    assert not posting.done()
    await clock.advance(timedelta(minutes=1))
    async with asyncio.timeout(5):
        await posting


async def test_a_change_may_come_after_the_connection_broke(slow: Slow) -> None:
    clock, sandbox, client, people = slow
    sandbox.faults.add(Rule(when=When.APPLIED_LATE, method="chat.*", times=1, delay=timedelta(minutes=1)))
    with pytest.raises(aiohttp.ClientError):
        await post(client)

    assert await people.posts("card") == 0
    await clock.advance(timedelta(minutes=1))
    assert await people.posts("card") == 1


async def test_a_malformed_body_is_no_json(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add(Rule(when=When.MALFORMED, times=1))

    with pytest.raises(SlackApiError, match="non-JSON"):
        await post(client)


async def test_faults_are_ordered_and_ended_over_the_control_api(
    client: AsyncWebClient, people: People, sandbox: Sandbox
) -> None:
    await people.faults({"method": "auth.test", "when": "429", "retry_after": 7})
    with pytest.raises(SlackApiError) as error:
        await client.auth_test()
    sandbox.faults.clear()

    assert error.value.response.headers["Retry-After"] == "7"
    assert (await client.auth_test())["ok"]


def test_the_same_seed_strikes_in_the_same_places() -> None:
    def struck() -> list[bool]:
        faults = Faults(SeededChance(99), FakeClock())
        faults.add(Rule(when=When.BEFORE, probability=0.5), seed=7)
        return [faults.strike("chat.postMessage") is not None for _ in range(20)]

    assert struck() == struck()
    assert {True, False} == set(struck())


def test_a_tier_refills_minute_by_minute() -> None:
    clock = FakeClock()
    limits = Limits(clock, enabled=True)
    allowed = [limits.take("conversations.create", "") for _ in range(Tier.TWO)]
    refused = limits.take("conversations.create", "")
    clock.move(timedelta(seconds=3))

    assert allowed == [None] * 20
    assert refused == timedelta(seconds=3)
    assert limits.take("conversations.create", "") is None
    assert limits.take("conversations.invite", "") is None


def test_a_channel_takes_a_message_a_second_after_a_burst_of_five() -> None:
    clock = FakeClock()
    limits = Limits(clock, enabled=True)
    burst = [limits.take("chat.postMessage", "C1") for _ in range(5)]

    assert burst == [None] * 5
    assert limits.take("chat.postMessage", "C1") == timedelta(seconds=1)
    assert limits.take("chat.postMessage", "C2") is None
    clock.move(timedelta(seconds=1))
    assert limits.take("chat.postMessage", "C1") is None


async def test_too_many_calls_are_answered_with_429_and_when_to_come_back(client: AsyncWebClient) -> None:
    for _ in range(20):
        await client.conversations_list()
    with pytest.raises(SlackApiError) as error:
        await client.conversations_list()

    assert (error.value.response.status_code, error.value.response["error"]) == (429, "ratelimited")
    assert error.value.response.headers["Retry-After"] == "3"


async def test_slacks_own_retry_handler_waits_as_long_as_it_is_told(sandbox: Sandbox) -> None:
    sandbox.faults.add(Rule(when=When.LIMITED, times=1, retry_after=timedelta(0)))
    handlers: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler()]
    client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/", retry_handlers=handlers)

    assert (await client.auth_test())["ok"]
    assert [entry.status for entry in sandbox.journal.calls("auth.test")] == [429, 200]


async def test_limits_can_be_off() -> None:
    async with Sandbox(SystemClock(), SeededChance(1), limits=False) as sandbox:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/")
        for _ in range(25):
            assert (await client.conversations_list())["ok"]


async def test_the_journal_has_every_call_but_no_token(client: AsyncWebClient, people: People) -> None:
    await post(client)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C0NOWHERE", text="x")
    entries = [one for one in await people.journal() if one["direction"] == "call"]

    assert [one["result"].get("error") for one in entries] == [None, "channel_not_found"]
    assert entries[0]["args"]["text"] == "card"
    assert "xoxb" not in str(entries)


async def test_the_journal_counts_round_trips_that_waited_for_one_another(sandbox: Sandbox) -> None:
    sandbox.api.delay = timedelta(milliseconds=30)
    client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/")
    channel = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    await asyncio.gather(
        client.chat_postMessage(channel=channel, text="card"),
        client.conversations_setTopic(channel=channel, topic="t"),
    )

    assert [entry.round for entry in sandbox.journal.calls()] == [1, 2, 2]


async def test_client_msg_id_is_ignored_unless_the_switch_is_on(sandbox: Sandbox, client: AsyncWebClient) -> None:
    async def twice() -> None:
        for _ in range(2):
            await client.chat_postMessage(channel="C0GENERAL", text="x", client_msg_id="1b4e28ba-2fa1-11d2")

    await twice()
    sandbox.workspace.dedupe_client_msg_id = True
    with pytest.raises(SlackApiError) as error:
        await twice()

    assert error.value.response["error"] == "duplicate_message"
