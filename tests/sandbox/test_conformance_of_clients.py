"""slack_sdk's own methods, one for each of the sandbox's: what they send, in whichever way, arrives."""

import inspect
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.facts import FACTS
from bot.sandbox.methods import HANDLERS
from bot.sandbox.server import Sandbox
from bot.sandbox.state.ids import UserId
from bot.sandbox.state.records import Token, TokenKind
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN
from tests.sandbox.apps import CARD, MODAL
from tests.sandbox.caller import ANA_TOKEN, APP_SCOPES, USER_SCOPES

GIVEN: dict[str, Any] = {
    "access_level": "read",
    "app_id": "A0MUSTER",
    "app_token": APP_TOKEN,
    "canvas_id": "F0",
    "changes": [{"operation": "delete", "section_id": "x"}],
    "channel": "C0GENERAL",
    "channel_id": "C0GENERAL",
    "criteria": {"contains_text": "x"},
    "document_content": {"type": "markdown", "markdown": "x"},
    "files": [{"id": "F0"}],
    "length": 3,
    "link": "https://example.com",
    "num_minutes": 5,
    "post_at": 1,
    "presence": "auto",
    "profile": {"status_text": "x"},
    "timestamp": "1.000000",
    "title": "Runbook",
    "ts": "1.000000",
    "message_ts": "1.000000",
    "type": "link",
    "unfurls": {"https://example.com": {"text": "x"}},
    "user": "U0ANA",
    "user_id": "U0ANA",
    "users": ["U0ANA"],
    "view": MODAL,
    "blocks": CARD,
}
# What a method needs although slack_sdk's signature does not say so.
NEEDED: dict[str, dict[str, Any]] = {
    "chat.postEphemeral": {"text": "x"},
    "chat.postMessage": {"text": "x"},
    "chat.update": {"text": "x"},
    "conversations.open": {"users": "U0ANA"},
    "views.update": {"view_id": "V0"},
    "views.open": {"trigger_id": "x"},
    "views.push": {"trigger_id": "x"},
    "users.profile.set": {"profile": {"status_text": "x"}},
    "chat.scheduleMessage": {"text": "x"},
    "chat.unfurl": {"channel": "C0GENERAL", "ts": "1.000000"},
    "reactions.remove": {"channel": "C0GENERAL", "timestamp": "1.000000"},
}


async def send(client: AsyncWebClient, method: str) -> dict[str, Any]:
    typed = getattr(client, method.replace(".", "_"))
    required = [
        name
        for name, parameter in inspect.signature(typed).parameters.items()
        if parameter.default is inspect.Parameter.empty and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    args = {name: GIVEN.get(name, "x") for name in required} | NEEDED.get(method, {})
    try:
        return dict((await typed(**args)).data)
    except SlackApiError as error:
        return dict(error.response.data)


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # slack_sdk's own
async def test_every_argument_that_slacks_client_sends_arrives(sandbox: Sandbox) -> None:
    sandbox.limits.enabled = False
    tokens = {TokenKind.APP: APP_TOKEN, TokenKind.BOT: BOT_TOKEN, TokenKind.USER: ANA_TOKEN}
    sandbox.workspace.tokens |= {
        ANA_TOKEN: Token(value=ANA_TOKEN, kind=TokenKind.USER, scopes=frozenset(USER_SCOPES), user=UserId("U0ANA")),
        APP_TOKEN: Token(value=APP_TOKEN, kind=TokenKind.APP, scopes=frozenset(APP_SCOPES)),
    }
    missing: dict[str, Any] = {}
    # The last two end the tokens.
    for method in sorted(HANDLERS, key=lambda one: (one in {"auth.revoke", "apps.uninstall"}, one)):
        kind = TokenKind.USER if FACTS[method].users_only else FACTS[method].token
        client = AsyncWebClient(token=tokens[kind], base_url=f"{sandbox.url}/api/", retry_handlers=[])
        answer = await send(client, method)
        said = str(answer.get("response_metadata", {}).get("messages", ""))
        if answer.get("error") in {"unknown_method", "missing_argument", "not_authed"} or "missing required" in said:
            missing[method] = answer

    assert missing == {}
    called = {call.name for call in sandbox.journal.calls()}
    assert called == set(HANDLERS)
