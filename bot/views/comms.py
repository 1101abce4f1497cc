"""The channel for communications: its living message at the top, the word of its opening, and what who asks is told."""

from datetime import datetime

from bot.domain.comms import CommsOpened
from bot.domain.model import Incident
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
    context,
    header,
    joined,
    line,
    mention,
    message,
    section,
)
from bot.views.standing import due, story, summary
from bot.views.words import STATUSES, named

_FOR = "Drafts and questions about what is told go here; who works on it is in "


def comms_message(incident: Incident, now: datetime) -> Message:
    """Render what can be told of an incident, for those who tell it."""
    return message(
        summary(incident),
        header(named(incident)),
        section(_standing(incident)),
        *story(incident),
        context(due(incident, now)),
        context(line(_FOR, channel_link(incident.channel, incident.channel_name), ". Each update is repeated here.")),
        _buttons(incident),
    )


def _standing(incident: Incident) -> Safe:
    roles = (Role.COMMUNICATIONS, Role.COMMANDER)
    holders = (
        line(f"{role.label}: ", mention(incident.roles[role]) if role in incident.roles else "nobody yet")
        for role in roles
    )
    return joined(" · ", (bold(incident.severity.label), bold(STATUSES[incident.status]), *holders))


def _buttons(incident: Incident) -> Block | None:
    if not incident.status.is_running:
        return None
    spoken = f"Send Update on {incident.label}"
    return actions(button("Send Update", Action.WRITE_UPDATE, str(incident.id), style="primary", spoken=spoken))


def opened(event: CommsOpened, incident: Incident) -> Message:
    """Say in the incident's channel where it is told what."""
    where = channel_link(event.channel, event.name)
    return message(
        f"{incident.label}: a channel for communications is open: #{event.name}",
        section(line("What is told to others is prepared in ", where, ": drafts, questions, each update.")),
        context(line("Asked for by ", mention(event.by)) if event.by else None),
    )


def comms_asked(incident: Incident) -> Message:
    """Tell who asked where it is, or that it is being made."""
    channel, comms = incident.comms_channel, incident.comms
    if channel and comms:
        where = line("You are invited to ", channel_link(channel, comms.name), ".")
        return message(f"You are invited to #{comms.name}.", section(where))
    text = f"A channel for communications of {incident.label} is being opened. You will be invited in a moment."
    return message(text, section(text))
