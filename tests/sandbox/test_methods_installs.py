"""How an install begins and ends: a code is exchanged once for tokens, tokens are revoked, the app is removed."""

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from bot.sandbox.state import installs
from bot.sandbox.state.ids import UserId
from tests.sandbox.caller import ANA_TOKEN, Answer, Caller

ANA = UserId("U0ANA")


@pytest.fixture
def caller() -> Caller:
    return Caller()


def client_of(caller: Caller) -> Answer:
    app = caller.workspace.app
    return {"client_id": app.client_id, "client_secret": app.client_secret}


def test_a_code_becomes_a_token_that_works_and_works_no_second_time(caller: Caller) -> None:
    code = installs.issue_code(caller.workspace, ANA, scopes={"chat:write"})
    access = caller.do("oauth.v2.access", token="", code=code, **client_of(caller))

    assert (access["token_type"], access["scope"], access["bot_user_id"]) == ("bot", "chat:write", "U0MUSTER")
    assert access["authed_user"] == {"id": "U0ANA"}
    caller.do("chat.postMessage", token=access["access_token"], channel="C0GENERAL", text="installed")
    assert caller.refused("pins.list", token=access["access_token"], channel="C0GENERAL") == "missing_scope"
    assert caller.refused("oauth.v2.access", token="", code=code, **client_of(caller)) == "invalid_code"


def test_who_grants_user_scopes_lends_a_token_of_their_own(caller: Caller) -> None:
    code = installs.issue_code(caller.workspace, ANA, scopes={"chat:write"}, user_scopes={"dnd:write"})
    lent = caller.do("oauth.v2.access", token="", code=code, **client_of(caller))["authed_user"]

    assert lent["token_type"] == "user"
    assert caller.do("dnd.setSnooze", token=lent["access_token"], num_minutes=5)["snooze_enabled"] is True


def test_a_code_lives_ten_minutes(caller: Caller) -> None:
    code = installs.issue_code(caller.workspace, ANA, scopes={"chat:write"})
    caller.clock.move(timedelta(minutes=10, seconds=1))

    assert caller.refused("oauth.v2.access", token="", code=code, **client_of(caller)) == "invalid_code"


def test_the_client_and_the_redirect_address_are_checked(caller: Caller) -> None:
    address = "https://muster.example/oauth"
    code = installs.issue_code(caller.workspace, ANA, scopes={"chat:write"}, redirect_uri=address)

    def access(**more: object) -> str:
        return caller.refused("oauth.v2.access", token="", **{"code": code, **client_of(caller), **more})

    assert access(client_id="x") == "invalid_client_id"
    assert access(client_secret="x") == "bad_client_secret"
    assert access(grant_type="password") == "invalid_grant_type"
    assert access(redirect_uri="https://elsewhere.example") == "bad_redirect_uri"
    code = installs.issue_code(caller.workspace, ANA, scopes=set())
    assert access() == "no_scopes"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # slack_sdk's own
async def test_slacks_own_client_exchanges_a_code_with_basic_authentication(sandbox: Sandbox) -> None:
    app = sandbox.workspace.app
    code = installs.issue_code(sandbox.workspace, ANA, scopes={"chat:write"})
    client = AsyncWebClient(base_url=f"{sandbox.url}/api/", retry_handlers=[])

    access = await client.oauth_v2_access(client_id=app.client_id, client_secret=app.client_secret, code=code)
    fresh = AsyncWebClient(token=access["access_token"], base_url=f"{sandbox.url}/api/", retry_handlers=[])
    assert (await fresh.auth_test())["user_id"] == "U0MUSTER"
    await fresh.auth_revoke()
    with pytest.raises(SlackApiError) as error:
        await fresh.auth_test()
    assert error.value.response["error"] == "account_inactive"


def test_a_revoked_token_stops_working_and_the_app_hears_of_it(caller: Caller) -> None:
    tried = caller.do("auth.revoke", token=ANA_TOKEN, test=True)
    caller.do("auth.test", token=ANA_TOKEN)
    with caller.heard("tokens_revoked") as told:
        done = caller.do("auth.revoke", token=ANA_TOKEN)

    assert (tried["revoked"], done["revoked"]) == (False, True)
    assert caller.refused("auth.test", token=ANA_TOKEN) == "token_revoked"
    assert [one["tokens"] for one in told] == [{"oauth": ["U0ANA"], "bot": []}]


def test_an_app_that_is_removed_loses_all_its_tokens(caller: Caller) -> None:
    with caller.heard("app_uninstalled") as removed, caller.heard("tokens_revoked") as revoked:
        caller.do("apps.uninstall", **client_of(caller))

    assert caller.refused("auth.test") == "account_inactive"
    assert caller.refused("auth.test", token=ANA_TOKEN) == "token_revoked"
    assert len(removed) == 1
    assert revoked[0]["tokens"] == {"oauth": ["U0ANA"], "bot": ["U0MUSTER"]}
