"""The Slack app's manifest, made from the code.

The command's verbs, the events that are listened to, and for each scope the reason why it is asked for.

`manifests/slack.yaml` and `manifests/README.md` are what `python -m bot.manifest` writes; a test compares. Format and
limits: https://docs.slack.dev/reference/app-manifest
"""

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from bot.inbound.slack.commands import SHORTER, SUBCOMMANDS, alerts
from bot.inbound.slack.commands.help import GROUPS
from bot.inbound.slack.commands.request import Subcommand
from bot.inbound.slack.marking import ADD_TO_TIMELINE
from bot.inbound.slack.quoting import DECLARE_FROM

COMMAND: Final = "/incident"
FOLDER: Final = Path("manifests")
COMMANDS_PAGE: Final = Path("docs", "commands.md")

# Why each scope is asked for. `muster doctor` compares what was granted with this, and the documentation shows it.
SCOPES: Final[Mapping[str, str]] = {
    "bookmarks:read": "looks whether the runbook is in the channel's bookmarks bar already",
    "bookmarks:write": "puts the runbook or the alert's source into the channel's bookmarks bar",
    "channels:history": "hears what is said in incident channels, also when events were lost; looks for its own posts",
    "channels:manage": "makes the incident's channel, invites people, writes the topic, archives what is long over",
    "channels:join": "comes into a public channel that is made an incident's (/incident convert)",
    "channels:read": "finds the configured channels among those that it was invited to; sees who is in an incident's",
    "chat:write": "posts alerts, cards, announcements and reminders, and keeps them up to date",
    "commands": f"answers {COMMAND} and {SHORTER}",
    "dnd:read": "says that the notifications of who is asked for something, or holds a role, are paused",
    "files:write": "puts the postmortem draft into the channel",
    "groups:history": "records what people write in a private incident's channel; looks for its own posts there",
    "groups:read": "finds the configured channels when they are private; sees who is in a private incident's",
    "groups:write": "makes a private incident's channel, brings people in, writes its topic, archives it",
    "im:write": "tells one person what is theirs alone: their role, their action items, updates they subscribed to",
    "pins:read": "hears which messages of an incident's channel somebody pinned, for the timeline",
    "reactions:read": "hears what somebody marked with 📌 for the timeline, and of 🚨, which offers to declare",
    "usergroups:read": "brings the members of a user group into an incident's channel when somebody asks for them",
    "users:read": "tells members from guests, hears of accounts that end, and writes names into the postmortem",
    "users:read.email": "finds the people whom the pager names by e-mail address",
}

