"""Bolt's own install flow judges the sandbox: somebody allows the app, and its tokens work, rotate and end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest, AsyncSay
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.oauth.installation_store.file import FileInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.state_store.file import FileOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.consent import ADDRESS
from bot.sandbox.errors import NotPossible
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.setup.read import read_plans

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # slack_sdk's own
FILE = """\
app: {name: Helper, token_rotation: true, client_id: "10.20", client_secret: a-client-secret, app_token: xapp-helper}
workspaces:
  - {name: Acme, users: [{name: ana}, {name: gus, kind: guest}], channels: [{name: general}], tokens: []}
  - {name: Labs, users: [{name: bo}], channels: [{name: general}], tokens: []}
"""
BACK = "http://127.0.0.1:3000/slack/oauth_redirect"


class Later(SystemClock):
    """The machine's clock, moved on by what a test says."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


@dataclass
class Stage:
    """A sandbox in which the app is not installed, and Bolt's install flow."""

    sandbox: Sandbox
    clock: Later
    flow: AsyncOAuthFlow
    store: FileInstallationStore

    def client(self, token: str = "") -> AsyncWebClient:
        return AsyncWebClient(token=token or None, base_url=f"{self.sandbox.url}/api/", retry_handlers=[])

    async def sent_to(self) -> tuple[str, str]:
        """Return where /slack/install sends people, and the cookie that Bolt gives them."""
        page = await self.flow.handle_installation(AsyncBoltRequest(body=""))
        return page.headers["location"][0], page.headers["set-cookie"][0].partition(";")[0]

    async def come_back(self, location: str, cookie: str) -> int:
        """Go where Slack sends people back to; return Bolt's status."""
        assert location.startswith(BACK)
        request = AsyncBoltRequest(body="", query=urlsplit(location).query, headers={"cookie": cookie})
        return (await self.flow.handle_callback(request)).status

    async def install(self, name: str, team: str) -> Bot:
        """Let somebody allow the app in their workspace; return what Bolt keeps of the install."""
        address, cookie = await self.sent_to()
        async with People(self.sandbox.url, team=team) as people:
            location = await people.person(name).installs(address)
        assert await self.come_back(location, cookie) == 200
        found = self.store.find_bot(enterprise_id=None, team_id=team)
        assert found is not None
        return found


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    clock = Later()
    async with Sandbox(clock, SeededChance(1), plans=read_plans(FILE, "helper.yaml")) as sandbox:
        store = FileInstallationStore(base_dir=str(tmp_path / "installs"))
        settings = AsyncOAuthSettings(
            client_id="10.20",
            client_secret="a-client-secret",
            scopes=["chat:write", "channels:history"],
            user_scopes=["users:read"],
            redirect_uri=BACK,
            install_page_rendering_enabled=False,
            authorization_url=f"{sandbox.url}{ADDRESS}",
            installation_store=store,
            state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=str(tmp_path / "states")),
        )
        client = AsyncWebClient(base_url=f"{sandbox.url}/api/", retry_handlers=[])
        flow = AsyncOAuthFlow(client=client, settings=settings)
        yield Stage(sandbox=sandbox, clock=clock, flow=flow, store=store)


async def test_the_page_shows_what_is_asked_for_and_looking_installs_nothing(stage: Stage) -> None:
    address, _ = await stage.sent_to()
    async with aiohttp.ClientSession() as session, session.get(address) as page:
        text = await page.text()
    assert "<li>chat:write</li>" in text
    assert "<li>users:read (as you)</li>" in text
    assert "Ana, Acme" in text
    assert "Bo, Labs" in text
    assert "Gus" not in text
    assert all(not workspace.codes for workspace in stage.sandbox.workspaces)


