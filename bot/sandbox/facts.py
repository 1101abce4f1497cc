"""What Slack documents about each Web API method: how often, with which scopes and tokens, with which arguments.

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
    """A method's row. Any one of the scopes is enough; none for either kind of token means that every token may.

    `scopes` are a bot token's, `user_scopes` a user token's. `required` are the arguments without which Slack answers
    invalid_arguments; those that have an error of their own are checked by the handler. `open` methods take no token.
    """

    tier: Tier
    scopes: tuple[str, ...]
    user_scopes: tuple[str, ...]
    required: tuple[str, ...]
    token: TokenKind
    open: bool

    @property
    def users_only(self) -> bool:
        """Say whether a bot token cannot be granted what this needs."""
        return bool(self.user_scopes) and not self.scopes


def _row(  # one call a line of the table below
    tier: Tier,
    scopes: str = "",
    required: str = "",
    *,
    user: str | None = None,
    token: TokenKind = TokenKind.BOT,
    open_to_all: bool = False,
) -> Facts:
    return Facts(
        tier=tier,
        scopes=tuple(scopes.split()),
        user_scopes=tuple((scopes if user is None else user).split()),
        required=tuple(required.split()),
        token=token,
        open=open_to_all,
    )


def _managing(tier: Tier, required: str, *, scopes: str = "channels:manage channels:write") -> Facts:
    """Return the row of a method that changes conversations: a scope for each kind of them."""
    kinds = "groups:write im:write mpim:write"
    return _row(tier, f"{scopes} {kinds}", required, user=f"channels:write {kinds}")


def _naming(required: str) -> Facts:
    """Return the row of a method that sets a topic or purpose."""
    rest = "channels:write.topic groups:write groups:write.topic im:write im:write.topic mpim:write mpim:write.topic"
    return _row(Tier.TWO, f"channels:manage {rest}", required, user=f"channels:write {rest}")


_READ: Final = "channels:read groups:read im:read mpim:read"
_HISTORY: Final = "channels:history groups:history im:history mpim:history"
_INVITES: Final = "channels:write.invites groups:write groups:write.invites im:write mpim:write"

FACTS: Final[Mapping[str, Facts]] = {
    "api.test": _row(Tier.FOUR),
    "apps.connections.open": _row(Tier.THREE, "connections:write", token=TokenKind.APP),
    "apps.event.authorizations.list": _row(Tier.SPECIAL, "authorizations:read", "event_context", token=TokenKind.APP),
    "apps.uninstall": _row(Tier.ONE, "", "client_id client_secret"),
    "auth.revoke": _row(Tier.THREE),
    "auth.teams.list": _row(Tier.TWO),
    "auth.test": _row(Tier.SPECIAL),
    "bookmarks.add": _row(Tier.TWO, "bookmarks:write", "channel_id title type"),
    "bookmarks.edit": _row(Tier.TWO, "bookmarks:write", "channel_id bookmark_id"),
    "bookmarks.list": _row(Tier.THREE, "bookmarks:read", "channel_id"),
    "bookmarks.remove": _row(Tier.TWO, "bookmarks:write", "channel_id bookmark_id"),
    "bots.info": _row(Tier.THREE, "users:read"),
    "canvases.access.delete": _row(Tier.THREE, "canvases:write", "canvas_id"),
    "canvases.access.set": _row(Tier.THREE, "canvases:write", "access_level canvas_id"),
    "canvases.create": _row(Tier.TWO, "canvases:write"),
    "canvases.delete": _row(Tier.THREE, "canvases:write", "canvas_id"),
    "canvases.edit": _row(Tier.THREE, "canvases:write", "canvas_id changes"),
    "canvases.sections.lookup": _row(Tier.THREE, "canvases:read", "canvas_id criteria"),
    "chat.delete": _row(Tier.THREE, "chat:write", "channel ts"),
    "chat.deleteScheduledMessage": _row(Tier.THREE, "chat:write", "channel scheduled_message_id"),
    "chat.getPermalink": _row(Tier.SPECIAL, "", "channel message_ts"),
    "chat.meMessage": _row(Tier.THREE, "chat:write", "channel text"),
    "chat.postEphemeral": _row(Tier.FOUR, "chat:write", "channel user"),
    "chat.postMessage": _row(Tier.SPECIAL, "chat:write", "channel"),
    "chat.scheduleMessage": _row(Tier.THREE, "chat:write", "channel post_at"),
    "chat.scheduledMessages.list": _row(Tier.THREE),
    "chat.unfurl": _row(Tier.THREE, "links:write"),
    "chat.update": _row(Tier.THREE, "chat:write", "channel ts"),
    "conversations.archive": _managing(Tier.TWO, "channel"),
    "conversations.canvases.create": _row(Tier.TWO, "canvases:write", "channel_id"),
    "conversations.close": _managing(Tier.TWO, "channel"),
    "conversations.create": _managing(Tier.TWO, ""),
    "conversations.history": _row(Tier.THREE, _HISTORY, "channel"),
    "conversations.info": _row(Tier.THREE, _READ, "channel"),
    "conversations.invite": _row(
        Tier.THREE, f"channels:manage {_INVITES}", "channel", user=f"channels:write {_INVITES}"
    ),
    "conversations.join": _row(Tier.THREE, "channels:join", "channel", user="channels:write"),
    "conversations.kick": _managing(Tier.THREE, "channel user"),
    "conversations.leave": _managing(Tier.THREE, "channel"),
    "conversations.list": _row(Tier.TWO, _READ),
    "conversations.mark": _managing(Tier.THREE, "channel ts"),
    "conversations.members": _row(Tier.FOUR, _READ, "channel"),
    "conversations.open": _managing(Tier.THREE, "", scopes="channels:manage"),
    "conversations.rename": _managing(Tier.TWO, "channel name"),
    "conversations.replies": _row(Tier.THREE, _HISTORY, "channel ts"),
    "conversations.setPurpose": _naming("channel purpose"),
    "conversations.setTopic": _naming("channel topic"),
    "conversations.unarchive": _managing(Tier.TWO, "channel"),
    "dnd.endDnd": _row(Tier.TWO, user="dnd:write"),
    "dnd.endSnooze": _row(Tier.TWO, user="dnd:write"),
    "dnd.info": _row(Tier.THREE, "dnd:read"),
    "dnd.setSnooze": _row(Tier.TWO, user="dnd:write"),
    "dnd.teamInfo": _row(Tier.TWO, "dnd:read"),
    "emoji.list": _row(Tier.TWO, "emoji:read"),
    "files.completeUploadExternal": _row(Tier.FOUR, "files:write", "files"),
    "files.delete": _row(Tier.THREE, "files:write", "file"),
    "files.getUploadURLExternal": _row(Tier.FOUR, "files:write"),
    "files.info": _row(Tier.FOUR, "files:read", "file"),
    "files.list": _row(Tier.THREE, "files:read"),
    "oauth.v2.access": _row(Tier.SPECIAL, open_to_all=True),
    "pins.add": _row(Tier.TWO, "pins:write", "channel"),
    "pins.list": _row(Tier.TWO, "pins:read", "channel"),
    "pins.remove": _row(Tier.TWO, "pins:write", "channel"),
    "reactions.add": _row(Tier.THREE, "reactions:write", "channel name timestamp"),
    "reactions.get": _row(Tier.THREE, "reactions:read"),
    "reactions.list": _row(Tier.TWO, "reactions:read"),
    "reactions.remove": _row(Tier.TWO, "reactions:write", "name"),
    "team.info": _row(Tier.THREE, "team:read"),
    "usergroups.create": _row(Tier.TWO, "usergroups:write"),
    "usergroups.disable": _row(Tier.TWO, "usergroups:write"),
    "usergroups.enable": _row(Tier.TWO, "usergroups:write"),
    "usergroups.list": _row(Tier.TWO, "usergroups:read"),
    "usergroups.update": _row(Tier.TWO, "usergroups:write"),
    "usergroups.users.list": _row(Tier.TWO, "usergroups:read", "usergroup"),
    "usergroups.users.update": _row(Tier.TWO, "usergroups:write"),
    "users.conversations": _row(Tier.THREE, _READ),
    "users.getPresence": _row(Tier.THREE, "users:read"),
    "users.identity": _row(Tier.THREE, user="identity:read"),
    "users.info": _row(Tier.FOUR, "users:read", "user"),
    "users.list": _row(Tier.TWO, "users:read"),
    "users.lookupByEmail": _row(Tier.THREE, "users:read.email", "email"),
    "users.profile.get": _row(Tier.FOUR, "users.profile:read"),
    "users.profile.set": _row(Tier.THREE, user="users.profile:write"),
    "users.setPresence": _row(Tier.TWO, "users:write", "presence"),
    "views.open": _row(Tier.FOUR, "", "view"),
    "views.publish": _row(Tier.FOUR, "", "user_id view"),
    "views.push": _row(Tier.FOUR, "", "view"),
    "views.update": _row(Tier.FOUR, "", "view"),
}

# What the sandbox's bot token is granted unless told otherwise: all that the methods above can ask for.
ALL_BOT_SCOPES: Final = frozenset(
    {scope for facts in FACTS.values() if facts.token is TokenKind.BOT for scope in facts.scopes}
    | {"commands", "app_mentions:read", "chat:write.customize", "links:read"}
)
