"""`/incident decline <why>`: what is in triage is no incident."""

from bot.domain.course_commands import Decline
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.moving import form_of
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.actions import Action

USAGE = "decline <why it is none>"
SUMMARY = "Say that what is in triage is no incident; without anything behind it, in a form"
EXAMPLES = ("decline The load test is over", "decline")


async def run(request: Request, desk: Desk) -> Reply:
    """Decline, or open the form when nothing was typed."""
    meant = await incident_meant(request, desk, prose=True)
    incident, words = meant.incident, meant.line.prose().strip()
    if not words:
        await request.open_form(*await form_of(Action.DECLINE, incident, desk, request.by, request.ports.policy))
        return None
    handled = await request.hand_in(desk, Decline(incident=incident.id, reason=words, by=request.by))
    return replies.declined(handled.incident or incident)
