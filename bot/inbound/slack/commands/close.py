"""`/incident close`: nothing is left to do about what was resolved."""

from bot.domain.course_commands import Close
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = "close"
SUMMARY = "Close an incident that is resolved: nothing is left to do about it"
EXAMPLES = ("close", "close INC-42")


async def run(request: Request, desk: Desk) -> Reply:
    """Close."""
    meant = await incident_meant(request, desk)
    if meant.line.tokens:
        raise Mistyped("To close takes no words; what fixed it is said with `resolve`.")
    handled = await request.hand_in(desk, Close(incident=meant.incident.id, by=request.by))
    return replies.closed(handled.incident or meant.incident)
