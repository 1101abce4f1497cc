"""The channel for communications: its living message at the top, the word of its opening, and what who asks is told."""

from datetime import datetime

from bot.domain.comms import CommsOpened
from bot.domain.ids import ChannelId
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

_FOR = "Write drafts here, and ask what may be told. The work itself goes on in "


def comms_message(incident: Incident, now: datetime) -> Message:
    """Render what can be told of an incident, for those who tell it."""
    return message(
        summary(incident),
        header(named(incident)),
        section(_standing(incident)),
        *story(incident),
        context(due(incident, now)),
        context(
            line(
                _FOR,
                channel_link(incident.channel, incident.channel_name),
                ". What everybody is told is repeated here.",
            )
        ),
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
        section(
            line("Communications have a channel now: ", where, ". Drafts, and questions of what may be told, go there.")
        ),
        context(line("Asked for by ", mention(event.by)) if event.by else None),
    )


def comms_asked(incident: Incident, here: ChannelId | None = None) -> Message:
    """Tell who asked where it is, that they are in it (`here`), or that it is being made."""
    channel, comms = incident.comms_channel, incident.comms
    if channel and channel == here:
        text = f"This is the channel for communications of {incident.label}."
        return message(text, section(text))
    if channel and comms:
        where = line("The channel for communications is ", channel_link(channel, comms.name), ". You are invited.")
        return message(f"The channel for communications is #{comms.name}. You are invited.", section(where))
    text = f"A channel for communications of {incident.label} is being opened. You will be invited in a moment."
    return message(text, section(text))
