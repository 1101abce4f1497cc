"""The Web API as Slack's own client sees it."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.facts import FACTS
from bot.sandbox.methods import HANDLERS
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox


def code(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(error.value.response["error"])


def test_every_handler_has_its_facts_and_every_fact_its_handler() -> None:
    assert set(HANDLERS) == set(FACTS)


async def test_auth_test_says_who_the_bot_is_and_what_it_may(client: AsyncWebClient) -> None:
    answer = await client.auth_test()

    assert (answer["team"], answer["user_id"], answer["bot_id"]) == ("Northwind", "U0MUSTER", "B0MUSTER")
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "expected"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-sandbox-app", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused_with_status_200(sandbox: Sandbox, token: str, expected: str) -> None:
    form = {"token": token, "channel": "C0GENERAL", "text": "hi"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.url}/api/chat.postMessage", data=form) as answer,
    ):
        assert (answer.status, await answer.json()) == (200, {"ok": False, "error": expected})


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as error:
        await client.api_call("chat.shout")

    assert code(error) == "unknown_method"


async def test_arguments_of_query_form_and_json_are_one(sandbox: Sandbox) -> None:
    headers = {"Authorization": "Bearer xoxb-sandbox-bot"}
    address = f"{sandbox.url}/api/chat.postMessage?channel=C0GENERAL"
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(address, data={"text": "form"}) as answer:
            assert (await answer.json())["message"]["text"] == "form"
        async with session.post(address, json={"text": "json"}) as answer:
            assert (await answer.json())["message"]["text"] == "json"
        async with session.get(f"{address}&text=query") as answer:
            assert (await answer.json())["message"]["text"] == "query"


async def test_a_post_is_in_the_history_and_people_see_it(client: AsyncWebClient, people: People) -> None:
    posted = await client.chat_postMessage(channel="C0INCIDENTS", text="Checkout is down")

    history = await client.conversations_history(channel="C0INCIDENTS", limit=1)
    seen = await people.wait_for("Checkout is down", channel="incidents")

    assert history["messages"][0]["ts"] == posted["ts"] == seen["ts"]
    assert history["messages"][0]["bot_id"] == "B0MUSTER"


async def test_timestamps_only_grow(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="C0GENERAL", text=str(one)))["ts"] for one in range(4)]

    assert stamps == sorted(set(stamps))


async def test_metadata_is_told_only_to_those_who_ask(client: AsyncWebClient, people: People) -> None:
    metadata = {"event_type": "muster_outbox", "event_payload": {"k": "incident-7:card"}}
    await client.chat_postMessage(channel="C0GENERAL", text="card", metadata=metadata)

    plain = await client.conversations_history(channel="C0GENERAL", limit=1)
    full = await client.conversations_history(channel="C0GENERAL", limit=1, include_all_metadata=True)

    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata
    assert await people.posts("incident-7:card") == 1


async def test_history_pages_from_the_newest_to_the_oldest(client: AsyncWebClient, sandbox: Sandbox) -> None:
    sandbox.limits.enabled = False
    for number in range(7):
        await client.chat_postMessage(channel="C0GENERAL", text=str(number))
    first = await client.conversations_history(channel="C0GENERAL", limit=3)
    pages = [[one["text"] for one in page["messages"]] async for page in first]

    assert pages == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


async def test_oldest_and_latest_bound_the_history(client: AsyncWebClient) -> None:
    first, second, third = [
        (await client.chat_postMessage(channel="C0GENERAL", text=text))["ts"] for text in ("a", "b", "c")
    ]
    between = await client.conversations_history(channel="C0GENERAL", oldest=first, latest=third)
    with_ends = await client.conversations_history(channel="C0GENERAL", oldest=first, latest=third, inclusive=True)

    assert [one["ts"] for one in between["messages"]] == [second]
    assert [one["ts"] for one in with_ends["messages"]] == [third, second, first]


async def test_replies_stand_in_the_thread_and_not_in_the_channel(client: AsyncWebClient) -> None:
    root = await client.chat_postMessage(channel="C0GENERAL", text="root")
    reply = await client.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root["ts"])

    history = await client.conversations_history(channel="C0GENERAL")
    thread = await client.conversations_replies(channel="C0GENERAL", ts=root["ts"])

    assert [(one["text"], one["reply_count"]) for one in history["messages"]] == [("root", 1)]
    assert [one["ts"] for one in thread["messages"]] == [root["ts"], reply["ts"]]


async def test_long_text_arrives_in_several_messages_but_no_update_may_be_long(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="C0GENERAL", text="x" * 9_000)
    history = await client.conversations_history(channel="C0GENERAL")
    with pytest.raises(SlackApiError) as error:
        await client.chat_update(channel="C0GENERAL", ts=posted["ts"], text="x" * 4_001)

    assert [len(one["text"]) for one in reversed(history["messages"])] == [4_000, 4_000, 1_000]
    assert code(error) == "msg_too_long"


async def test_update_replaces_blocks_and_keeps_metadata(client: AsyncWebClient) -> None:
    metadata = {"event_type": "card", "event_payload": {"k": "1"}}
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "before"}}]
    posted = await client.chat_postMessage(channel="C0GENERAL", text="a", blocks=blocks, metadata=metadata)

    await client.chat_update(channel="C0GENERAL", ts=posted["ts"], text="after")
    history = await client.conversations_history(channel="C0GENERAL", include_all_metadata=True)

    assert history["messages"][0]["text"] == "after"
    assert "blocks" not in history["messages"][0]
    assert history["messages"][0]["metadata"] == metadata


async def test_people_cannot_be_put_words_into_their_mouth(client: AsyncWebClient, people: People) -> None:
    ts = await people.person("ana").says("mine", channel="general")
    with pytest.raises(SlackApiError) as updating:
        await client.chat_update(channel="C0GENERAL", ts=ts, text="yours")
    with pytest.raises(SlackApiError) as deleting:
        await client.chat_delete(channel="C0GENERAL", ts=ts)

    assert (code(updating), code(deleting)) == ("cant_update_message", "cant_delete_message")


async def test_an_ephemeral_message_is_seen_by_one_person_only(client: AsyncWebClient, people: People) -> None:
    await client.chat_postEphemeral(channel="C0GENERAL", user="U0BO", text="just you")

    assert [one["text"] for one in await people.person("bo").sees("general")] == ["just you"]
    assert await people.person("ana").sees("general") == []
    assert (await client.conversations_history(channel="C0GENERAL"))["messages"] == []


async def test_a_permalink_leads_to_the_message(client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C0GENERAL", text="here"))["ts"]
    link = await client.chat_getPermalink(channel="C0GENERAL", message_ts=ts)

    assert link["permalink"] == f"https://northwind.slack.com/archives/C0GENERAL/p{ts.replace('.', '')}"
