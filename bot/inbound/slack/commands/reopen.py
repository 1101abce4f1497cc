"""`/incident reopen <what happened>`: it was not over."""

from bot.domain.course_commands import Reopen
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.moving import form_of
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.actions import Action

USAGE = "reopen <what happened>"
SUMMARY = "Open an incident again that was not over; without anything behind it, in a form"
EXAMPLES = ("reopen Errors are back since 14:05", "reopen")


async def run(request: Request, desk: Desk) -> Reply:
    """Reopen, or open the form when nothing was typed."""
    meant = await incident_meant(request, desk, prose=True)
    incident, words = meant.incident, meant.line.prose().strip()
    if not words:
        await request.open_form(*await form_of(Action.REOPEN, incident, desk, request.by, request.ports.policy))
        return None
    handled = await request.hand_in(desk, Reopen(incident=incident.id, reason=words, by=request.by))
    return replies.reopened(handled.incident or incident)
