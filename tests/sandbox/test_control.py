"""The control API: what a person sees and does, as the page uses it."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.errors import NotPossible
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from tests.sandbox.apps import CARD


async def test_everybody_is_there(people: People) -> None:
    answer = await people.get("people")

    assert [one["id"] for one in answer["people"]] == ["U0ANA", "U0BO", "U0CLEO", "U0DMITRI", "U0EVE", "U0MUSTER"]
    assert answer["team"] == {
        "id": "T0SANDBOX",
        "name": "Northwind",
        "domain": "northwind",
        "url": "https://northwind.slack.com/",
    }


async def test_a_person_sees_public_channels_and_their_own_private_ones(client: AsyncWebClient, people: People) -> None:
    private = (await client.conversations_create(name="secret", is_private=True))["channel"]["id"]
    await client.conversations_invite(channel=private, users="U0BO")

    async def names(person: str) -> list[str]:
        return [one["name"] for one in (await people.get("view", **{"as": person}))["channels"]]

    assert await names("ana") == ["general", "alerts", "payments-alerts", "incidents", "muster-admin"]
    assert (await names("bo"))[-1] == "secret"
    with pytest.raises(NotPossible, match="ana"):
        await people.messages("secret", as_="ana")


async def test_unread_messages_are_counted_until_they_are_read(people: People) -> None:
    await people.person("ana").says("one", channel="general")
    await people.person("ana").says("two", channel="general")
    before = (await people.channel("general", as_="bo"))["unread"]
    await people.post("read", {"as": "bo", "channel": "C0GENERAL"})

    assert (before, (await people.channel("general", as_="bo"))["unread"]) == (2, 0)
    assert (await people.channel("general", as_="ana"))["unread"] == 0


async def test_who_waits_for_changes_is_woken_by_one(people: People) -> None:
    version = (await people.get("view"))["version"]
    waiting = asyncio.create_task(people.get("changes", since=version))
    await people.person("ana").says("news", channel="general")

    async with asyncio.timeout(5):
        assert (await waiting)["version"] > version


async def test_waiting_for_what_does_not_come_says_what_is_there(people: People) -> None:
    await people.person("ana").says("all quiet", channel="general")

    with pytest.raises(TimeoutError, match="all quiet"):
        await people.wait_for("fire", channel="general", timeout=timedelta(milliseconds=20))


async def test_a_button_that_does_not_exist_cannot_be_clicked(client: AsyncWebClient, people: People) -> None:
    ts = (await client.chat_postMessage(channel="C0GENERAL", text="card", blocks=CARD))["ts"]

    with pytest.raises(NotPossible, match="action_id resolve"):
        await people.post("click", {"as": "bo", "channel": "C0GENERAL", "ts": ts, "action_id": "resolve"})


async def test_outsiders_cannot_speak_until_they_join(people: People) -> None:
    eve = people.person("eve")
    with pytest.raises(NotPossible, match="not in #incidents"):
        await eve.says("me too", channel="incidents")
    await eve.joins("incidents")
    await eve.says("me too", channel="incidents")

    assert (await people.messages("incidents"))[-1]["text"] == "me too"


async def test_only_its_author_changes_a_message(people: People) -> None:
    ts = await people.person("ana").says("mine", channel="general")

    with pytest.raises(NotPossible, match="author"):
        await people.person("bo").edits("yours", channel="general", ts=ts)
    await people.person("ana").deletes(channel="general", ts=ts)
    assert await people.messages("general") == []


async def test_the_root_of_a_thread_leaves_a_tombstone(people: People) -> None:
    ana = people.person("ana")
    root = await ana.says("root", channel="general")
    await ana.says("reply", channel="general", thread=root)
    await ana.deletes(channel="general", ts=root)

    assert [one.get("subtype") for one in await people.messages("general")] == ["tombstone", None]


async def test_references_are_made_of_what_people_type(people: People) -> None:
    await people.person("ana").says("@bo see #incidents & https://example.com/a?b=1", channel="general")

    text = (await people.messages("general"))[-1]["text"]
    assert text == "<@U0BO> see <#C0INCIDENTS|incidents> &amp; <https://example.com/a?b=1>"


async def test_people_write_to_the_bot_directly(people: People, client: AsyncWebClient) -> None:
    await people.person("ana").says("hello", channel="@muster")
    channel = (await client.conversations_open(users="U0ANA"))["channel"]["id"]

    assert [one["text"] for one in (await client.conversations_history(channel=channel))["messages"]] == ["hello"]


async def test_a_broken_request_is_refused_with_a_reason(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{sandbox.url}/sandbox/say", data="{") as answer:
            assert answer.status == 400
        async with session.post(f"{sandbox.url}/sandbox/faults", json={"rules": [{"when": "never"}]}) as answer:
            assert (answer.status, "never" in (await answer.json())["error"]) == (400, True)


async def test_the_same_seed_makes_the_same_ids() -> None:
    async def channel_id() -> str:
        async with Sandbox(SystemClock(), SeededChance(5)) as sandbox:
            client = AsyncWebClient(token="xoxb-sandbox-bot", base_url=f"{sandbox.url}/api/")
            return str((await client.conversations_create(name="same"))["channel"]["id"])

    assert await channel_id() == await channel_id()
