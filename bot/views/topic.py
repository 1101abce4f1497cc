"""The channel's topic: how bad, where it stands, who is in command, what it is about; the weightiest first.

When the next update is due stands on the card: Slack tells the whole channel of each new topic.
"""

from typing import Final

from bot.domain.model import Incident
from bot.domain.roles_model import Role
from bot.views.blocks import clip, joined, mention
from bot.views.words import STATUSES

# https://docs.slack.dev/reference/methods/conversations.setTopic: 250 characters
TOPIC_LIMIT: Final = 250


def topic(incident: Incident) -> str:
    """Return the topic, escaped, at most 250 characters."""
    commander = incident.commander
    ic = joined("", (f"{Role.COMMANDER.label}: ", mention(commander) if commander else "nobody yet"))
    overdue = "Update overdue" if incident.is_overdue else None
    parts = (incident.severity.label, STATUSES[incident.status], ic, overdue, incident.title)
    return str(clip(joined(" · ", parts), TOPIC_LIMIT))
