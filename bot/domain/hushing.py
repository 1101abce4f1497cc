"""Slack's own lines about what Muster does ("set the channel topic: …"): taken out again, where Slack lets us."""

from dataclasses import dataclass
from typing import Literal

from bot.domain.ids import ChannelId, MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveNotice:
    """Take a line of Slack's out of a channel; it tells nothing that the topic itself does not say."""

    kind: Literal["slack.notice"] = "slack.notice"
    channel: ChannelId
    ts: MessageTs
