"""Which events an app hears of: those that it subscribed to and has a scope for.

Source: https://docs.slack.dev/reference/events (each event's scopes).
"""

from collections.abc import Collection, Mapping
from typing import Final

from bot.sandbox.state.records import ChannelKind, TokenKind
from bot.sandbox.state.workspace import Event, Workspace

# An event's family is the part of its name before the first underscore.
_SCOPE_OF_FAMILY: Final[Mapping[str, str]] = {
    "channel": "channels:read",
    "dnd": "dnd:read",
    "emoji": "emoji:read",
    "group": "groups:read",
    "im": "im:read",
    "file": "files:read",
    "link": "links:read",
    "pin": "pins:read",
    "reaction": "reactions:read",
    "subteam": "usergroups:read",
    "team": "team:read",
    "user": "users:read",
}
_SCOPE_OF_EVENT: Final[Mapping[str, str]] = {
    "app_mention": "app_mentions:read",
    "message_metadata_posted": "metadata.message:read",
    "team_join": "users:read",
}
# What an event in such a conversation is called, in the list of subscriptions and in scopes.
_KINDS: Final[Mapping[ChannelKind, str]] = {
    ChannelKind.PUBLIC: "channels",
    ChannelKind.PRIVATE: "groups",
    ChannelKind.DIRECT: "im",
    ChannelKind.GROUP_DIRECT: "mpim",
}
# These come even when the app has no token left; they say so.
_FAREWELLS: Final = {"app_uninstalled", "tokens_revoked"}


def subscription_of(event: Event) -> str:
    """Return the name under which an app subscribes to this event: messages by the kind of their conversation."""
    kind = str(event.body["type"])
    if kind != "message" or "channel_type" not in event.body:
        return kind
    return f"message.{_KINDS[ChannelKind(event.body['channel_type'])]}"


def scope_for(workspace: Workspace, event: Event) -> str:
    """Return the scope that an app needs to hear of this event, "" for none."""
    kind = str(event.body["type"])
    channel = workspace.channels.get(event.channel) if event.channel else None
    if kind == "message":
        return f"{_KINDS[channel.kind]}:history" if channel else ""
    if kind.startswith("member_"):
        return f"{_KINDS[channel.kind]}:read" if channel else ""
    return _SCOPE_OF_EVENT.get(kind) or _SCOPE_OF_FAMILY.get(kind.partition("_")[0], "")


def hears(workspace: Workspace, event: Event, subscriptions: Collection[str] | None) -> bool:
    """Say whether the app hears of the event; `subscriptions` None means that it subscribed to all."""
    kind = str(event.body["type"])
    if subscriptions is not None and kind not in subscriptions and subscription_of(event) not in subscriptions:
        return False
    if kind in _FAREWELLS:
        return True
    tokens = [one for one in workspace.tokens.values() if one.kind is TokenKind.BOT and not one.revoked]
    scope = scope_for(workspace, event)
    return any(not scope or scope in token.scopes for token in tokens)
