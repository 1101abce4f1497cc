"""`/incident list`: the incidents that people still work on, the gravest first."""

from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views.lists import incident_list

USAGE = "list"
SUMMARY = "Show the open incidents"
EXAMPLES = ("list",)


async def run(request: Request, desk: Desk) -> Reply:
    """Show what is open."""
    found = await desk.open_incidents()
    gravest_first = tuple(sorted(found, key=lambda incident: (incident.severity.rank, incident.id)))
    return incident_list(gravest_first, request.ports.clock.now())