async def test_one_bolt_app_in_two_workspaces_answers_each_with_its_own_token(stage: Stage) -> None:
    acme, labs = await stage.install("ana", "T0ACME"), await stage.install("bo", "T1LABS")
    assert acme.bot_token != labs.bot_token
    assert set(acme.bot_scopes) == {"chat:write", "channels:history"}
    app = AsyncApp(signing_secret="sandbox-signing-secret", oauth_flow=stage.flow, client=stage.client())

    @app.message("fire")
    async def heard(say: AsyncSay) -> None:
        await say("Is it an incident?")

    handler = AsyncSocketModeHandler(app, "xapp-helper", web_client=stage.client())
    await handler.connect_async()
    async with asyncio.timeout(5):
        await stage.sandbox.sockets.wait_for(1)
    for team, name in (("T0ACME", "ana"), ("T1LABS", "bo")):
        async with People(stage.sandbox.url, team=team) as people:
            await people.person(name).says("fire", channel="general")
            answer = await people.wait_for("Is it an incident?", "general", as_=name)
            assert answer["team"] == team
    await handler.close_async()


async def test_tokens_live_twelve_hours_and_a_refresh_token_works_once(stage: Stage) -> None:
    bot = await stage.install("ana", "T0ACME")
    assert bot.bot_token.startswith("xoxe.xoxb-")
    assert (await stage.client(bot.bot_token).auth_test())["team_id"] == "T0ACME"
    stage.clock.ahead = timedelta(hours=12, seconds=1)
    with pytest.raises(SlackApiError, match="token_expired"):
        await stage.client(bot.bot_token).auth_test()
    rotator = AsyncTokenRotator(client_id="10.20", client_secret="a-client-secret", client=stage.client())
    minutes = 24 * 60
    renewed = await rotator.perform_bot_token_rotation(bot=bot, minutes_before_expiration=minutes)
    assert renewed is not None
    assert renewed.bot_token != bot.bot_token
    assert (await stage.client(renewed.bot_token).auth_test())["ok"]
    with pytest.raises(SlackTokenRotationError, match="invalid_refresh_token"):
        await rotator.perform_bot_token_rotation(bot=bot, minutes_before_expiration=minutes)


async def test_the_persons_own_token_rotates_too(stage: Stage) -> None:
    await stage.install("ana", "T0ACME")
    installed = stage.store.find_installation(enterprise_id=None, team_id="T0ACME")
    assert installed is not None
    assert installed.user_token is not None
    assert (await stage.client(installed.user_token).auth_test())["user_id"] == "U0ANA"
    rotator = AsyncTokenRotator(client_id="10.20", client_secret="a-client-secret", client=stage.client())
    renewed = await rotator.perform_user_token_rotation(installation=installed, minutes_before_expiration=24 * 60)
    assert renewed is not None
    assert renewed.user_token is not None
    assert (await stage.client(renewed.user_token).auth_test())["user_id"] == "U0ANA"


async def test_who_cancels_is_sent_back_with_access_denied_and_the_apps_state(stage: Stage) -> None:
    address, cookie = await stage.sent_to()
    async with People(stage.sandbox.url) as people:
        location = await people.person("ana").installs(address, allow=False)
    answer = parse_qs(urlsplit(location).query)
    assert answer["error"] == ["access_denied"]
    assert answer["state"] == parse_qs(urlsplit(address).query)["state"]
    assert await stage.come_back(location, cookie) == 200
    assert stage.store.find_bot(enterprise_id=None, team_id="T0ACME") is None


async def test_guests_install_nothing(stage: Stage) -> None:
    address, _ = await stage.sent_to()
    async with People(stage.sandbox.url) as people:
        with pytest.raises(NotPossible, match="Only a member"):
            await people.person("gus").installs(address)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"client_id": "30.40"}, "invalid_client_id"),
        ({"redirect_uri": "javascript:alert(1)"}, "bad_redirect_uri"),
        ({"scope": "chat:wirte", "user_scope": ""}, "invalid_scope"),
        ({"scope": "", "user_scope": ""}, "invalid_scope"),
        ({"team": "T0NOWHERE"}, "invalid_team"),
    ],
)
async def test_a_wrong_address_is_refused(stage: Stage, query: dict[str, str], error: str) -> None:
    wish = {"client_id": "10.20", "redirect_uri": BACK, "scope": "chat:write"} | query
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{stage.sandbox.url}{ADDRESS}", params=wish) as answer,
    ):
        assert (answer.status, await answer.text()) == (400, error)
