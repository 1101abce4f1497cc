"""`/incident comms @person`: who speaks to those outside."""

from bot.domain.model import Role
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.commands.role import assign
from bot.inbound.slack.port import Desk

USAGE = "comms [@person]"
SUMMARY = "Say who tells everybody else how it stands; without a name, do it yourself"
EXAMPLES = ("comms @ana", "comms")


async def run(request: Request, desk: Desk) -> Reply:
    """Give the communications lead's role."""
    return await assign(request, desk, await incident_meant(request, desk), Role.COMMUNICATIONS)
