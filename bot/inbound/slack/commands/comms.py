"""`/incident comms`: who speaks to those outside, and the channel in which that is prepared."""

from bot.domain.comms_commands import OpenComms
from bot.domain.roles_model import Role
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.commands.role import assign
from bot.inbound.slack.port import Desk
from bot.views.comms import comms_asked

USAGE = "comms [@person|channel]"
SUMMARY = (
    "Say who tells everybody else how it stands; without a name, do it yourself; "
    "channel: open one of its own for that, or come into it"
)
EXAMPLES = ("comms @ana", "comms", "comms channel")

_CHANNEL = "channel"


async def run(request: Request, desk: Desk) -> Reply:
    """Give the communications lead's role, or open the channel."""
    meant = await incident_meant(request, desk)
    tokens = meant.line.tokens
    if len(tokens) == 1 and tokens[0].word == _CHANNEL:
        handled = await request.hand_in(desk, OpenComms(incident=meant.incident.id, by=request.by))
        return comms_asked(handled.incident or meant.incident, request.channel)
    return await assign(request, desk, meant, Role.COMMUNICATIONS)
