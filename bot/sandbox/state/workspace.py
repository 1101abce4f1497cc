"""The workspace: who and what exists, lookups, the version that grows with every change, the events.

Rule: acts (rooms.py, talk.py, forms.py, ...) change it, then call `changed()`; what the app shall hear of goes
through `tell()`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from bot.sandbox.errors import SlackError
from bot.sandbox.state.ids import ChannelId, FileId, Maker, Obj, Ts, UserId, ViewId
from bot.sandbox.state.papers import Canvas, Code, Scheduled
from bot.sandbox.state.preferences import Preferences
from bot.sandbox.state.records import (
    App,
    Channel,
    ChannelKind,
    Command,
    File,
    Message,
    Person,
    ResponseUrl,
    Shortcut,
    Standing,
    Team,
    Token,
    TokenKind,
    Trigger,
    Usergroup,
    View,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that the app may be told: Slack's inner event."""

    body: Obj
    channel: ChannelId | None = None

    @property
    def name(self) -> str:
        """Return the event's type, with its subtype when it has one: "message.message_changed"."""
        subtype = self.body.get("subtype")
        return f"{self.body['type']}.{subtype}" if subtype else str(self.body["type"])


class Workspace:
    """Everything that the sandbox remembers."""

    def __init__(self, *, maker: Maker, team: Team, app: App) -> None:
        self.make = maker
        self.team = team
        self.app = app
        self.base_url = ""
        self.version = 0
        self.dedupe_client_msg_id = False
        self.commands: dict[str, Command] = {}
        self.shortcuts: dict[str, Shortcut] = {}
        self.tokens: dict[str, Token] = {}
        # The workspaces that an org-wide install of the app was let into; this one may be among them.
        self.org_teams: list[Team] = []
        self.people: dict[UserId, Person] = {}
        self.channels: dict[ChannelId, Channel] = {}
        self.files: dict[FileId, File] = {}
        self.usergroups: dict[str, Usergroup] = {}
        self.views: dict[ViewId, View] = {}
        self.external_ids: dict[str, ViewId] = {}
        self.modals: dict[UserId, list[ViewId]] = {}
        self.homes: dict[UserId, ViewId] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.link_tickets: set[str] = set()
        self.preferences = Preferences()
        self.canvases: dict[FileId, Canvas] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.codes: dict[str, Code] = {}
        # Refresh tokens that were not used yet, with the token that each of them renews.
        self.refreshes: dict[str, str] = {}
        # From when until when somebody's notifications are snoozed, in seconds since 1970.
        self.snoozes: dict[UserId, tuple[int, int]] = {}
        self.profiles: dict[UserId, Obj] = {}
        self.emoji: dict[str, str] = {}
        # How many posts carried metadata.event_payload.k == the key: the oracle of "exactly once"; deleted ones count.
        self.posts_by_marker: Counter[str] = Counter()
        # Their client_msg_ids (the ts of those without one): more posts than ids are what Slack could have dropped.
        self.ids_by_marker: dict[str, set[str]] = {}
        # The channels after the first `_indexed` are not yet in the two indexes.
        self._indexed = 0
        self._named: dict[str, Channel] = {}
        self._directs: dict[frozenset[UserId], Channel] = {}
        self.on_change: list[Callable[[], None]] = []
        self.on_event: list[Callable[[Event], None]] = []
        self.on_scheduled: list[Callable[[Scheduled], None]] = []

    @property
    def bot(self) -> UserId:
        """Return the app's bot user."""
        return self.app.user_id

    @property
    def by_org_install(self) -> bool:
        """Say whether the app is here by an org-wide install alone; its own install here goes first."""
        bots = [one for one in self.tokens.values() if one.kind is TokenKind.BOT and not one.revoked]
        return bool(bots) and all(one.org for one in bots)

    def sees(self, user: UserId, channel: Channel) -> bool:
        """Say whether the channel exists for that person: if private, and to guests and strangers, only as a member."""
        if user in channel.members:
            return True
        person = self.people.get(user)
        full = person is None or person.standing is Standing.MEMBER
        return full and channel.kind is ChannelKind.PUBLIC

    def changed(self) -> None:
        """Say that something visible changed."""
        self.version += 1
        for listener in self.on_change:
            listener()

    def tell(self, body: Obj, *, channel: Channel | None = None, anyway: bool = False) -> None:
        """Tell the app, when it may know: a channel's events only while the bot is a member, unless `anyway`."""
        if channel is not None and not anyway and self.bot not in channel.members:
            return
        event = Event(body=body, channel=channel.id if channel else None)
        for listener in self.on_event:
            listener(event)

    def person(self, user: str) -> Person:
        """Return the person with that id.

        Raises:
            SlackError: user_not_found.
        """
        if (found := self.people.get(UserId(user))) is None:
            raise SlackError("user_not_found")
        return found

    def channel(self, channel: str, *, seen_by: UserId) -> Channel:
        """Return the channel with that id as that person sees it (see `sees`).

        Raises:
            SlackError: channel_not_found.
        """
        found = self.channels.get(ChannelId(channel))
        if found is None or not self.sees(seen_by, found):
            raise SlackError("channel_not_found")
        return found

    def channel_named(self, name: str) -> Channel | None:
        """Return the channel with that name, archived and private ones too."""
        for channel in islice(self.channels.values(), self._indexed, None):
            self._index(channel)
        self._indexed = len(self.channels)
        return self._named.get(name)

    def renamed(self, channel: Channel) -> None:
        """Find a channel by its new name from now on."""
        self._named = {name: one for name, one in self._named.items() if one is not channel}
        self._index(channel)

    def drop(self, channel: Channel) -> None:
        """Take a channel away for good; its name is free again."""
        del self.channels[channel.id]
        self._indexed, self._named, self._directs = 0, {}, {}

    def _index(self, channel: Channel) -> None:
        if channel.is_room:
            self._named.setdefault(channel.name, channel)
        else:
            self._directs.setdefault(frozenset(channel.members), channel)

    def direct(self, users: list[UserId]) -> Channel | None:
        """Return the direct conversation of exactly these people."""
        self.channel_named("")
        return self._directs.get(frozenset(users))

    def message(self, channel: Channel, ts: str) -> Message:
        """Return a message that everybody in the channel sees.

        Raises:
            SlackError: message_not_found.
        """
        if (found := channel.messages.get(Ts(ts))) is None:
            raise SlackError("message_not_found")
        return found

    def permalink(self, channel: Channel, message: Message) -> str:
        """Return the message's address, as chat.getPermalink does."""
        link = f"{self.team.url}archives/{channel.id}/p{message.ts.replace('.', '')}"
        if message.thread_ts and message.thread_ts != message.ts:
            link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
        return link
