"""The records of the workspace: channels, messages, files, bookmarks, views; and, from accounts.py, who there is.

Mutable ones are changed only by the acts beside this file.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.sandbox.state.accounts import (
    App,
    Command,
    Person,
    Shortcut,
    ShortcutKind,
    Standing,
    Team,
    Token,
    TokenKind,
)
from bot.sandbox.state.ids import ChannelId, FileId, Obj, Ts, UserId, ViewId

__all__ = [
    "App",
    "Bookmark",
    "Channel",
    "ChannelKind",
    "Command",
    "File",
    "Message",
    "Note",
    "Person",
    "Pin",
    "ResponseUrl",
    "Shortcut",
    "ShortcutKind",
    "Standing",
    "Team",
    "Token",
    "TokenKind",
    "Trigger",
    "Usergroup",
    "View",
]


class ChannelKind(StrEnum):
    """What kind of conversation it is; the value is Slack's `channel_type` in events."""

    PUBLIC = "channel"
    PRIVATE = "group"
    DIRECT = "im"
    GROUP_DIRECT = "mpim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A channel's topic or purpose."""

    value: str = ""
    creator: str = ""
    last_set: int = 0


@dataclass(slots=True, kw_only=True)
class Message:
    """One message. `bot` says that the app wrote it; `ephemeral_for` that only one person sees it."""

    ts: Ts
    user: UserId
    text: str
    bot: bool = False
    blocks: list[Obj] = field(default_factory=list)
    attachments: list[Obj] = field(default_factory=list)
    subtype: str | None = None
    thread_ts: Ts | None = None
    broadcast: bool = False
    username: str | None = None
    icons: Obj = field(default_factory=dict)
    edited: Obj | None = None
    files: list[FileId] = field(default_factory=list)
    reactions: dict[str, list[UserId]] = field(default_factory=dict)
    metadata: Obj | None = None
    # Who wrote each reply, oldest first, and how many each of them wrote.
    replies: dict[Ts, UserId] = field(default_factory=dict)
    repliers: Counter[UserId] = field(default_factory=Counter)
    client_msg_id: str | None = None
    ephemeral_for: UserId | None = None
    # What only some subtypes carry: topic, name, inviter...
    more: Obj = field(default_factory=dict)

    def add_reply(self, reply: "Message") -> None:
        """Note a reply in the thread that begins here."""
        self.replies[reply.ts] = reply.user
        self.repliers[reply.user] += 1

    def drop_reply(self, ts: Ts) -> None:
        """Forget a reply, if it is one."""
        if (user := self.replies.pop(ts, None)) is None:
            return
        self.repliers[user] -= 1
        if not self.repliers[user]:
            del self.repliers[user]


@dataclass(slots=True, kw_only=True)
class Bookmark:
    """A link in a channel's header."""

    id: str
    title: str
    link: str
    emoji: str
    created: int
    updated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A pinned message."""

    ts: Ts
    by: UserId
    created: int


@dataclass(slots=True, kw_only=True)
class Channel:
    """A conversation of any kind; messages are kept in the order of their timestamps.

    `shared_with` are the ids of the other workspaces that it is shared with over Slack Connect.
    """

    id: ChannelId
    name: str
    kind: ChannelKind
    created: int
    creator: UserId
    members: list[UserId] = field(default_factory=list)
    topic: Note = field(default_factory=Note)
    purpose: Note = field(default_factory=Note)
    archived: bool = False
    general: bool = False
    previous_names: list[str] = field(default_factory=list)
    shared_with: list[str] = field(default_factory=list)
    canvas: FileId | None = None
    closed_by: set[UserId] = field(default_factory=set)
    # The message that came with each client_msg_id.
    client_ids: dict[str, Ts] = field(default_factory=dict)
    messages: dict[Ts, Message] = field(default_factory=dict)
    whispers: dict[Ts, Message] = field(default_factory=dict)
    bookmarks: dict[str, Bookmark] = field(default_factory=dict)
    pins: dict[Ts, Pin] = field(default_factory=dict)
    last_read: dict[UserId, Ts] = field(default_factory=dict)

    @property
    def is_room(self) -> bool:
        """Say whether it has a name and members that come and go (a channel, not a direct message)."""
        return self.kind in {ChannelKind.PUBLIC, ChannelKind.PRIVATE}


@dataclass(slots=True, kw_only=True)
class File:
    """An uploaded file; `shared` is set once files.completeUploadExternal made it visible."""

    id: FileId
    name: str
    length: int
    upload_token: str
    created: int
    user: UserId
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    mimetype: str = "application/octet-stream"
    completed: bool = False
    deleted: bool = False
    shares: dict[ChannelId, list[Ts]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class View:
    """A modal or a Home tab. `body` is what the app sent; `values` is what the person has filled in."""

    id: ViewId
    user: UserId
    body: Obj
    hash: str
    root: ViewId
    previous: ViewId | None = None
    values: Obj = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        """Return the app's own id of the view, or nothing."""
        return str(self.body.get("external_id") or "")


@dataclass(slots=True, kw_only=True)
class Trigger:
    """What a trigger_id stands for: one person, one view to open, for three seconds."""

    user: UserId
    expires: datetime
    in_modal: bool
    used: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """What a response_url stands for: a place to answer, five times within thirty minutes."""

    user: UserId
    channel: ChannelId
    expires: datetime
    uses_left: int
    message_ts: Ts | None = None
    ephemeral: bool = True


@dataclass(slots=True, kw_only=True)
class Usergroup:
    """A user group, such as @payments-oncall; `created`, `updated` and `disabled` are seconds since 1970 or 0."""

    id: str
    handle: str
    name: str
    users: list[UserId]
    created: int
    creator: UserId | None = None
    description: str = ""
    channels: list[ChannelId] = field(default_factory=list)
    updated: int = 0
    updated_by: UserId | None = None
    disabled: int = 0
    disabled_by: UserId | None = None
