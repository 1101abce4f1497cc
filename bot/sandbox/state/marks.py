"""Acts that mark messages: reactions and pins."""

from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.records import Channel, Message, Pin
from bot.sandbox.state.shapes import message_shape
from bot.sandbox.state.workspace import Workspace

# The errors are documented, the numbers are our assumption.
PINS_LIMIT: Final = 100
EMOJI_LIMIT: Final = 50
REACTIONS_LIMIT: Final = 23
_PINNABLE: Final = {None, "thread_broadcast", "file_share", "bot_message", "me_message"}


def react(workspace: Workspace, channel: Channel, message: Message, name: str, *, by: UserId) -> None:
    """Add a reaction.

    Raises:
        SlackError: already_reacted, too_many_emoji (on one message), too_many_reactions (of one person).
    """
    if by in message.reactions.get(name, ()):
        raise SlackError("already_reacted")
    if name not in message.reactions and len(message.reactions) >= EMOJI_LIMIT:
        raise SlackError("too_many_emoji")
    if sum(by in users for users in message.reactions.values()) >= REACTIONS_LIMIT:
        raise SlackError("too_many_reactions")
    message.reactions.setdefault(name, []).append(by)
    _tell_reaction(workspace, channel, message, "reaction_added", name, by)


def unreact(workspace: Workspace, channel: Channel, message: Message, name: str, *, by: UserId) -> None:
    """Take a reaction back.

    Raises:
        SlackError: no_reaction.
    """
    if by not in message.reactions.get(name, ()):
        raise SlackError("no_reaction")
    message.reactions[name].remove(by)
    if not message.reactions[name]:
        del message.reactions[name]
    _tell_reaction(workspace, channel, message, "reaction_removed", name, by)


def _tell_reaction(workspace: Workspace, channel: Channel, message: Message, kind: str, name: str, by: UserId) -> None:
    workspace.tell(
        {
            "type": kind,
            "user": by,
            "reaction": name,
            "item_user": message.user,
            "item": {"type": "message", "channel": channel.id, "ts": message.ts},
            "event_ts": workspace.make.ts(),
        },
        channel=channel,
    )
    workspace.changed()


def pinned_shape(workspace: Workspace, channel: Channel, pin: Pin) -> Obj:
    """Return a pin as pins.list shows it."""
    message = channel.messages[pin.ts]
    return {
        "type": "message",
        "created": pin.created,
        "created_by": pin.by,
        "channel": channel.id,
        "message": message_shape(workspace, channel, message) | {"permalink": workspace.permalink(channel, message)},
    }


def pin(workspace: Workspace, channel: Channel, message: Message, *, by: UserId) -> None:
    """Pin a message.

    Raises:
        SlackError: not_pinnable for what Slack itself wrote, already_pinned, too_many_pins.
    """
    if message.subtype not in _PINNABLE:
        raise SlackError("not_pinnable")
    if message.ts in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= PINS_LIMIT:
        raise SlackError("too_many_pins")
    channel.pins[message.ts] = Pin(ts=message.ts, by=by, created=workspace.make.seconds())
    _tell_pin(workspace, channel, "pin_added", channel.pins[message.ts], by)


def unpin(workspace: Workspace, channel: Channel, message: Message, *, by: UserId) -> None:
    """Take a pin off.

    Raises:
        SlackError: no_pin.
    """
    if (found := channel.pins.get(message.ts)) is None:
        raise SlackError("no_pin")
    item = pinned_shape(workspace, channel, found)
    del channel.pins[message.ts]
    _tell_pin(workspace, channel, "pin_removed", found, by, item=item)


def _tell_pin(
    workspace: Workspace, channel: Channel, kind: str, pinned: Pin, by: UserId, *, item: Obj | None = None
) -> None:
    item = item or pinned_shape(workspace, channel, pinned)
    workspace.tell(
        {
            "type": kind,
            "user": by,
            "channel_id": channel.id,
            "item": item,
            "item_user": item["message"]["user"],
            "pin_count": len(channel.pins),
            "event_ts": workspace.make.ts(),
        },
        channel=channel,
    )
    workspace.changed()
