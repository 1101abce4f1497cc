"""The channel's topic: how bad, where it stands, who is in command, what it is about; the weightiest first."""

from typing import Final

from bot.domain.model import Incident, Role
from bot.views.blocks import clip, joined, mention
from bot.views.words import STATUSES

# https://docs.slack.dev/reference/methods/conversations.setTopic: 250 characters
TOPIC_LIMIT: Final = 250


def topic(incident: Incident) -> str:
    """Return the topic, escaped, at most 250 characters."""
    commander = incident.commander
    ic = joined("", (f"{Role.COMMANDER.label}: ", mention(commander) if commander else "nobody yet"))
    return str(
        clip(joined(" · ", (incident.severity.label, STATUSES[incident.status], ic, incident.title)), TOPIC_LIMIT)
    )
