"""`/incident snooze <time> <why>`: puts the next update off."""

from bot.domain.commands import SnoozeUpdate
from bot.domain.spans import span_of
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.moving import form_of
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.actions import Action

USAGE = "snooze <30m> <why>"
SUMMARY = "Put the next update off, and say why; without anything behind it, in a form"
EXAMPLES = ("snooze 30m We wait for the provider", "snooze")


async def run(request: Request, desk: Desk) -> Reply:
    """Read for how long, then why."""
    meant = await incident_meant(request, desk, prose=True)
    first = meant.line.first
    if first is None:
        await request.open_form(*await form_of(Action.SNOOZE, meant.incident, desk, request.by, request.ports.policy))
        return None
    lasts = span_of(first.word)
    if lasts is None:
        raise Mistyped(f"“{first.value}” is no span of time: write 15m, 30m or 1h.")
    reason = meant.line.rest().prose().strip()
    command = SnoozeUpdate(incident=meant.incident.id, lasts=lasts, reason=reason, by=request.by)
    handled = await request.hand_in(desk, command)
    return replies.snoozed(handled.incident or meant.incident)
