"""What people wrote in an incident's channel: the part of events.py that messages need."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import MessageTs, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePosted(Happening):
    """A person wrote in the channel.

    `at` is Slack's time of it. `ts` names the message for good, `thread` the message it answers. `only_marked`: it is
    kept for no other reason than that somebody marked it. `links` are where its files are, one each, "" if not known.
    `edited`: it was changed before it was read.
    """

    kind: Literal["message_posted"] = "message_posted"
    ts: MessageTs
    text: str
    permalink: str
    thread: MessageTs | None = None
    files: tuple[str, ...] = ()
    only_marked: bool = False
    links: tuple[str, ...] = ()
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(Happening):
    """A person changed what they wrote; both stay in the record."""

    kind: Literal["message_edited"] = "message_edited"
    ts: MessageTs
    text: str
    permalink: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMoved(Happening):
    """Somebody came into the channel, or left it; `ts` names Slack's own message of it. `by` brought them in, if so."""

    kind: Literal["member_moved"] = "member_moved"
    ts: MessageTs
    user: UserId
    joined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted(Happening):
    """A person took a message back; what it said is not shown again."""

    kind: Literal["message_deleted"] = "message_deleted"
    ts: MessageTs
