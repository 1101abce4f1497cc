"""What somebody is told who was given a group of alerts to look after."""

from typing import Final

from bot.domain.groups_model import Group
from bot.domain.ids import ChannelId, UserId
from bot.domain.text import cut, one_line
from bot.views.blocks import Message, bold, channel_link, context, line, mention, message, section
from bot.views.words import ALERT_SEVERITIES

_TITLE_LIMIT: Final = 300


def assignment(group: Group, by: UserId, channel: ChannelId | None) -> Message:
    """Say which alert, who gave it to them, how grave it is, and where its message stands."""
    title = cut(one_line(group.title), _TITLE_LIMIT)
    return message(
        f"An alert was assigned to you: {title}",
        section(line(mention(by), " assigned an alert to you: ", bold(title))),
        context(
            ALERT_SEVERITIES[group.severity],
            line("Service: ", group.service) if group.service else None,
            channel_link(channel, group.channel) if channel else None,
        ),
    )
