"""conversations.*, what only reads: info, list, members, history, replies; and users.conversations."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.args import Args
from bot.sandbox.errors import SlackError
from bot.sandbox.methods import paging
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state import rooms
from bot.sandbox.state.file_shapes import canvas_of
from bot.sandbox.state.ids import Obj, Ts, UserId, is_ts, ts_micros
from bot.sandbox.state.records import Channel, ChannelKind, Message
from bot.sandbox.state.shapes import channel_shape, message_shape

HISTORY_DEFAULT: Final = 100
HISTORY_MOST: Final = 999
_TYPES: Final[Mapping[str, ChannelKind]] = {
    "public_channel": ChannelKind.PUBLIC,
    "private_channel": ChannelKind.PRIVATE,
    "im": ChannelKind.DIRECT,
    "mpim": ChannelKind.GROUP_DIRECT,
}


def info(call: Call) -> Obj:
    """Answer conversations.info."""
    channel = call.channel()
    shape = channel_shape(call.workspace, channel, seen_by=call.me, count=call.args.flag("include_num_members"))
    if call.me in channel.members:
        shape["last_read"] = channel.last_read.get(call.me, "0000000000.000000")
    return {"channel": shape | canvas_of(call.workspace, channel)}


def _listed(call: Call, *, member: UserId | None) -> Obj:
    types = call.args.names("types") or ["public_channel"]
    if set(types) - _TYPES.keys():
        raise SlackError("invalid_types")
    kinds = {_TYPES[one] for one in types}
    for kind in kinds:
        call.need_scope(kind)
    channels = [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and not (channel.archived and call.args.flag("exclude_archived"))
        and call.workspace.sees(call.me, channel)
        and (member is None or member in channel.members)
    ]
    shown, cursor = paging.page(channels, call.args)
    shapes = [
        channel_shape(call.workspace, one, seen_by=call.me, count=member is None) | canvas_of(call.workspace, one)
        for one in shown
    ]
    if member is not None:
        for shape in shapes:
            shape.pop("is_member", None)
    return {"channels": shapes, "response_metadata": {"next_cursor": cursor}}


def list_all(call: Call) -> Obj:
    """Answer conversations.list."""
    return _listed(call, member=None)


def list_mine(call: Call) -> Obj:
    """Answer users.conversations."""
    user = call.args.text("user") or call.me
    return _listed(call, member=call.workspace.person(user).id)


def members(call: Call) -> Obj:
    """Answer conversations.members."""
    shown, cursor = paging.page(call.channel().members, call.args)
    return {"members": list(shown), "response_metadata": {"next_cursor": cursor}}


def _bounds(args: Args) -> tuple[int, int]:
    """Return the smallest and the largest timestamp wanted, in microseconds, both included."""
    oldest, latest = args.text("oldest"), args.text("latest")
    if oldest and not is_ts(oldest):
        raise SlackError("invalid_ts_oldest")
    if latest and not is_ts(latest):
        raise SlackError("invalid_ts_latest")
    inside = 0 if args.flag("inclusive") else 1
    smallest = ts_micros(oldest) + inside if oldest else 0
    largest = ts_micros(latest) - inside if latest else 1 << 62
    return smallest, largest


def _newest(channel: Channel, *, smallest: int, largest: int, most: int) -> list[Message]:
    """Return a channel's messages between two timestamps, newest first; replies only when broadcast.

    Stops as soon as it has enough, so that a look at the newest costs the same in a channel of any length.
    """
    found: list[Message] = []
    for message in reversed(channel.messages.values()):
        micros = ts_micros(message.ts)
        if micros < smallest or len(found) == most:
            break
        if micros <= largest and (not message.thread_ts or message.broadcast):
            found.append(message)
    return found


def _readable(call: Call) -> Channel:
    channel = call.channel()
    rooms.require_member(channel, call.me)
    return channel


def _shapes(call: Call, channel: Channel, messages: list[Message]) -> list[Obj]:
    metadata = call.args.flag("include_all_metadata")
    return [message_shape(call.workspace, channel, message, metadata=metadata) for message in messages]


def history(call: Call) -> Obj:
    """Answer conversations.history: newest first, replies only when broadcast."""
    channel = _readable(call)
    smallest, largest = _bounds(call.args)
    if cursor := call.args.text("cursor"):
        largest = min(largest, ts_micros(paging.decode(cursor, "next_ts:")) - 1)
    limit = min(max(call.args.number("limit", HISTORY_DEFAULT), 1), HISTORY_MOST)
    found = _newest(channel, smallest=smallest, largest=largest, most=limit + 1)
    shown, more = found[:limit], len(found) > limit
    answer: Obj = {"messages": _shapes(call, channel, shown), "has_more": more, "pin_count": len(channel.pins)}
    if more:
        answer["response_metadata"] = {"next_cursor": paging.encode(f"next_ts:{shown[-1].ts}")}
    return answer


def replies(call: Call) -> Obj:
    """Answer conversations.replies: the root and its replies, oldest first."""
    channel = _readable(call)
    if (found := channel.messages.get(Ts(call.args.text("ts")))) is None:
        raise SlackError("thread_not_found")
    root = channel.messages[found.thread_ts] if found.thread_ts else found
    smallest, largest = _bounds(call.args)
    thread = [channel.messages[one] for one in root.replies if smallest <= ts_micros(one) <= largest]
    shown, cursor = paging.page([root, *thread], call.args, default=HISTORY_MOST, refusal="invalid_arguments")
    answer: Obj = {"messages": _shapes(call, channel, list(shown)), "has_more": bool(cursor)}
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


CONVERSATION_READS: Final[Mapping[str, Handler]] = {
    "conversations.history": history,
    "conversations.info": info,
    "conversations.list": list_all,
    "conversations.members": members,
    "conversations.replies": replies,
    "users.conversations": list_mine,
}
