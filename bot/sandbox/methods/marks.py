"""pins.* and reactions.*: marks on messages."""

import re
from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
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
    """Answer pins.remove."""
    channel = _channel(call)
    marks.unpin(call.workspace, channel, _message(call, channel), by=call.me)
    return {}


def list_pins(call: Call) -> Obj:
    """Answer pins.list."""
    channel = _channel(call)
    return {"items": [marks.pinned_shape(call.workspace, channel, pin) for pin in channel.pins.values()]}


def _emoji(call: Call) -> str:
    name = call.args.text("name").strip(":")
    if not _EMOJI.fullmatch(name):
        raise SlackError("invalid_name")
    return name


def add_reaction(call: Call) -> Obj:
    """Answer reactions.add."""
    name = _emoji(call)
    channel = _channel(call)
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


MARKS: Final[Mapping[str, Handler]] = {
    "pins.add": add_pin,
    "pins.list": list_pins,
    "pins.remove": remove_pin,
    "reactions.add": add_reaction,
    "reactions.get": get_reactions,
    "reactions.remove": remove_reaction,
}
