"""`/incident timeline`: what has happened, to the eyes of the person who asks."""

from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views.timeline import timeline_message

USAGE = "timeline"
SUMMARY = "Show what has happened so far"
EXAMPLES = ("timeline", "timeline INC-42")


async def run(request: Request, desk: Desk) -> Reply:
    """Show the timeline; of a resolved incident too."""
    incident = (await incident_meant(request, desk)).incident
    return timeline_message(incident, await desk.timeline(incident.id))
