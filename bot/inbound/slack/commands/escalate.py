"""`/incident escalate`: wakes the next level of the severity's escalation path."""

from bot.domain.people_commands import Escalate
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.paused import noting
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = "escalate [why]"
SUMMARY = "Wake the next level of the severity's escalation path"
EXAMPLES = ("escalate Nobody answers", "escalate")


async def run(request: Request, desk: Desk) -> Reply:
    """Wake the next level; why may be left out."""
    meant = await incident_meant(request, desk, prose=True)
    command = Escalate(incident=meant.incident.id, why=meant.line.prose().strip(), by=request.by)
    handled = await request.hand_in(desk, command)
    return await noting(request.ports, command, handled, replies.called(handled.incident or meant.incident))