# The Web API methods that the code calls, and the scopes of SCOPES that each needs (those without need only a token).
METHODS: Final[Mapping[str, tuple[str, ...]]] = {
    "auth.test": (),
    "bookmarks.add": ("bookmarks:write",),
    "bookmarks.list": ("bookmarks:read",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.archive": ("channels:manage", "groups:write"),
    "conversations.create": ("channels:manage", "groups:write"),
    "conversations.history": ("channels:history", "groups:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.join": ("channels:join",),
    "conversations.invite": ("channels:manage", "groups:write"),
    "conversations.members": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history"),
    "conversations.setTopic": ("channels:manage", "groups:write"),
    "dnd.info": ("dnd:read",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": ("channels:read", "groups:read"),
    "users.info": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.publish": (),
    "views.update": (),
}

# The events that are listened to, each with the scope that it needs, if any (https://docs.slack.dev/reference/events).
EVENTS: Final[Mapping[str, str | None]] = {
    "app_home_opened": None,
    "dnd_updated_user": "dnd:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "pin_added": "pins:read",
    "pin_removed": "pins:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "user_change": "users:read",
}

# What stands in the menu of a message.
_SHORTCUTS: Final = (
    {
        "name": "Declare Incident",
        "type": "message",
        "callback_id": DECLARE_FROM,
        "description": "Declare an incident from this message",
    },
    {
        "name": "Add to Timeline",
        "type": "message",
        "callback_id": ADD_TO_TIMELINE,
        "description": "Keep this message in the incident's timeline",
    },
)
_DESCRIPTION: Final = "The right people in one channel, from the first alert to the last action item."
_LONG_DESCRIPTION: Final = (
    "Muster takes an incident from the first alert to the postmortem. An alert or a command opens a channel with the "
    "right people in it, gives out the roles of the Incident Command System, reminds of the updates that are owed, "
    "keeps the timeline by itself, and has a draft of the postmortem ready when the incident ends."
)


def manifest(request_url: str | None = None) -> dict[str, object]:
    """Return the manifest.

    For Socket Mode, or for HTTP when Slack can reach us at `request_url` (https://…/slack/events).
    """
    reachable: dict[str, object] = {"request_url": request_url} if request_url else {}
    commands = (
        (COMMAND, "Declare and run incidents", usage_hint()),
        (SHORTER, "Show the alerts that fire now", alerts.USAGE.removeprefix("alerts ")),
    )
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Muster",
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#1f2937",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "muster", "always_online": True},
            "shortcuts": [dict(one) for one in _SHORTCUTS],
            "slash_commands": [
                {
                    "command": command,
                    **({"url": request_url} if request_url else {}),
                    "description": description,
                    "usage_hint": hint,
                    "should_escape": True,
                }
                for command, description, hint in commands
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**reachable, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **reachable},
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }


def usage_hint() -> str:
    """Return the verbs as Slack shows them beside the command while somebody types."""
    return f"[{' | '.join(SUBCOMMANDS)}]"


def as_yaml(request_url: str | None = None) -> str:
    """Return the manifest as YAML, which Slack's page "Create an app from a manifest" takes."""
    out = StringIO()
    yaml = YAML()
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(manifest(request_url), out)
    return (
        "# Made by `python -m bot.manifest`; what it asks for and why stands in README.md beside it.\n" + out.getvalue()
    )


def readme() -> str:
    """Return the page that explains the manifest."""
    scopes = "\n".join(f"| `{scope}` | {reason} |" for scope, reason in sorted(SCOPES.items()))
    needs = {event: f"`{scope}`" if scope else "nothing" for event, scope in EVENTS.items()}
    events = "\n".join(f"| `{event}` | {scope} |" for event, scope in sorted(needs.items()))
    return _README.format(scopes=scopes, events=events, commands=f"`{COMMAND}`, `{SHORTER}`")


def commands_page() -> str:
    """Return the page of the documents that shows every verb with its examples."""
    groups = (
        "\n".join([f"## {title}", "", *(_shown(SUBCOMMANDS[name]) for name in group)])
        for title, group in GROUPS.items()
    )
    return _COMMANDS.format(command=COMMAND, shorter=SHORTER, groups="\n\n".join(groups))


def _shown(verb: Subcommand) -> str:
    examples = "\n".join(f"  - `{COMMAND} {example}`" for example in verb.EXAMPLES)
    return f"- `{COMMAND} {verb.USAGE}`: {verb.SUMMARY}.\n{examples}"


def write(folder: Path) -> None:
    """Write the manifest and its page into a folder, and the page of commands into the documents."""
    COMMANDS_PAGE.write_text(commands_page(), encoding="utf-8")
    (folder / "slack.yaml").write_text(as_yaml(), encoding="utf-8")
    (folder / "README.md").write_text(readme(), encoding="utf-8")


_README: Final = """\
# The Slack app's manifest

Made by `python -m bot.manifest`; a test keeps both files in step with the code.

1. Open <https://api.slack.com/apps>, choose **Create New App**, then **From a manifest**, and paste `slack.yaml`.
2. Install the app into your workspace. Its bot token (`xoxb-…`) is on the page **OAuth & Permissions**.
3. `slack.yaml` is for Socket Mode, which needs no address that Slack can reach. On the page **Basic Information**
   generate an app-level token (`xapp-…`) with the scope `connections:write`.
   For HTTP take the output of `muster manifest --url https://muster.example.com/slack/events` instead, and copy the
   signing secret from **Basic Information**.
4. Invite the bot to the channels for alerts and announcements: `/invite @muster`.

## What it asks for, and why

Bot scopes only; it never acts as a person.

| scope | reason |
|---|---|
{scopes}

## What it listens to

Besides {commands}, buttons and forms:

| event | needs |
|---|---|
{events}
"""

_COMMANDS: Final = """\
# What can be typed

Made by `python -m bot.manifest`; a test keeps it in step with the code. In Slack `{command} help` shows the same, and
`{command} help <verb>` one verb with its examples. In an incident's channel a verb means that incident; anywhere else
name it right behind the verb: `{command} update INC-42 it works`. People and channels are picked from Slack's list
after @ and #. Buttons and forms on cards and alerts do the same. `{shorter}` is short for `{command} alerts`.

{groups}
"""

if __name__ == "__main__":
    write(FOLDER)
