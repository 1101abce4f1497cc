"""Several workspaces in one server: tokens choose one, events say whose they are, org installs name the team."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.errors import NotPossible
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.setup.read import read_plans
from tests.sandbox.socket_app import socket_app

ACME = Path(__file__).with_name("acme.yaml").read_text()


@pytest.fixture
async def acme() -> AsyncIterator[Sandbox]:
    """Return a running sandbox with the two workspaces of acme.yaml."""
    async with Sandbox(SystemClock(), SeededChance(1), plans=read_plans(ACME, "acme.yaml")) as running:
        yield running


def client(sandbox: Sandbox, token: str) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=f"{sandbox.url}/api/", retry_handlers=[])


async def error_of(sandbox: Sandbox, token: str, method: str, **arguments: object) -> str:
    """Return the error with which a call is refused."""
    with pytest.raises(SlackApiError) as caught:
        await client(sandbox, token).api_call(method, params=arguments)
    return str(caught.value.response["error"])


async def test_a_token_chooses_its_workspace(acme: Sandbox) -> None:
    here = await client(acme, "xoxb-acme").auth_test()
    there = await client(acme, "xoxb-sandbox-bot-2").auth_test()
    assert (here["team_id"], here["team"], here["is_enterprise_install"]) == ("T0ACME", "Acme", False)
    assert (there["team_id"], there["team"], there["enterprise_id"]) == ("T1ACMELABS", "Acme Labs", "E0ACME")
    names = [one["name"] for one in (await client(acme, "xoxb-sandbox-bot-2").conversations_list())["channels"]]
    assert names == ["general"]
    # The other workspace's channels do not exist for this token.
    general = next(one.id for one in acme.workspaces[0].channels.values() if one.name == "general")
    assert (
        await error_of(acme, "xoxb-sandbox-bot-2", "chat.postMessage", channel=general, text="x") == "channel_not_found"
    )


async def test_rate_limits_count_each_workspace_by_itself(acme: Sandbox) -> None:
    for _ in range(20):
        await client(acme, "xoxb-acme").users_list()
    assert await error_of(acme, "xoxb-acme", "users.list") == "ratelimited"
    assert (await client(acme, "xoxb-sandbox-bot-2").users_list())["ok"]


async def test_each_workspaces_people_are_played_below_its_team(acme: Sandbox) -> None:
    async with People(acme.url, team="T1ACMELABS") as labs, People(acme.url) as main:
        assert (await labs.get("people"))["team"]["name"] == "Acme Labs"
        await labs.person("ana").says("hello labs", channel="general")
        assert [one["text"] for one in await labs.messages("general")] == ["hello labs"]
        assert await main.messages("general") == []
        teams = (await main.get("teams"))["teams"]
    assert [(one["id"], one["enterprise_id"]) for one in teams] == [("T0ACME", "E0ACME"), ("T1ACMELABS", "E0ACME")]


async def test_events_commands_and_clicks_say_from_which_workspace_they_come(acme: Sandbox) -> None:
    async with socket_app(acme, "xapp-acme") as app, People(acme.url, team="T1ACMELABS") as labs:
        await labs.person("ana").says("fire", channel="general")
        event = await app.next("events_api")
        assert (event["team_id"], event["enterprise_id"], event["context_team_id"]) == (
            "T1ACMELABS",
            "E0ACME",
            "T1ACMELABS",
        )
        assert event["authorizations"] == [
            {
                "enterprise_id": "E0ACME",
                "team_id": "T1ACMELABS",
                "user_id": "U0HELPER",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ]
        await labs.person("ana").command("/help-me now")
        command = await app.next("slash_commands")
        assert (command["team_id"], command["enterprise_name"]) == ("T1ACMELABS", "Acme Group")
        # What the app answers at the response_url appears in the workspace that it came from.
        await app.answer(command["response_url"], {"text": "on my way"})
        assert await labs.wait_for("on my way", "general")


# Without the app's own installs.
ORG_ONLY = re.sub(r"      - {token: xoxb-.*\n", "", ACME)


async def test_where_only_the_org_install_is_events_say_so() -> None:
    plans = read_plans(ORG_ONLY, "acme.yaml")
    async with (
        Sandbox(SystemClock(), SeededChance(1), plans=plans) as sandbox,
        socket_app(sandbox, "xapp-acme") as app,
        People(sandbox.url) as people,
    ):
        await people.person("ana").says("fire", channel="general")
        event = await app.next("events_api")
        (authorization,) = event["authorizations"]
        assert (authorization["enterprise_id"], authorization["team_id"]) == ("E0ACME", None)
        assert authorization["is_enterprise_install"] is True
        await people.person("ana").command("/help-me now")
        assert (await app.next("slash_commands"))["is_enterprise_install"] == "true"


async def test_an_org_token_must_name_the_team_where_slack_says_so(acme: Sandbox) -> None:
    org = client(acme, "xoxb-org")
    me = await org.auth_test()
    assert (me["is_enterprise_install"], me["enterprise_id"], me["team_id"]) == (True, "E0ACME", "E0ACME")
    assert await error_of(acme, "xoxb-org", "conversations.create", name="inc-1") == "missing_argument"
    created = await org.conversations_create(name="inc-1", team_id="T0ACME")
    assert created["channel"]["context_team_id"] == "T0ACME"
    # A channel is enough to say which workspace is meant.
    assert (await org.chat_postMessage(channel=created["channel"]["id"], text="hello"))["ok"]
    assert [team["id"] for team in (await org.auth_teams_list())["teams"]] == ["T0ACME"]


@pytest.mark.parametrize("arguments", [{"team_id": "T1ACMELABS"}, {"team_id": "T0NOWHERE"}])
async def test_an_org_token_is_not_good_where_the_app_was_not_let_in(acme: Sandbox, arguments: dict[str, str]) -> None:
    assert await error_of(acme, "xoxb-org", "conversations.list", **arguments) == "team_access_not_granted"
    labs = next(iter(acme.workspaces[1].channels))
    assert await error_of(acme, "xoxb-org", "conversations.history", channel=labs) == "team_access_not_granted"


async def test_a_workspace_on_its_way_into_an_organisation_is_closed() -> None:
    text = "workspaces:\n  - {name: Acme, migrating: true, users: [{name: ana}]}"
    async with Sandbox(SystemClock(), SeededChance(1), plans=read_plans(text, "acme.yaml")) as sandbox:
        assert await error_of(sandbox, "xoxb-sandbox-bot", "auth.test") == "org_login_required"


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("xoxb-old", "token_expired"),
        ("xoxb-gone", "account_inactive"),
        ("xoxp-old", "token_revoked"),
        ("xoxb-none", "invalid_auth"),
        ("", "not_authed"),
    ],
)
async def test_tokens_that_are_no_longer_good_are_refused_as_slack_does(acme: Sandbox, token: str, error: str) -> None:
    assert await error_of(acme, token, "auth.test") == error


async def test_a_user_token_acts_as_the_person_with_the_persons_scopes(acme: Sandbox) -> None:
    ana = client(acme, "xoxp-ana")
    me = await ana.auth_test()
    assert (me["user_id"], me["user"], me.get("bot_id")) == ("U0ANA", "ana", None)
    general = next(one for one in acme.workspaces[0].channels.values() if one.name == "general")
    posted = await ana.chat_postMessage(channel=general.id, text="by my own hand")
    assert posted["message"]["user"] == "U0ANA"
    assert await error_of(acme, "xoxp-ana", "conversations.create", name="x") == "missing_scope"
    assert await error_of(acme, "xoxp-ana", "apps.connections.open") == "not_allowed_token_type"


async def test_guests_and_strangers_are_told_apart_and_see_only_their_channels(acme: Sandbox) -> None:
    bot = client(acme, "xoxb-acme")
    users = {one["name"]: one for one in (await bot.users_list())["members"]}
    restricted = {name: (one.get("is_restricted"), one.get("is_ultra_restricted")) for name, one in users.items()}
    assert restricted["ana"] == (False, False)
    assert restricted["gus"] == (True, False)
    assert restricted["sal"] == (True, True)
    assert users["old"]["deleted"] is True
    xena = (await bot.users_info(user="U0XENA"))["user"]
    assert (xena["is_stranger"], xena["team_id"]) == (True, "T0VENDOR")
    async with People(acme.url) as people:
        seen = {
            name: sorted(channel["name"] for channel in (await people.get("view", **{"as": name}))["channels"])
            for name in ("gus", "sal", "xena")
        }
    assert seen == {"gus": ["lobby", "with-vendor"], "sal": ["lobby"], "xena": ["with-vendor"]}


async def test_guests_strangers_and_the_deactivated_may_not_do_everything(acme: Sandbox) -> None:
    async with People(acme.url) as people:
        ana, gus, sal = people.person("ana"), people.person("gus"), people.person("sal")
        with pytest.raises(NotPossible, match="old is deactivated"):
            await people.person("old").says("I am back", channel="@ana")
        for outsider in (gus, sal, people.person("xena")):
            with pytest.raises(NotPossible, match="restricted_action"):
                await outsider.creates("my-own")
        with pytest.raises(NotPossible, match="There is no channel general"):
            await gus.joins("general")
        await ana.invites("gus", channel="general")
        assert "general" in [one["name"] for one in (await people.get("view", **{"as": "gus"}))["channels"]]
        with pytest.raises(NotPossible, match="ura_max_channels"):
            await ana.invites("sal", channel="general")
        with pytest.raises(NotPossible, match="no_external_invite_permission"):
            await ana.invites("xena", channel="general")
        tried = await people.person("xena").command("/help-me", channel="with-vendor")
        assert tried["error"] == "invalid_command"


async def test_a_channel_shared_with_another_team_says_so_and_so_do_its_events(acme: Sandbox) -> None:
    shared = next(one for one in acme.workspaces[0].channels.values() if one.shared_with)
    info = (await client(acme, "xoxb-acme").conversations_info(channel=shared.id))["channel"]
    assert info["is_ext_shared"] is True
    assert info["shared_team_ids"] == ["T0ACME", "T0VENDOR"]
    async with socket_app(acme, "xapp-acme") as app, People(acme.url) as people:
        await people.person("xena").says("hello from outside", channel="with-vendor")
        event = await app.next("events_api")
    assert event["is_ext_shared_channel"] is True
    assert event["event"]["user"] == "U0XENA"
    # It is told where the stranger comes from, and where the app is.
    assert (event["event"]["user_team"], event["team_id"]) == ("T0VENDOR", "T0ACME")


async def test_the_bots_of_other_apps_speak_with_their_own_name_card(acme: Sandbox) -> None:
    async with People(acme.url) as people:
        await people.person("ana").invites("pagerduty", channel="general")
        await people.person("pagerduty").says("triggered", channel="general")
        said = await people.wait_for("triggered", "general")
    assert (said["bot_id"], said["bot_profile"]["name"]) == ("B0PAGERDUTY", "PagerDuty")
    bot = (await client(acme, "xoxb-acme").bots_info(bot=said["bot_id"]))["bot"]
    assert (bot["name"], bot["user_id"]) == ("PagerDuty", "U0PAGERDUTY")


async def test_a_command_escapes_people_and_channels_only_when_it_asked_for_it(acme: Sandbox) -> None:
    async with socket_app(acme, "xapp-acme") as app, People(acme.url) as people:
        await people.person("ana").command("/help-me @bo in #general <now>")
        assert (await app.next("slash_commands"))["text"] == "@bo in #general &lt;now&gt;"
        await people.person("ana").command("/escalate @bo in #general")
        assert (await app.next("slash_commands"))["text"] == "<@U0BO|bo> in <#C0GENERAL|general>"


@pytest.mark.parametrize(("origin", "status"), [("https://elsewhere.example", 403), (None, 200), ("own", 200)])
async def test_pages_of_other_sites_play_nobody(acme: Sandbox, origin: str | None, status: int) -> None:
    headers = {"Origin": acme.url if origin == "own" else origin} if origin else {}
    said = {"as": "ana", "channel": "general", "text": "hello"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{acme.url}/sandbox/say", json=said, headers=headers) as answer,
    ):
        assert answer.status == status
    general = next(one for one in acme.workspace.channels.values() if one.name == "general")
    assert len(general.messages) == (status == 200)
