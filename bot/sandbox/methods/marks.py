"""pins.* and reactions.*: marks on messages."""

import re
from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods import paging
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state import marks, rooms
from bot.sandbox.state.ids import Obj, is_ts
from bot.sandbox.state.records import Channel, Message
from bot.sandbox.state.shapes import message_shape

_EMOJI: Final = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def _message(call: Call, channel: Channel) -> Message:
    timestamp = call.args.text("timestamp")
    if not timestamp:
        raise SlackError("no_item_specified")
    if not is_ts(timestamp):
        raise SlackError("bad_timestamp")
    return call.workspace.message(channel, timestamp)


def _channel(call: Call) -> Channel:
    if not call.args.has("channel"):
        raise SlackError("no_item_specified")
    return call.workspace.channel(call.args.text("channel"), seen_by=call.me)


def add_pin(call: Call) -> Obj:
    """Answer pins.add."""
    channel = _channel(call)
    rooms.require_member(channel, call.me)
    marks.pin(call.workspace, channel, _message(call, channel), by=call.me)
    return {}


def remove_pin(call: Call) -> Obj:
    """Answer pins.remove; who is not in the channel sees no such pin."""
    channel = _channel(call)
    rooms.require_member(channel, call.me, refusal="no_pin")
    marks.unpin(call.workspace, channel, _message(call, channel), by=call.me)
    return {}


def list_pins(call: Call) -> Obj:
    """Answer pins.list."""
    channel = call.workspace.channel(call.args.text("channel"), seen_by=call.me)
    return {"items": [marks.pinned_shape(call.workspace, channel, pin) for pin in channel.pins.values()]}


def _emoji(call: Call) -> str:
    name = call.args.text("name").strip(":")
    if not _EMOJI.fullmatch(name) and name not in call.workspace.emoji:
        raise SlackError("invalid_name")
    return name


def add_reaction(call: Call) -> Obj:
    """Answer reactions.add."""
    name = _emoji(call)
    channel = _channel(call)
    # Not documented for this method, but answered: https://github.com/HubSpot/slack-client/pull/356.
    rooms.require_member(channel, call.me)
    rooms.require_open(channel)
    marks.react(call.workspace, channel, _message(call, channel), name, by=call.me)
    return {}


def remove_reaction(call: Call) -> Obj:
    """Answer reactions.remove."""
    name = _emoji(call)
    channel = _channel(call)
    marks.unreact(call.workspace, channel, _message(call, channel), name, by=call.me)
    return {}


def get_reactions(call: Call) -> Obj:
    """Answer reactions.get."""
    channel = _channel(call)
    message = _message(call, channel)
    shape = message_shape(call.workspace, channel, message)
    return {
        "type": "message",
        "channel": channel.id,
        "message": shape | {"permalink": call.workspace.permalink(channel, message)},
    }


def list_reactions(call: Call) -> Obj:
    """Answer reactions.list: the messages that somebody reacted to, newest first."""
    person = call.workspace.person(call.args.text("user") or call.me)
    found = [
        (channel, message)
        for channel in call.workspace.channels.values()
        if call.me in channel.members
        for message in channel.messages.values()
        if any(person.id in users for users in message.reactions.values())
    ]
    found.sort(key=lambda one: one[1].ts, reverse=True)
    if call.args.has("page") or call.args.has("count"):
        shown, numbers = paging.numbered(found, call.args)
        answer: Obj = {"paging": numbers}
    else:
        shown, cursor = paging.page(found, call.args, refusal="invalid_arguments", broken="invalid_arguments")
        answer = {"response_metadata": {"next_cursor": cursor}}
    items = [
        {"type": "message", "channel": channel.id, "message": message_shape(call.workspace, channel, message)}
        for channel, message in shown
    ]
    return {"items": items, **answer}


MARKS: Final[Mapping[str, Handler]] = {
    "pins.add": add_pin,
    "pins.list": list_pins,
    "pins.remove": remove_pin,
    "reactions.add": add_reaction,
    "reactions.get": get_reactions,
    "reactions.list": list_reactions,
    "reactions.remove": remove_reaction,
}
