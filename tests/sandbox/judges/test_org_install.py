"""Bolt judges an org-wide install: one token for an organisation, events that say so, calls that name the team."""

import asyncio
from pathlib import Path
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.oauth.installation_store.file import FileInstallationStore
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.setup.read import read_plans

FILE = """\
app: {name: Helper, app_token: xapp-helper, commands: [{command: /room}]}
organisation: {id: E0ACME, name: Acme Group, token: xoxb-org}
workspaces:
  - {name: Acme, users: [{name: ana}], channels: [{name: general}], tokens: []}
  - {name: Labs, users: [{name: ana}, {name: bo}], channels: [{name: general}], tokens: []}
"""


async def test_one_org_token_serves_the_commands_of_all_workspaces(tmp_path: Path) -> None:
    store = FileInstallationStore(base_dir=str(tmp_path))
    store.save(Installation(enterprise_id="E0ACME", user_id="U0ANA", bot_token="xoxb-org", is_enterprise_install=True))
    async with Sandbox(SystemClock(), SeededChance(1), plans=read_plans(FILE, "org.yaml")) as sandbox:
        web = AsyncWebClient(base_url=f"{sandbox.url}/api/", retry_handlers=[])
        app = AsyncApp(signing_secret="sandbox-signing-secret", installation_store=store, client=web)
        contexts: list[tuple[bool | None, str | None, str | None]] = []

        @app.command("/room")
        async def room(
            ack: AsyncAck,
            body: dict[str, Any],
            context: AsyncBoltContext,
            client: AsyncWebClient,
            respond: AsyncRespond,
        ) -> None:
            await ack()
            contexts.append((context.is_enterprise_install, context.enterprise_id, body["team_id"]))
            created = await client.conversations_create(name=body["text"], team_id=body["team_id"])
            await client.chat_postMessage(channel=created["channel"]["id"], text="Here it is")
            await respond(f"<#{created['channel']['id']}> is there")

        handler = AsyncSocketModeHandler(app, "xapp-helper", web_client=web)
        await handler.connect_async()
        async with asyncio.timeout(5):
            await sandbox.sockets.wait_for(1)
        for team, name in (("T0ACME", "ana"), ("T1LABS", "bo")):
            async with People(sandbox.url, team=team) as people:
                await people.person(name).command("/room war-room")
                await people.wait_for("is there", "general", as_=name)
                assert (await people.messages("war-room"))[-1]["text"] == "Here it is"
        await handler.close_async()
    assert contexts == [(True, "E0ACME", "T0ACME"), (True, "E0ACME", "T1LABS")]
