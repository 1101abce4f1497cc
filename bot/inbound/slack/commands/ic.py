"""`/incident ic @person`: who is in command."""

from bot.domain.roles_model import Role
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.commands.role import assign
from bot.inbound.slack.port import Desk

USAGE = "ic [@person]"
SUMMARY = "Put somebody in command; without a name, take it yourself"
EXAMPLES = ("ic @ana", "ic")


async def run(request: Request, desk: Desk) -> Reply:
    """Give the commander's role."""
    return await assign(request, desk, await incident_meant(request, desk), Role.COMMANDER)
