"""What Slack documents about each Web API method: how often, with which scopes, with which arguments.

Sources: https://docs.slack.dev/reference/methods (arguments, scopes), https://docs.slack.dev/apis/web-api/rate-limits
and the Java SDK's MethodsRateLimits.java (tiers). One row a method; every handler must have one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from bot.sandbox.state.records import TokenKind


class Tier(IntEnum):
    """Calls per minute, per method and workspace."""

    ONE = 1
    TWO = 20
    THREE = 50
    FOUR = 100
    # "Several hundred": chat.postMessage, chat.getPermalink, auth.test.
    SPECIAL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A method's row. Any one of `scopes` is enough; none means that every token may."""

    tier: Tier
    scopes: tuple[str, ...]
    required: tuple[str, ...]
    token: TokenKind


def _row(tier: Tier, scopes: str = "", required: str = "", token: TokenKind = TokenKind.BOT) -> Facts:
    return Facts(tier=tier, scopes=tuple(scopes.split()), required=tuple(required.split()), token=token)


_READ: Final = "channels:read groups:read im:read mpim:read"
_HISTORY: Final = "channels:history groups:history im:history mpim:history"
_MANAGE: Final = "channels:manage channels:write groups:write im:write mpim:write"
_INVITE: Final = "channels:manage channels:write.invites groups:write groups:write.invites im:write mpim:write"
_TOPIC: Final = (
    "channels:manage channels:write.topic groups:write groups:write.topic "
    "im:write im:write.topic mpim:write mpim:write.topic"
)

FACTS: Final[Mapping[str, Facts]] = {
    "api.test": _row(Tier.FOUR),
    "apps.connections.open": _row(Tier.THREE, "connections:write", token=TokenKind.APP),
    "auth.test": _row(Tier.SPECIAL),
    "bookmarks.add": _row(Tier.TWO, "bookmarks:write", "channel_id title type"),
    "bookmarks.edit": _row(Tier.TWO, "bookmarks:write", "channel_id bookmark_id"),
    "bookmarks.list": _row(Tier.THREE, "bookmarks:read", "channel_id"),
    "bookmarks.remove": _row(Tier.TWO, "bookmarks:write", "channel_id bookmark_id"),
    "bots.info": _row(Tier.THREE, "users:read"),
    "chat.delete": _row(Tier.THREE, "chat:write", "channel ts"),
    "chat.getPermalink": _row(Tier.SPECIAL, "", "channel message_ts"),
    "chat.postEphemeral": _row(Tier.FOUR, "chat:write", "channel user"),
    "chat.postMessage": _row(Tier.SPECIAL, "chat:write", "channel"),
    "chat.update": _row(Tier.THREE, "chat:write", "channel ts"),
    "conversations.archive": _row(Tier.TWO, _MANAGE, "channel"),
    "conversations.create": _row(Tier.TWO, _MANAGE),
    "conversations.history": _row(Tier.THREE, _HISTORY, "channel"),
    "conversations.info": _row(Tier.THREE, _READ, "channel"),
    "conversations.invite": _row(Tier.THREE, _INVITE, "channel"),
    "conversations.join": _row(Tier.THREE, "channels:join", "channel"),
    "conversations.kick": _row(Tier.THREE, _MANAGE, "channel user"),
    "conversations.leave": _row(Tier.THREE, _MANAGE, "channel"),
    "conversations.list": _row(Tier.TWO, _READ),
    "conversations.members": _row(Tier.FOUR, _READ, "channel"),
    "conversations.open": _row(Tier.THREE, "channels:manage groups:write im:write mpim:write"),
    "conversations.rename": _row(Tier.TWO, _MANAGE, "channel name"),
    "conversations.replies": _row(Tier.THREE, _HISTORY, "channel ts"),
    "conversations.setPurpose": _row(Tier.TWO, _TOPIC, "channel purpose"),
    "conversations.setTopic": _row(Tier.TWO, _TOPIC, "channel topic"),
    "conversations.unarchive": _row(Tier.TWO, _MANAGE, "channel"),
    "files.completeUploadExternal": _row(Tier.FOUR, "files:write", "files"),
    "files.getUploadURLExternal": _row(Tier.FOUR, "files:write", "filename length"),
    "files.info": _row(Tier.FOUR, "files:read", "file"),
    "pins.add": _row(Tier.TWO, "pins:write", "channel"),
    "pins.list": _row(Tier.TWO, "pins:read", "channel"),
    "pins.remove": _row(Tier.TWO, "pins:write", "channel"),
    "reactions.add": _row(Tier.THREE, "reactions:write", "channel name timestamp"),
    "reactions.get": _row(Tier.THREE, "reactions:read"),
    "reactions.remove": _row(Tier.TWO, "reactions:write", "name"),
    "team.info": _row(Tier.THREE, "team:read"),
    "usergroups.list": _row(Tier.TWO, "usergroups:read"),
    "users.conversations": _row(Tier.THREE, _READ),
    "users.info": _row(Tier.FOUR, "users:read", "user"),
    "users.list": _row(Tier.TWO, "users:read"),
    "users.lookupByEmail": _row(Tier.THREE, "users:read.email", "email"),
    "views.open": _row(Tier.FOUR, "", "view"),
    "views.publish": _row(Tier.FOUR, "", "user_id view"),
    "views.push": _row(Tier.FOUR, "", "view"),
    "views.update": _row(Tier.FOUR, "", "view"),
}

# What the sandbox's bot token is granted unless told otherwise: all that the methods above can ask for.
ALL_BOT_SCOPES: Final = frozenset(
    {scope for facts in FACTS.values() if facts.token is TokenKind.BOT for scope in facts.scopes}
    | {"commands", "app_mentions:read", "chat:write.customize"}
)
