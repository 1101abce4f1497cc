"""bookmarks.*: links in a channel's header. Adding is not idempotent, as in Slack."""

import re
from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state import rooms
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.records import Bookmark, Channel
from bot.sandbox.state.shapes import bookmark_shape

# too_many_bookmarks is documented, the number is our assumption.
BOOKMARKS_LIMIT: Final = 100
_EMOJI: Final = re.compile(r":[\w+'-]+:")


def _channel(call: Call, *, refusal: str = "permission_denied") -> Channel:
    channel = call.workspace.channel(call.args.text("channel_id"), seen_by=call.me)
    rooms.require_member(channel, call.me, refusal=refusal)
    return channel


def _found(call: Call, channel: Channel) -> Bookmark:
    if (found := channel.bookmarks.get(call.args.text("bookmark_id"))) is None:
        raise SlackError("not_found")
    return found


def _checked_link(link: str) -> str:
    if not link.startswith(("http://", "https://")):
        raise SlackError("invalid_link")
    return link


def _checked_emoji(emoji: str) -> str:
    if emoji and not _EMOJI.fullmatch(emoji):
        raise SlackError("invalid_emoji")
    return emoji


def add(call: Call) -> Obj:
    """Answer bookmarks.add."""
    channel = _channel(call)
    if call.args.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    link = _checked_link(call.args.text("link"))
    if len(channel.bookmarks) >= BOOKMARKS_LIMIT:
        raise SlackError("too_many_bookmarks")
    now = call.workspace.make.seconds()
    bookmark = Bookmark(
        id=call.workspace.make.id("Bk"),
        title=call.args.text("title"),
        link=link,
        emoji=_checked_emoji(call.args.text("emoji")),
        created=now,
        updated=0,
    )
    channel.bookmarks[bookmark.id] = bookmark
    call.workspace.changed()
    return {"bookmark": bookmark_shape(channel, bookmark)}


def edit(call: Call) -> Obj:
    """Answer bookmarks.edit."""
    channel = _channel(call)
    bookmark = _found(call, channel)
    if call.args.has("link"):
        bookmark.link = _checked_link(call.args.text("link"))
    bookmark.title = call.args.text("title", bookmark.title)
    bookmark.emoji = _checked_emoji(call.args.text("emoji", bookmark.emoji))
    bookmark.updated = call.workspace.make.seconds()
    call.workspace.changed()
    return {"bookmark": bookmark_shape(channel, bookmark)}


def remove(call: Call) -> Obj:
    """Answer bookmarks.remove."""
    channel = _channel(call)
    del channel.bookmarks[_found(call, channel).id]
    call.workspace.changed()
    return {}


def list_all(call: Call) -> Obj:
    """Answer bookmarks.list."""
    channel = _channel(call, refusal="channel_not_found")
    return {"bookmarks": [bookmark_shape(channel, one) for one in channel.bookmarks.values()]}


BOOKMARKS: Final[Mapping[str, Handler]] = {
    "bookmarks.add": add,
    "bookmarks.edit": edit,
    "bookmarks.list": list_all,
    "bookmarks.remove": remove,
}
