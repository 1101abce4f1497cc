"""A copy of a message in a further channel: what the message says, and where the message itself stands."""

from bot.domain.ids import ChannelId
from bot.views.blocks import Message, channel_link, context, line


def copied(told: Message, room: ChannelId | None, channel: str) -> Message:
    """Return a message as a copy; `room` is where it stands itself, `channel` what the configuration calls that."""
    where = context(line("A copy; the thread is in ", channel_link(room, channel.removeprefix("#"))))
    first = told.blocks[0]["block_id"]
    return Message(told.text, (*told.blocks, *([{**where, "block_id": f"{first}.copy"}] if where else ())))
