"""What Slack's messages mean for the record, as the real bot is told: what an event would have said of each."""

from collections.abc import Mapping

from bot.domain.ids import ChannelId
from bot.domain.record_commands import RecordMessage, RecordMove
from bot.inbound.slack.events import said
from bot.inbound.slack.port import Identity
from tests.fakes.records import BOT, BOT_ID

US = Identity(team="T0", bot=BOT_ID, user=BOT, url="https://northwind.slack.com/")


def hear(message: Mapping[str, object], channel: ChannelId) -> RecordMessage | RecordMove | None:
    """Return what a message as Slack has it asks to record."""
    heard = said({**message, "channel": channel}, US)
    return heard if isinstance(heard, RecordMessage | RecordMove) else None
