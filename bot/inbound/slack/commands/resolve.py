"""`/incident resolve <what fixed it>`: it is over."""

from bot.domain.commands import Resolve
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.moving import form_of
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.actions import Action

USAGE = "resolve <what fixed it>"
SUMMARY = "End the incident and say what fixed it; without anything behind it, in a form"
EXAMPLES = ("resolve Rolled back release 2026-11-20", "resolve")


async def run(request: Request, desk: Desk) -> Reply:
    """Resolve, or open the form when nothing was typed."""
    meant = await incident_meant(request, desk, prose=True)
    incident, words = meant.incident, meant.line.prose().strip()
    if not words:
        await request.open_form(*await form_of(Action.RESOLVE, incident, desk, request.by, request.ports.policy))
        return None
    handled = await request.hand_in(desk, Resolve(incident=incident.id, resolution=words, by=request.by))
    return replies.resolved(handled.incident or incident)
