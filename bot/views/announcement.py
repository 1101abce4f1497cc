"""The incident's announcement: one living message for everybody else: what, how bad, where to follow it."""

from datetime import datetime
from typing import Final

from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.roles_model import Role
from bot.views.actions import Action
from bot.views.blocks import (
    Block,
    Message,
    Safe,
    actions,
    bold,
    button,
    channel_link,
    clip,
    context,
    date,
    header,
    joined,
    line,
    link_button,
    mention,
    message,
    section,
)
from bot.views.joining import OPEN_CHANNEL
from bot.views.standing import by_whom, due, story, summary
from bot.views.words import STATUSES, named, services_of

# Ten of the longest names: what stands behind them in the paragraph is still shown.
_SERVICES_LIMIT: Final = 1500


def announcement(incident: Incident, policy: Policy, now: datetime) -> Message:
    """Render an incident for those who do not work on it."""
    return message(
        summary(incident),
        header(named(incident)),
        section(_standing(incident)),
        *story(incident),
        context(policy.severities[incident.severity].meaning, _declared(incident), due(incident, now)),
        _join(incident),
    )


def _standing(incident: Incident) -> Safe:
    role = Role.COMMANDER.label
    commander = line(f"{role}: ", mention(incident.commander)) if incident.commander else f"{role}: nobody yet"
    called, names = services_of(incident)
    service = clip(line(f"{called}: ", names), _SERVICES_LIMIT) if names else None
    where = channel_link(incident.channel, incident.channel_name)
    return joined(" · ", (bold(incident.severity.label), bold(STATUSES[incident.status]), service, commander, where))


def _declared(incident: Incident) -> Safe:
    return line("Declared ", date(incident.declared_at), by_whom(incident) or "")


def _join(incident: Incident) -> Block | None:
    if incident.channel is None or not incident.status.is_open:
        return None
    url = f"{OPEN_CHANNEL}{incident.channel}"
    return actions(
        link_button("Join Channel", Action.OPEN_CHANNEL, url, spoken=f"Join the Channel of {incident.label}"),
        button("Subscribe", Action.SUBSCRIBE, str(incident.id), spoken=f"Subscribe to the Updates of {incident.label}"),
    )
