"""`/incident status <status>`: where the incident stands. The end is said with `resolve`, which asks what fixed it."""

from bot.domain.commands import SetStatus
from bot.domain.model import Status
from bot.inbound.slack.commands.parse import Mistyped, status_in
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = f"status <{'|'.join(status.value for status in Status if status.is_open)}>"
SUMMARY = "Say where the incident stands"
EXAMPLES = ("status identified", "status monitoring")


async def run(request: Request, desk: Desk) -> Reply:
    """Set the status."""
    meant = await incident_meant(request, desk)
    match meant.line.tokens:
        case (only,):
            status = status_in(only)
        case ():
            raise Mistyped("Say which status.")
        case _:
            raise Mistyped("A status is one word.")
    handled = await request.hand_in(desk, SetStatus(incident=meant.incident.id, status=status, by=request.by))
    return replies.status_set(handled.incident or meant.incident)
