"""`/incident summary`: what somebody who comes late needs to know, to the eyes of the person who asks."""

from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views.summary import incident_summary

USAGE = "summary"
SUMMARY = "Show what somebody needs to know who comes late"
EXAMPLES = ("summary", "summary INC-42")


async def run(request: Request, desk: Desk) -> Reply:
    """Show how it stands; of an incident that is over too."""
    incident = (await incident_meant(request, desk)).incident
    rows, alerts = await desk.timeline(incident.id), await desk.alerts_of(incident.id)
    return incident_summary(incident, rows, alerts, request.ports.policy, request.ports.clock.now())
