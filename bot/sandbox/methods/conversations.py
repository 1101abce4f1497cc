"""conversations.*, what changes a conversation: create, invite, join, leave, topic, archive."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state import invitations, rooms
from bot.sandbox.state.ids import Obj, Ts, UserId, is_ts
from bot.sandbox.state.records import Channel, ChannelKind
from bot.sandbox.state.shapes import channel_shape

# https://docs.slack.dev/reference/methods/conversations.invite and conversations.open
INVITE_LIMIT: Final = 100
DIRECT_LIMIT: Final = 8


def _channel_answer(call: Call, channel: Channel) -> Obj:
    return {"channel": channel_shape(call.workspace, channel, seen_by=call.me)}


def create(call: Call) -> Obj:
    """Answer conversations.create."""
    if not call.args.text("name"):
        raise SlackError("invalid_name_required")
    private = call.args.flag("is_private")
    call.need_scope(ChannelKind.PRIVATE if private else ChannelKind.PUBLIC)
    channel = rooms.create(call.workspace, name=call.args.text("name"), private=private, creator=call.me)
    return _channel_answer(call, channel)


def invite(call: Call) -> Obj:
    """Answer conversations.invite."""
    users = list(dict.fromkeys(call.args.names("users")))
    if not users:
        raise SlackError("no_user")
    if len(users) > INVITE_LIMIT:
        fault = f"no more than {INVITE_LIMIT} items allowed [json-pointer:/users]"
        raise SlackError.with_messages("invalid_arguments", [fault])
    channel = call.open_room()
    invitations.invite(call.workspace, channel, users, inviter=call.me, force=call.args.flag("force"))
    return _channel_answer(call, channel)


def kick(call: Call) -> Obj:
    """Answer conversations.kick."""
    channel = call.open_room()
    user = UserId(call.args.text("user"))
    call.workspace.person(user)
    if user == call.me:
        raise SlackError("cant_kick_self")
    if channel.general:
        raise SlackError("cant_kick_from_general")
    rooms.require_member(channel, user)
    rooms.depart(call.workspace, channel, user)
    return {"errors": {}}


def join(call: Call) -> Obj:
    """Answer conversations.join."""
    channel = call.workspace.channel(call.args.text("channel"), seen_by=call.me)
    if channel.kind is not ChannelKind.PUBLIC:
        raise SlackError("method_not_supported_for_channel_type")
    if rooms.enter(call.workspace, channel, call.me):
        return _channel_answer(call, channel)
    warning = "already_in_channel"
    return _channel_answer(call, channel) | {"warning": warning, "response_metadata": {"warnings": [warning]}}


def leave(call: Call) -> Obj:
    """Answer conversations.leave."""
    channel = call.room()
    rooms.require_open(channel)
    if call.me not in channel.members:
        return {"not_in_channel": True}
    if channel.general:
        raise SlackError("cant_leave_general")
    if channel.kind is ChannelKind.PRIVATE and channel.members == [call.me]:
        raise SlackError("last_member")
    rooms.depart(call.workspace, channel, call.me)
    return {}


def open_direct(call: Call) -> Obj:
    """Answer conversations.open."""
    if call.args.text("channel"):
        channel, existed = call.channel(), True
        if channel.is_room:
            raise SlackError("method_not_supported_for_channel_type")
        existed = call.me not in channel.closed_by
        channel.closed_by.discard(call.me)
    else:
        people = _companions(call)
        if call.args.flag("prevent_creation") and call.workspace.direct([call.me, *people]) is None:
            raise SlackError("channel_not_found")
        channel, existed = rooms.open_direct(call.workspace, [call.me, *people])
    shape: Obj = {"id": channel.id}
    if call.args.flag("return_im"):
        shape = channel_shape(call.workspace, channel, seen_by=call.me)
    return {"no_op": existed, "already_open": existed, "channel": shape}


def _companions(call: Call) -> list[UserId]:
    """Return with whom a direct conversation is wanted."""
    users = call.args.names("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > DIRECT_LIMIT:
        raise SlackError("too_many_users")
    call.need_scope(ChannelKind.DIRECT if len(users) == 1 else ChannelKind.GROUP_DIRECT)
    people = [call.workspace.person(user) for user in users]
    if any(person.deleted for person in people):
        raise SlackError("user_disabled")
    if all(person.id == call.me for person in people):
        raise SlackError("not_enough_users")
    return [person.id for person in people]


def close(call: Call) -> Obj:
    """Answer conversations.close: the direct conversation leaves the sidebar, nothing is lost."""
    channel = call.channel()
    if channel.is_room:
        raise SlackError("method_not_supported_for_channel_type")
    closed = call.me in channel.closed_by
    channel.closed_by.add(call.me)
    call.workspace.changed()
    return {"no_op": True, "already_closed": True} if closed else {}


def mark(call: Call) -> Obj:
    """Answer conversations.mark: up to where the caller has read."""
    channel = call.channel()
    rooms.require_member(channel, call.me)
    if not is_ts(call.args.text("ts")):
        raise SlackError("invalid_timestamp")
    channel.last_read[call.me] = Ts(call.args.text("ts"))
    call.workspace.changed()
    return {}


def set_topic(call: Call) -> Obj:
    """Answer conversations.setTopic."""
    channel = call.open_room()
    rooms.set_topic(call.workspace, channel, call.args.text("topic"), by=call.me)
    return _channel_answer(call, channel)


def set_purpose(call: Call) -> Obj:
    """Answer conversations.setPurpose."""
    channel = call.open_room()
    rooms.set_purpose(call.workspace, channel, call.args.text("purpose"), by=call.me)
    return _channel_answer(call, channel)


def rename(call: Call) -> Obj:
    """Answer conversations.rename."""
    channel = call.open_room()
    rooms.rename(call.workspace, channel, call.args.text("name"), by=call.me)
    return _channel_answer(call, channel)


def archive(call: Call) -> Obj:
    """Answer conversations.archive."""
    channel = call.room()
    if not channel.archived:
        rooms.require_member(channel, call.me)
    rooms.archive(call.workspace, channel, by=call.me)
    return {}


def unarchive(call: Call) -> Obj:
    """Answer conversations.unarchive: the bot is in no archived channel, so it can unarchive none."""
    channel = call.room()
    if call.me == call.workspace.bot:
        rooms.require_member(channel, call.me)
    rooms.unarchive(call.workspace, channel, by=call.me)
    return {}


CONVERSATIONS: Final[Mapping[str, Handler]] = {
    "conversations.archive": archive,
    "conversations.close": close,
    "conversations.create": create,
    "conversations.invite": invite,
    "conversations.join": join,
    "conversations.kick": kick,
    "conversations.leave": leave,
    "conversations.mark": mark,
    "conversations.open": open_direct,
    "conversations.rename": rename,
    "conversations.setPurpose": set_purpose,
    "conversations.setTopic": set_topic,
    "conversations.unarchive": unarchive,
}
