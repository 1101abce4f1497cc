"""The app's manifest is what the code needs: no scope more, none less, and within Slack's limits."""

import ast
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.inbound.slack.commands import SUBCOMMANDS
from bot.manifest import COMMANDS_PAGE, EVENTS, METHODS, SCOPES, as_yaml, commands_page, manifest, readme, usage_hint

ROOT = Path(__file__).parent.parent
URL = "https://muster.example.com/slack/events"
# What a bot may call each method with: any one of these (https://docs.slack.dev/reference/methods, a page each).
ALLOWED = {
    "auth.test": set(),
    "bookmarks.add": {"bookmarks:write"},
    "bookmarks.list": {"bookmarks:read"},
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.archive": {"channels:manage", "groups:write", "im:write", "mpim:write"},
    "conversations.create": {"channels:manage", "groups:write", "im:write", "mpim:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations.info": {"channels:read", "groups:read", "im:read", "mpim:read"},
    "conversations.join": {"channels:join"},
    "conversations.invite": {"channels:manage", "channels:write.invites", "groups:write", "im:write", "mpim:write"},
    "conversations.members": {"channels:read", "groups:read", "im:read", "mpim:read"},
    "conversations.open": {"channels:manage", "groups:write", "im:write", "mpim:write"},
    "conversations.replies": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations.setTopic": {"channels:manage", "channels:write.topic", "groups:write", "im:write", "mpim:write"},
    "dnd.info": {"dnd:read"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "usergroups.users.list": {"usergroups:read"},
    "users.conversations": {"channels:read", "groups:read", "im:read", "mpim:read"},
    "users.info": {"users:read"},
    "users.lookupByEmail": {"users:read.email"},
    "views.open": set(),
    "views.publish": set(),
    "views.update": set(),
}
METHOD = re.compile(
    r"(?:auth|bookmarks|chat|conversations|dnd|files|pins|reactions|usergroups|users|views)\.[a-zA-Z.]+"
)

MARKS = ("reaction_added", "reaction_removed", "pin_added", "pin_removed")
PEOPLE = ("member_joined_channel", "member_left_channel", "user_change", "dnd_updated_user")


def called() -> set[str]:
    """Return the names of Web API methods that stand as text anywhere in the code that talks to Slack."""
    found = set()
    for path in (ROOT / "bot" / "outbound" / "slack").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and METHOD.fullmatch(node.value):
                found.add(node.value)
    return found


def test_the_committed_files_are_what_the_code_makes() -> None:
    folder = ROOT / "manifests"
    assert (folder / "slack.yaml").read_text(encoding="utf-8") == as_yaml()
    assert (folder / "README.md").read_text(encoding="utf-8") == readme()
    assert (ROOT / COMMANDS_PAGE).read_text(encoding="utf-8") == commands_page()


def test_yaml_says_what_the_code_says() -> None:
    assert YAML(typ="safe").load(as_yaml(URL)) == manifest(URL)


def test_every_method_that_is_called_is_known_here_and_no_other() -> None:
    assert called() == set(METHODS)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_methods_scopes_are_those_that_slack_names(method: str) -> None:
    assert set(METHODS[method]) <= ALLOWED[method]
    assert bool(METHODS[method]) == bool(ALLOWED[method])


def test_exactly_the_scopes_that_are_used_are_asked_for() -> None:
    used = (
        {scope for scopes in METHODS.values() for scope in scopes} | set(filter(None, EVENTS.values())) | {"commands"}
    )
    assert used == set(SCOPES)
    assert manifest()["oauth_config"] == {"scopes": {"bot": sorted(SCOPES)}}


def test_socket_mode_needs_no_address_and_http_uses_one_for_everything() -> None:
    assert "http" not in str(manifest()).replace("https://docs", "")
    assert (manifest()["settings"], str(manifest(URL)).count(URL)) == (
        {
            "event_subscriptions": {
                "bot_events": [
                    *("app_home_opened", PEOPLE[3], *PEOPLE[:2], "message.channels", "message.groups"),
                    *sorted(MARKS),
                    PEOPLE[2],
                ]
            },
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
        4,
    )


def test_the_texts_are_within_slacks_limits() -> None:
    # https://github.com/slackapi/manifest-schema
    found = YAML(typ="safe").load(as_yaml(URL))
    shown, commands = found["display_information"], found["features"]["slash_commands"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert [command["command"] for command in commands] == ["/incident", "/alerts"]
    for command in commands:
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
        assert command["should_escape"] is True


def test_the_hint_names_every_verb() -> None:
    assert all(verb in usage_hint() for verb in SUBCOMMANDS)


def test_what_a_verb_does_is_said_without_backticks_which_slack_would_show_as_they_are() -> None:
    assert [name for name, verb in SUBCOMMANDS.items() if "`" in verb.SUMMARY] == []


def test_the_page_gives_the_reason_for_every_scope() -> None:
    assert all(f"| `{scope}` | {reason} |" in readme() for scope, reason in SCOPES.items())
