"""What a Web API method's handler is given, and what it may ask of it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.args import Args
from bot.sandbox.errors import SlackError
from bot.sandbox.facts import Facts
from bot.sandbox.state import rooms
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.records import Channel, ChannelKind, Token, TokenKind
from bot.sandbox.state.workspace import Workspace

_SCOPE_FAMILY = {
    ChannelKind.PUBLIC: "channels:",
    ChannelKind.PRIVATE: "groups:",
    ChannelKind.DIRECT: "im:",
    ChannelKind.GROUP_DIRECT: "mpim:",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: the workspace, the arguments, the token and the method's facts."""

    workspace: Workspace
    args: Args
    token: Token
    facts: Facts

    @property
    def me(self) -> UserId:
        """Return the user that the token stands for: the person who lent it, else the app's bot."""
        return self.token.user or self.workspace.bot

    def channel(self, name: str = "channel") -> Channel:
        """Return the channel that an argument names, as the bot sees it; its scope for such channels is checked."""
        channel = self.workspace.channel(self.args.text(name), seen_by=self.me)
        self.need_scope(channel.kind)
        return channel

    def need_scope(self, kind: ChannelKind) -> None:
        """Refuse when the token may not do this to that kind of channel (channels:read is not groups:read).

        Raises:
            SlackError: missing_scope.
        """
        family = _SCOPE_FAMILY[kind]
        scopes = self.facts.user_scopes if self.token.kind is TokenKind.USER else self.facts.scopes
        needed = [scope for scope in scopes if scope.startswith(family)]
        if needed and not self.token.scopes & set(needed):
            raise missing_scope(needed[0], self.token)

    def room(self) -> Channel:
        """Return the channel (no direct message) that the call is about."""
        channel = self.channel()
        rooms.require_room(channel)
        return channel

    def own_room(self) -> Channel:
        """Return the channel that the call is about; the caller is in it."""
        channel = self.room()
        rooms.require_member(channel, self.me)
        return channel

    def open_room(self) -> Channel:
        """Return the channel that the call is about; the caller is in it, and it is not archived."""
        channel = self.room()
        rooms.require_open(channel)
        rooms.require_member(channel, self.me)
        return channel


Handler = Callable[[Call], Obj]


def missing_scope(needed: str, token: Token) -> SlackError:
    """Build Slack's refusal for want of a scope."""
    return SlackError("missing_scope", detail={"needed": needed, "provided": ",".join(sorted(token.scopes))})
