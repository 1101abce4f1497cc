"""What stands in the fake Slack: channels, messages, files, and the log of calls."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.outbound.slack.port import Link

BOT, BOT_ID = UserId("U0MUSTER"), "B0MUSTER"


class Killed(BaseException):
    """The process dies here: no `except Exception` may catch it."""


class Fault(StrEnum):
    """What goes wrong with a call."""

    REFUSED = "refused"  # TryLater: no connection, or 429; nothing changed
    LOST_BEFORE = "lost before"  # Uncertain, nothing changed
    LOST_AFTER = "lost after"  # Uncertain, although it was changed
    APPLIED_LATE = "applied late"  # Uncertain, and it is changed `late` after the call
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One round trip: from `start` to `end` by the monotonic clock."""

    method: str
    start: float
    end: float
    channel: ChannelId | None = None
    outcome: str = "ok"


@dataclass(slots=True, kw_only=True)
class Said:
    """A message as the channel shows it; `revisions` are what it said before."""

    ts: MessageTs
    channel: ChannelId
    text: str
    blocks: tuple[Any, ...] = ()
    marker: str | None = None
    thread: MessageTs | None = None
    author: UserId = BOT
    filename: str | None = None
    revisions: list[str] = field(default_factory=list)
    reactions: dict[str, list[UserId]] = field(default_factory=dict)
    pinned: bool = False
    subtype: str = ""
    files: tuple[tuple[str, str], ...] = ()

    def raw(self, answers: Sequence["Said"] = ()) -> dict[str, object]:
        """Return Slack's JSON of it, with what it tells of its answers."""
        shape: dict[str, object] = {"type": "message", "user": self.author, "ts": self.ts, "text": self.text}
        if self.author == BOT:
            shape["bot_id"] = BOT_ID
        if self.revisions:
            shape["edited"] = {"user": self.author, "ts": self.ts}
        if self.reactions:
            told = self.reactions.items()
            shape["reactions"] = [{"name": name, "users": users, "count": len(users)} for name, users in told]
        if self.subtype:
            shape["subtype"] = self.subtype
        if self.files:
            shape["files"] = [{"name": name, "permalink": link} for name, link in self.files]
        if self.pinned:
            shape["pinned_to"] = [self.channel]
        if self.thread:
            shape["thread_ts"] = self.thread
        elif answers:
            shape |= {"thread_ts": self.ts, "reply_count": len(answers), "latest_reply": answers[-1].ts}
        return shape


@dataclass(slots=True, kw_only=True)
class FakeChannel:
    """A channel."""

    id: ChannelId
    name: str
    creator: UserId
    members: list[UserId] = field(default_factory=list)
    topic: str = ""
    messages: dict[MessageTs, Said] = field(default_factory=dict)
    bookmarks: list[Link] = field(default_factory=list)
    archived: bool = False
    private: bool = False


@dataclass(slots=True, kw_only=True)
class FakeFile:
    """An uploaded file; nobody sees it before it is shared."""

    name: str
    content: bytes
    title: str = ""
    shared: int = 0
