"""Slack's own Python clients judge the sandbox: WebClient, AsyncWebClient, and two Socket Mode clients."""

import asyncio
import queue
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, HeaderBlock, PlainTextInputElement, SectionBlock
from slack_sdk.models.blocks.blocks import InputBlock
from slack_sdk.models.views import View
from slack_sdk.socket_mode import SocketModeClient as ThreadedSocketModeClient
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.delivery.channel_sockets import Goodbye
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN
from bot.sandbox.texts import words_of

Body = dict[str, Any]


def incident(client: WebClient) -> str:
    """Do what an incident bot does with the synchronous client; return the channel's id."""
    channel = client.conversations_create(name="inc-7-checkout")["channel"]["id"]
    client.conversations_setTopic(channel=channel, topic="SEV1 Checkout is down")
    client.conversations_invite(channel=channel, users=["U0ANA", "U0BO"])
    card = client.chat_postMessage(
        channel=channel,
        text="Checkout is down",
        blocks=[
            HeaderBlock(text="Checkout is down"),
            SectionBlock(text="*SEV1*"),
            ActionsBlock(elements=[ButtonElement(text="Acknowledge", action_id="acknowledge", value="7")]),
        ],
        metadata={"event_type": "card", "event_payload": {"k": "card-7"}},
    )
    client.pins_add(channel=channel, timestamp=card["ts"])
    client.bookmarks_add(channel_id=channel, title="Status", type="link", link="https://status.example/")
    client.chat_update(channel=channel, ts=card["ts"], text="Checkout works again", blocks=[])
    for number in range(3):
        client.chat_postMessage(channel=channel, text=f"reply {number}", thread_ts=card["ts"])
    client.files_upload_v2(channel=channel, content="a,b\n1,2\n", filename="counts.csv", title="Counts")
    return str(channel)


async def test_the_synchronous_client_runs_an_incident_from_a_thread(sandbox: Sandbox, people: People) -> None:
    client = WebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/")
    channel = await asyncio.to_thread(incident, client)
    ana = people.person("ana")
    seen = await ana.sees(channel)
    assert "Checkout works again" in [one["text"] for one in seen]
    assert [one["text"] for one in seen if one.get("thread_ts") and one["text"].startswith("reply")] == [
        f"reply {number}" for number in range(3)
    ]
    (file,) = [file for one in seen for file in one.get("files", [])]
    assert (file["name"], file["title"], file["size"]) == ("counts.csv", "Counts", 8)
    assert await people.posts("card-7") == 1
    shown = await people.channel(channel)
    assert (shown["topic"], [one["title"] for one in shown["bookmarks"]]) == ("SEV1 Checkout is down", ["Status"])


async def test_the_synchronous_client_raises_slacks_errors(sandbox: Sandbox) -> None:
    client = WebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/")
    with pytest.raises(SlackApiError) as caught:
        await asyncio.to_thread(lambda: client.conversations_create(name="general"))
    assert caught.value.response["error"] == "name_taken"
    assert "chat:write" in caught.value.response.headers["x-oauth-scopes"]
    nobody = WebClient(token="xoxb-nobody", base_url=f"{sandbox.url}/api/")
    with pytest.raises(SlackApiError) as caught:
        await asyncio.to_thread(nobody.auth_test)
    assert caught.value.response["error"] == "invalid_auth"


async def test_the_asynchronous_client_pages_through_everything(sandbox: Sandbox, client: AsyncWebClient) -> None:
    names: list[str] = []
    async for page in await client.conversations_list(limit=2):
        names += [channel["name"] for channel in page["channels"]]
    assert sorted(names) == sorted(one.name for one in sandbox.workspace.channels.values() if one.is_room)
    members: list[str] = []
    async for page in await client.users_list(limit=2):
        members += [one["id"] for one in page["members"]]
    assert set(members) == set(sandbox.workspace.people)


