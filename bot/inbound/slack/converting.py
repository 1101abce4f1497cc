"""The channel in which somebody asks for it becomes an incident's: what kind of channel it is, is asked of Slack."""

import asyncio
from datetime import timedelta
from typing import Final

from bot.domain.existing import Existing
from bot.domain.ids import ChannelId
from bot.errors import DeliveryError, Refused, Undeliverable
from bot.inbound.slack.port import Ports

_PATIENCE: Final = timedelta(seconds=1)
_DIRECT: Final = ("D", "mpdm-")


async def existing(ports: Ports, channel: ChannelId) -> Existing:
    """Return a channel as Slack tells of it.

    Nothing is guessed: what is taken for public, and is not, would be announced.

    Raises:
        Refused: it cannot be an incident's, or Slack does not answer now.
    """
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            found = await ports.room_of(channel)
    except Undeliverable:
        raise Refused("I am not in this channel: type `/invite @muster` here, and then try again.") from None
    except (DeliveryError, TimeoutError):
        raise Refused("Slack did not tell me what kind of channel this is. Please try again in a moment.") from None
    if found.channel.startswith(_DIRECT) or found.name.startswith(_DIRECT):
        raise Refused("This is a direct conversation. Make it a channel first, or use `/incident declare`.")
    return found
