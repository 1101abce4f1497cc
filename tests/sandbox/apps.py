"""A small real Bolt app, as anybody would write one: a command, a button, a modal, events.

It is reached over HTTP or Socket Mode.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

Body = dict[str, Any]

MODAL: Body = {
    "type": "modal",
    "callback_id": "declare",
    "title": {"type": "plain_text", "text": "Declare an incident"},
    "submit": {"type": "plain_text", "text": "Declare"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": {"type": "plain_text", "text": "Title"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "severity",
            "label": {"type": "plain_text", "text": "Severity"},
            "element": {
                "type": "static_select",
                "action_id": "choice",
                "initial_option": {"text": {"type": "plain_text", "text": "Minor"}, "value": "sev3"},
                "options": [
                    {"text": {"type": "plain_text", "text": "Critical"}, "value": "sev1"},
                    {"text": {"type": "plain_text", "text": "Minor"}, "value": "sev3"},
                ],
            },
        },
    ],
}
CARD: list[Body] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Checkout is down*"}},
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            {
                "type": "button",
                "action_id": "acknowledge",
                "value": "7",
                "text": {"type": "plain_text", "text": "Acknowledge"},
            }
        ],
    },
]


@dataclass
class Seen:
    """What the app was told, in order."""

    events: list[Body] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    retries: list[str] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def note(self, where: list[Body], what: Body) -> None:
        async with self.arrived:
            where.append(what)
            self.arrived.notify_all()

    async def event(self, kind: str) -> Body:
        """Return the newest event of that type or subtype once it has arrived."""

        def find() -> Body | None:
            fits = (one for one in reversed(self.events) if kind in {one["type"], one.get("subtype")})
            return next(fits, None)

        async with asyncio.timeout(5), self.arrived:
            await self.arrived.wait_for(lambda: find() is not None)
        found = find()
        assert found is not None
        return found


def incident_app(sandbox: Sandbox) -> tuple[AsyncApp, Seen]:
    """Build the app; `/incident hang` never acknowledges."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/", retry_handlers=[])
    app = AsyncApp(
        client=client,
        signing_secret=SIGNING_SECRET,
        process_before_response=True,
        ignoring_self_events_enabled=False,
    )
    seen = Seen()
    listen_to_commands(app, seen)
    listen_to_clicks(app, seen)
    listen_to_events(app, seen)
    return app, seen


def listen_to_commands(app: AsyncApp, seen: Seen) -> None:
    @app.command("/incident")
    async def command(ack: AsyncAck, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
        await seen.note(seen.bodies, body)
        match body["text"].split(" ")[0]:
            case "hang":
                return
            case "help":
                await ack("Try /incident declare")
            case "aloud":
                await ack({"text": "Heard by all", "response_type": "in_channel"})
            case "later":
                await ack()
                await respond("Answered later")
            case "card":
                await ack()
                await client.chat_postMessage(channel=body["channel_id"], text="Checkout is down", blocks=CARD)
            case _:
                await ack()
                await client.views_open(trigger_id=body["trigger_id"], view=MODAL)


def listen_to_clicks(app: AsyncApp, seen: Seen) -> None:
    @app.action("acknowledge")
    async def acknowledge(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        await seen.note(seen.bodies, body)
        text = f"Acknowledged by <@{body['user']['id']}>"
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=text)

    @app.view("declare")
    async def declare(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await seen.note(seen.bodies, body)
        values = body["view"]["state"]["values"]
        title, severity = values["title"]["text"]["value"], values["severity"]["choice"]["selected_option"]["value"]
        if title == "bad":
            await ack(response_action="errors", errors={"title": "Say more than that"})
        elif title == "more":
            await ack(response_action="push", view={**MODAL, "callback_id": "declare"})
        else:
            await ack()
            await client.chat_postMessage(channel="C0INCIDENTS", text=f"{severity}: {title}")

    @app.view_closed("declare")
    async def closed(ack: AsyncAck, body: Body) -> None:
        await ack()
        await seen.note(seen.bodies, body)


def listen_to_events(app: AsyncApp, seen: Seen) -> None:
    @app.middleware
    async def remember(req: AsyncBoltRequest, next: Any) -> None:  # noqa: A002 - Bolt's name
        if req.body.get("type") == "event_callback":
            seen.retries.extend(req.headers.get("x-slack-retry-num", []))
            await seen.note(seen.events, req.body["event"])
        await next()

    for kind in ("message", "app_mention", "member_joined_channel", "reaction_added", "channel_created"):

        @app.event(kind)
        async def heard() -> None:
            return

    @app.event("app_home_opened")
    async def home(event: Body, client: AsyncWebClient) -> None:
        view = {
            "type": "home",
            "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Your incidents"}}],
        }
        await client.views_publish(user_id=event["user"], view=view)


@asynccontextmanager
async def over_socket_mode(sandbox: Sandbox) -> AsyncIterator[Seen]:
    """Run the app on Slack's own Socket Mode client."""
    app, seen = incident_app(sandbox)
    handler = AsyncSocketModeHandler(app, APP_TOKEN, web_client=app.client)
    await handler.connect_async()
    async with asyncio.timeout(5):
        await sandbox.sockets.wait_for(1)
    try:
        yield seen
    finally:
        await handler.close_async()


@dataclass
class HttpApp:
    """The address where the app listens, before there is a sandbox to tell it."""

    runner: web.AppRunner
    url: str
    app: AsyncApp | None = None

    async def stop(self) -> None:
        await self.runner.cleanup()


async def listen() -> HttpApp:
    """Listen on any port; Bolt's app is put in later."""
    server = web.Application()
    runner = web.AppRunner(server)
    holder = HttpApp(runner=runner, url="")

    async def handle(request: web.Request) -> web.Response:
        assert holder.app is not None
        bolt = AsyncBoltRequest(
            body=await request.text(), query=request.query_string, headers=dict(request.headers.items())
        )
        answer = await holder.app.async_dispatch(bolt)
        headers = {name: values[0] for name, values in answer.headers.items() if name != "content-type"}
        content_type = answer.first_headers().get("content-type", "text/plain").split(";")[0]
        return web.Response(status=answer.status, text=answer.body, headers=headers, content_type=content_type)

    server.router.add_post("/slack/events", handle)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    holder.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    return holder
