"""Records of who there is: the workspace, the app with its commands and tokens, people and other bots.

They never change; whoever changes one puts another in its place.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.state.ids import UserId


class TokenKind(StrEnum):
    """What a token stands for: the app's bot (xoxb), one person who lent it their rights (xoxp), the app (xapp)."""

    BOT = "bot"
    USER = "user"
    APP = "app"


class Standing(StrEnum):
    """What kind of account somebody has (https://slack.com/help/articles/202518103)."""

    MEMBER = "member"
    GUEST = "guest"  # a multi-channel guest: Slack's is_restricted
    SINGLE_CHANNEL_GUEST = "single_channel_guest"  # Slack's is_ultra_restricted
    STRANGER = "stranger"  # somebody of another workspace, met in a channel shared over Slack Connect

    @property
    def is_guest(self) -> bool:
        """Say whether it is a guest of this workspace, who sees only the channels that they are in."""
        return self in {Standing.GUEST, Standing.SINGLE_CHANNEL_GUEST}


class ShortcutKind(StrEnum):
    """Where a shortcut is offered; the value is the manifest's word."""

    GLOBAL = "global"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The workspace's name card. `enterprise` is the id of the organisation that it belongs to, if any.

    While it is `migrating` into one, Slack answers org_login_required.
    """

    id: str
    name: str
    domain: str
    url: str
    enterprise: str = ""
    enterprise_name: str = ""
    migrating: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The app under test as the workspace knows it."""

    id: str
    bot_id: str
    user_id: UserId
    signing_secret: str
    name: str = "Muster"
    client_id: str = "1000000000.2000000000"
    rotates_tokens: bool = False
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - opens nothing but a sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command that the app registered; with `should_escape` people and channels in it arrive as references.

    Source: https://docs.slack.dev/interactivity/implementing-slash-commands
    """

    command: str
    description: str
    usage_hint: str
    should_escape: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A shortcut that the app registered."""

    callback_id: str
    name: str
    kind: ShortcutKind = ShortcutKind.GLOBAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token and what it may do. `user` is whose rights a user token lends; a bot token acts as the app's bot.

    An `expired` one is refused with token_expired, a `revoked` one with token_revoked; one that rotates expires by
    itself at the second `expires` since 1970, and `refresh` is the refresh token that came with it. `org` marks a token
    of an org-wide install: it is good in every workspace of its organisation that the app was let into.
    """

    value: str
    kind: TokenKind
    scopes: frozenset[str]
    user: UserId | None = None
    expired: bool = False
    revoked: bool = False
    org: bool = False
    expires: int | None = None
    refresh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account: a person, the app's bot user, or another app's bot.

    `home` is the id of the workspace that a stranger comes from. `bot_id` and `app_id` are another bot's; the app
    under test has its own in `App`.
    """

    id: UserId
    name: str
    real_name: str
    email: str
    tz: str
    is_bot: bool = False
    standing: Standing = Standing.MEMBER
    home: str = ""
    deleted: bool = False
    admin: bool = False
    away: bool = False
    bot_id: str = ""
    app_id: str = ""
