"""The client that plays people: all that somebody does in Slack, each said in a line, and what the app hears of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.errors import NotPossible
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.setup.read import read_plans
from bot.sandbox.state.seed import APP_TOKEN
from bot.sandbox.texts import words_of
from tests.sandbox.socket_app import SocketApp, socket_app

Body = dict[str, Any]
NO_PATIENCE = timedelta(0)


def words(text: str) -> Body:
    return {"type": "plain_text", "text": text}


def select(action_id: str) -> Body:
    """Return a select whose options the app is asked for as soon as a letter is typed."""
    return {"type": "external_select", "action_id": action_id, "placeholder": words("Service"), "min_query_length": 1}


CARD: list[Body] = [
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            {"type": "button", "action_id": "acknowledge", "text": words("Acknowledge"), "value": "7"},
            select("service"),
        ],
    }
]
FORM: Body = {
    "type": "modal",
    "callback_id": "declare",
    "title": words("Declare"),
    "submit": words("Declare"),
    "blocks": [
        {"type": "input", "block_id": "service", "label": words("Service"), "element": select("service")},
        {
            "type": "input",
            "block_id": "notes",
            "optional": True,
            "label": words("Notes"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
    ],
}
SERVICES = ("Checkout", "Cart", "Search")


def services(payload: Body) -> Body | None:
    """Answer a request for options; everything else is only acknowledged."""
    if payload.get("type") != "block_suggestion":
        return None
    fits = [name for name in SERVICES if name.lower().startswith(payload["value"].lower())]
    return {"options": [{"text": words(name), "value": name.lower()} for name in fits]}


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[SocketApp]:
    """Return a bare app that knows the services."""
    async with socket_app(sandbox, APP_TOKEN, answer=services) as connected:
        yield connected


async def event(app: SocketApp, kind: str) -> Body:
    """Return the next event of that type or subtype, whatever came before it."""
    while True:
        body: Body = (await app.next("events_api"))["event"]
        if kind in {body["type"], body.get("subtype")}:
            return body


async def test_they_talk_correct_themselves_react_and_pin(app: SocketApp, people: People) -> None:
    ana, bo = people.person("ana"), people.person("bo")
    said = await ana.says("checkout is slow", channel="incidents")
    replied = await bo.says("looking", channel="#incidents", thread=said, broadcast=True)
    await ana.edits("checkout is down", channel="incidents", ts=said)
    changed = await event(app, "message_changed")
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("checkout is down", "checkout is slow")
    await bo.reacts("eyes", channel="incidents", ts=said)
    await bo.unreacts("eyes", channel="incidents", ts=said)
    assert (await event(app, "reaction_removed"))["reaction"] == "eyes"
    await bo.pins(channel="incidents", ts=said)
    assert (await people.channel("incidents"))["pins"] == [said]
    await bo.unpins(channel="incidents", ts=said)
    assert (await event(app, "pin_removed"))["user"] == "U0BO"
    await bo.deletes(channel="incidents", ts=replied)
    assert (await event(app, "message_deleted"))["deleted_ts"] == replied
    assert [one["text"] for one in await ana.sees("incidents")] == ["checkout is down"]


async def test_they_may_not_change_what_others_wrote(people: People) -> None:
    said = await people.person("ana").says("mine", channel="general")
    with pytest.raises(NotPossible, match="Only its author"):
        await people.person("bo").edits("yours", channel="general", ts=said)
    with pytest.raises(NotPossible, match="no channel nowhere"):
        await people.person("bo").says("hello", channel="nowhere")


async def test_they_send_files_and_the_app_can_read_them(
    app: SocketApp, people: People, client: AsyncWebClient
) -> None:
    content = b"\x89PNG\r\n\x1a\n not quite a picture"
    ts = await people.person("ana").uploads("graph.png", content, channel="general", comment="look at this")
    shared = await event(app, "file_share")
    (file,) = shared["files"]
    assert (shared["ts"], shared["text"], file["name"], file["mimetype"]) == (
        ts,
        "look at this",
        "graph.png",
        "image/png",
    )
    assert (await client.files_info(file=file["id"]))["file"]["size"] == len(content)


async def test_they_create_rename_and_close_channels_and_come_and_go(app: SocketApp, people: People) -> None:
    ana, eve = people.person("ana"), people.person("eve")
    created = await ana.creates("war-room")
    await ana.invites("muster", channel="war-room")
    assert (await event(app, "member_joined_channel"))["channel"] == created
    await eve.joins("war-room")
    assert (await event(app, "member_joined_channel"))["user"] == "U0EVE"
    await ana.sets_topic("Checkout", channel="war-room")
    assert (await event(app, "channel_topic"))["topic"] == "Checkout"
    await ana.renames("war-room", "war-room-7")
    assert (await event(app, "channel_rename"))["channel"]["name"] == "war-room-7"
    await eve.leaves("war-room-7")
    assert (await event(app, "member_left_channel"))["user"] == "U0EVE"
    await ana.archives("war-room-7")
    assert (await event(app, "channel_archive"))["user"] == "U0ANA"
    await ana.unarchives("war-room-7")
    assert (await people.channel("war-room-7"))["members"] == ["U0ANA"], "archiving put the app out"
    await ana.invites("muster", channel="war-room-7")
    await ana.kicks("muster", channel="war-room-7")
    assert (await people.channel("war-room-7"))["members"] == ["U0ANA"]
    secret = await ana.creates("secret", private=True)
    assert (await people.channel(secret))["is_private"] is True
    with pytest.raises(NotPossible, match="sees no channel"):
        await people.channel("secret", as_="bo")


async def test_they_press_buttons_wherever_they_see_them(
    app: SocketApp, people: People, client: AsyncWebClient
) -> None:
    await client.chat_postMessage(channel="C0ALERTS", text="older", blocks=CARD)
    newest = await client.chat_postMessage(channel="C0INCIDENTS", text="newer", blocks=CARD)
    await people.person("bo").clicks("Acknowledge")
    click = await app.next("interactive")
    assert (click["channel"]["id"], click["message"]["ts"]) == ("C0INCIDENTS", newest["ts"])
    assert (click["user"]["id"], click["actions"][0]["value"]) == ("U0BO", "7")
    # Eve is in neither channel.
    with pytest.raises(TimeoutError, match="No message 'Acknowledge' in any channel"):
        await people.person("eve").clicks("Acknowledge", timeout=NO_PATIENCE)


async def test_they_type_into_selects_whose_options_the_app_knows(
    app: SocketApp, people: People, client: AsyncWebClient
) -> None:
    ana = people.person("ana")
    posted = await client.chat_postMessage(channel="C0GENERAL", text="card", blocks=CARD)
    assert await ana.types("c", into="service") == ["Checkout", "Cart"]
    await ana.chooses("Cart", action_id="service", channel="general", ts=posted["ts"])
    asked, chosen = await app.next("interactive"), await app.next("interactive")
    assert (asked["type"], asked["value"], asked["action_id"]) == ("block_suggestion", "c", "service")
    assert chosen["actions"][0]["selected_option"]["value"] == "cart"

    await ana.command("/incident declare")
    command = await app.next("slash_commands")
    await client.views_open(trigger_id=command["trigger_id"], view=FORM)
    # What is required is asked for by Slack's client itself.
    assert await ana.submits() == {"service": "Please complete this required field."}
    await ana.picks("Search", into="Service", typed="s")
    with pytest.raises(NotPossible, match="has no field 'Sevice'; it has Service, Notes"):
        await ana.picks("Search", into="Sevice")
    assert await ana.submits({"Notes": "since noon"}) == {}
    assert (await app.next("interactive"))["type"] == "block_suggestion"
    values = (await app.next("interactive"))["view"]["state"]["values"]
    assert values["service"]["service"]["selected_option"]["value"] == "search"
    assert values["notes"]["text"]["value"] == "since noon"


async def test_they_use_shortcuts_and_the_home_tab(app: SocketApp, people: People, client: AsyncWebClient) -> None:
    ana = people.person("ana")
    await ana.uses_shortcut("report")
    assert (await app.next("interactive"))["callback_id"] == "report"
    said = await ana.says("it burns", channel="general")
    await ana.uses_message_shortcut("escalate", channel="general", ts=said)
    assert (await app.next("interactive"))["message"]["text"] == "it burns"
    await ana.opens_home()
    opened = await event(app, "app_home_opened")
    await client.views_publish(user_id=opened["user"], view={"type": "home", "blocks": CARD})
    await ana.clicks_in_home("Acknowledge")
    pressed = await app.next("interactive")
    assert (pressed["view"]["type"], pressed["actions"][0]["action_id"]) == ("home", "acknowledge")


async def test_they_write_to_one_another_and_to_the_app(app: SocketApp, people: People) -> None:
    await people.person("ana").says("hello app", channel="@muster")
    assert (await event(app, "message"))["channel_type"] == "im"
    await people.person("ana").says("hello bo", channel="@bo")
    assert [words_of(one) for one in await people.person("bo").sees("@ana")] == ["hello bo"]


async def test_who_is_not_named_is_the_workspaces_first_person() -> None:
    text = "workspaces:\n  - {name: Own, users: [{name: lin}, {name: max}], channels: [{name: general}]}"
    async with (
        Sandbox(SystemClock(), SeededChance(1), plans=read_plans(text, "own.yaml")) as sandbox,
        People(sandbox.url) as people,
    ):
        await people.post("say", {"channel": "general", "text": "hello"})
        (said,) = await people.messages("general")
        assert said["user"] == "U0LIN"
        with pytest.raises(NotPossible, match="the first person sees no channel nowhere"):
            await people.channel("nowhere")
