"""`/incident accept`: what is in triage is an incident."""

from bot.domain.course_commands import Accept
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = "accept"
SUMMARY = "Say that what is in triage is an incident: everybody is told, and who is on call is called in"
EXAMPLES = ("accept", "accept INC-42")


async def run(request: Request, desk: Desk) -> Reply:
    """Accept."""
    meant = await incident_meant(request, desk)
    if meant.line.tokens:
        raise Mistyped("To accept takes no words; how bad it is is said with `severity`.")
    handled = await request.hand_in(desk, Accept(incident=meant.incident.id, by=request.by))
    return replies.accepted(handled.incident or meant.incident)
