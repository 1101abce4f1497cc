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
    parts = (incident.severity.label, STATUSES[incident.status], ic, _due(incident), incident.title)
    return str(clip(joined(" · ", parts), TOPIC_LIMIT))


def _due(incident: Incident) -> str | None:
    """Return when the next update is owed; a topic shows no time in each reader's own zone."""
    if incident.update_due is None or not incident.status.is_open:
        return None
    what = "Update overdue since" if incident.overdue else "Update due"
    return f"{what} {incident.update_due:%d %b %H:%M} UTC"
