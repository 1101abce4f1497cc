"""`/incident close`: nothing is left to do about what was resolved."""

from bot.domain.course_commands import Close
from bot.domain.model import Status
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.moving import closing
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = "close [anyway]"
SUMMARY = "Close an incident that is resolved: nothing is left to do about it; anyway: action items go on without it"
EXAMPLES = ("close", "close INC-42", "close anyway")


async def run(request: Request, desk: Desk) -> Reply:
    """Close."""
    meant = await incident_meant(request, desk)
    anyway = [token.word for token in meant.line.tokens] == ["anyway"]
    if meant.line.tokens and not anyway:
        raise Mistyped("To close takes no words; what fixed it is said with `resolve`.")
    if meant.incident.status is Status.RESOLVED and meant.incident.open_actions and not anyway:
        await request.open_form(*closing(meant.incident, request.ports.clock.now()))
        return None
    handled = await request.hand_in(desk, Close(incident=meant.incident.id, by=request.by, anyway=anyway))
    return replies.closed(handled.incident or meant.incident)
