"""`/incident update <text>`: tells everybody how it stands."""

from bot.domain.commands import SendUpdate
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.moving import form_of
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.actions import Action

USAGE = "update <how it stands>"
SUMMARY = "Tell everybody how it stands; without anything behind it, in a form"
EXAMPLES = ("update We are rolling back; next update in 30 minutes", "update")


async def run(request: Request, desk: Desk) -> Reply:
    """Send the update, or open the form when no text was typed."""
    meant = await incident_meant(request, desk, prose=True)
    incident, words = meant.incident, meant.line.prose().strip()
    if not words:
        await request.open_form(*await form_of(Action.WRITE_UPDATE, incident, desk, request.by, request.ports.policy))
        return None
    handled = await request.hand_in(desk, SendUpdate(incident=incident.id, text=words, by=request.by))
    return replies.update_sent(handled.incident or incident)
