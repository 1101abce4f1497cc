"""Slack's own Node packages judge the sandbox: Bolt over HTTP and Socket Mode, and the Socket Mode client alone."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.clock import SeededChance, SystemClock
from bot.sandbox.delivery.channel_sockets import Goodbye
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.texts import words_of
from tests.sandbox.judges.node_app import NodeApp, node_app

pytestmark = pytest.mark.peer("node")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def bolt_at_work(way: str) -> AsyncIterator[tuple[Sandbox, People, NodeApp]]:
    """Run the Bolt app beside a sandbox that reaches it in that way."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/slack/events" if way == "http" else None
    async with (
        Sandbox(SystemClock(), SeededChance(1), url) as sandbox,
        node_app(sandbox, "app.mjs", way, environment={"PORT": str(port)}) as app,
        People(sandbox.url) as people,
    ):
        if way == "socket":
            await sandbox.sockets.wait_for(1)
        yield sandbox, people, app
        assert app.find("error") is None


@pytest.mark.parametrize("way", ["http", "socket"])
async def test_bolt_for_node_walks_from_command_to_form_to_button(way: str) -> None:
    async with bolt_at_work(way) as (sandbox, people, app):
        ana, bo = people.person("ana"), people.person("bo")
        helped = await ana.command("/incident help")
        shown = {message["ts"]: message["text"] for message in await ana.sees("general")}
        assert shown[helped["ts"]] == "Try /incident declare"
        assert (await app.saw("command"))["team"] == sandbox.workspace.team.id

        await ana.command("/incident later")
        await people.wait_for("Answered later", "general")

        await ana.command("/incident declare")
        form = await ana.modal()
        assert form.labels == ["Title", "Service"]
        assert await ana.submits({"Title": "bad"}) == {"title": "Say more than that"}
        # The form's second field has options that the app is asked for while somebody types.
        assert await ana.types_in_form("", into="Service") == ["Checkout", "Cart", "Search"]
        assert await ana.types_in_form("c", into="Service") == ["Checkout", "Cart"]
        assert await app.saw("options") == {"saw": "options", "value": "c"}
        await ana.picks("Checkout", into="Service", typed="ch")
        assert await ana.submits({"Title": "Checkout is down"}) == {}
        assert not await ana.sees_form()
        assert await app.saw("submission") == {"saw": "submission", "title": "Checkout is down", "service": "checkout"}
        card = await people.wait_for("Checkout is down", "incidents", as_="bo")
        assert (await app.saw("posted"))["ts"] == card["ts"]

        await bo.clicks("Acknowledge", channel="incidents")
        assert await app.saw("click") == {"saw": "click", "value": "7", "user": "U0BO"}
        replaced = await people.wait_for(lambda one: "reactions" in one, "incidents")
        assert replaced["ts"] == card["ts"]
        assert replaced["text"] == "Acknowledged by <@U0BO>"
        assert replaced["reactions"] == [{"name": "eyes", "users": ["U0MUSTER"], "count": 1}]


@pytest.mark.parametrize("way", ["http", "socket"])
async def test_bolt_for_node_hears_events_and_shortcuts(way: str) -> None:
    async with bolt_at_work(way) as (sandbox, people, app):
        ana = people.person("ana")
        said = await ana.says("the build is on fire", channel="general")
        answer = await people.wait_for("Is it an incident?", "general")
        assert answer["thread_ts"] == said
        assert await app.saw("message") == {"saw": "message", "text": "the build is on fire", "user": "U0ANA"}

        await ana.reacts("fire", channel="general", ts=said)
        assert await app.saw("reaction") == {
            "saw": "reaction",
            "name": "fire",
            "user": "U0ANA",
            "team": sandbox.workspace.team.id,
        }

        await ana.opens_home()
        assert (await ana.home())["blocks"][0]["text"]["text"] == "Your incidents"

        await ana.uses_shortcut("report")
        assert (await ana.modal()).title == "Declare an incident"
        assert (await app.saw("shortcut"))["type"] == "shortcut"
        await ana.closes()
        assert (await app.saw("closed"))["user"] == "U0ANA"

        before = len(app.lines)
        await ana.uses_message_shortcut("declare_from_message", channel="general", ts=said)
        assert await app.saw("shortcut", after=before) == {
            "saw": "shortcut",
            "type": "message_action",
            "text": "the build is on fire",
            "channel": "C0GENERAL",
        }


async def test_the_socket_mode_client_for_node_comes_back_after_a_refresh() -> None:
    async with (
        Sandbox(SystemClock(), SeededChance(1)) as sandbox,
        node_app(sandbox, "sockets.mjs") as app,
        People(sandbox.url) as people,
    ):
        ana = people.person("ana")
        given = await ana.command("/incident hello")
        assert given["error" if "error" in given else "ts"] is not None
        assert "You said hello" in [words_of(one) for one in await ana.sees("general")]

        await ana.says("@muster are you there", channel="general")
        await people.wait_for("Here I am", "general")
        assert await app.saw("posted") == {"saw": "posted", "ok": True, "scopes": True}

        before = len(app.lines)
        await sandbox.sockets.disconnect(Goodbye.REFRESH)
        await app.saw("connected", after=before)
        await sandbox.sockets.wait_for(1)
        await ana.command("/incident again")
        assert "You said again" in [words_of(one) for one in await ana.sees("general")]
