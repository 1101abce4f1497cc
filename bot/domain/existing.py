"""A channel that is there already, as Slack told of it: an incident may take it (converting.py)."""

from dataclasses import dataclass

from bot.domain.ids import ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """The channel, what it is called now, and whether Slack shows it to its members alone."""

    channel: ChannelId
    name: str
    private: bool