async def test_typed_views_of_slack_sdk_are_taken(sandbox: Sandbox, client: AsyncWebClient, people: People) -> None:
    view = View(type="home", blocks=[HeaderBlock(text="Your incidents"), SectionBlock(text="None")])
    assert (await client.views_publish(user_id="U0ANA", view=view))["ok"]
    assert words_of(await people.person("ana").home()) == "Your incidents\nNone"


FORM = View(
    type="modal",
    title="Declare",
    submit="Declare",
    callback_id="declare",
    blocks=[InputBlock(block_id="title", label="Title", element=PlainTextInputElement(action_id="text"))],
)


def answer_to(request: SocketModeRequest) -> Body | None:
    """Return what the app answers to an envelope."""
    if request.type == "slash_commands" and request.payload["text"] != "form":
        return {"text": f"You said {request.payload['text']}"}
    if request.type == "interactive" and request.payload["type"] == "view_submission":
        title = request.payload["view"]["state"]["values"]["title"]["text"]["value"]
        return {"response_action": "errors", "errors": {"title": "Say more"}} if title == "bad" else None
    return None


async def walk(people: People) -> None:
    """Play somebody who uses a command, fills in a form wrongly and then rightly, and writes a message."""
    ana = people.person("ana")
    await ana.command("/incident hello")
    assert "You said hello" in [words_of(one) for one in await ana.sees("general")]
    await ana.command("/incident form")
    assert await ana.submits({"Title": "bad"}) == {"title": "Say more"}
    assert await ana.submits({"Title": "Checkout is down"}) == {}
    await ana.says("it is on fire", channel="general")


async def test_the_aiohttp_socket_mode_client_walks_through(
    sandbox: Sandbox, client: AsyncWebClient, people: People
) -> None:
    sockets = SocketModeClient(app_token=APP_TOKEN, web_client=client, ping_interval=1)
    seen: asyncio.Queue[SocketModeRequest] = asyncio.Queue()

    async def listen(connection: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        payload = answer_to(request)
        if request.type == "slash_commands" and request.payload["text"] == "form":
            await client.views_open(trigger_id=request.payload["trigger_id"], view=FORM)
        await connection.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=payload))
        seen.put_nowait(request)

    sockets.socket_mode_request_listeners.append(listen)
    await sockets.connect()
    async with asyncio.timeout(5):
        await sandbox.sockets.wait_for(1)
        await walk(people)
        while (request := await seen.get()).type != "events_api":
            pass
        assert request.payload["event"]["text"] == "it is on fire"
        assert request.retry_attempt == 0
        # A refresh: the client lets the old connection go and opens a new one, on which everything works again.
        await sandbox.sockets.disconnect(Goodbye.REFRESH)
        await sandbox.sockets.wait_for(1)
        ana = people.person("ana")
        await ana.command("/incident again")
        assert "You said again" in [words_of(one) for one in await ana.sees("general")]
    await sockets.close()


async def test_the_threaded_socket_mode_client_walks_through(sandbox: Sandbox, people: People) -> None:
    web = WebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/")
    sockets = ThreadedSocketModeClient(app_token=APP_TOKEN, web_client=web, ping_interval=1)
    seen: queue.Queue[SocketModeRequest] = queue.Queue()

    def listen(connection: BaseSocketModeClient, request: SocketModeRequest) -> None:
        if request.type == "slash_commands" and request.payload["text"] == "form":
            web.views_open(trigger_id=request.payload["trigger_id"], view=FORM)
        answer = SocketModeResponse(envelope_id=request.envelope_id, payload=answer_to(request))
        connection.send_socket_mode_response(answer)
        seen.put(request)

    sockets.socket_mode_request_listeners.append(listen)
    await asyncio.to_thread(sockets.connect)
    async with asyncio.timeout(5):
        await sandbox.sockets.wait_for(1)
        await walk(people)
    while (request := await asyncio.to_thread(seen.get, timeout=5)).type != "events_api":
        pass
    assert request.payload["event"]["text"] == "it is on fire"
    await asyncio.to_thread(sockets.close)
