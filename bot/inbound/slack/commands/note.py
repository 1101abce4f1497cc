"""`/incident note [at <time>] <text>`: puts a line into the timeline, where it happened, without telling anybody."""

from bot.domain.record_commands import TakeNote
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.commands.when import moment_typed
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = "note [at <14:05>] <what is worth remembering>"
SUMMARY = "Put a line into the timeline; nobody is told"
EXAMPLES = ("note Traffic moved to eu-west-2", "note at 14:05 the first 500s in the load balancer's log")


async def run(request: Request, desk: Desk) -> Reply:
    """Keep the note."""
    meant = await incident_meant(request, desk, prose=True)
    text = meant.line.prose().strip()
    if not text:
        raise Mistyped("Say what is worth remembering.")
    first, _, behind = text.partition(" ")
    typed = await moment_typed(request, behind.strip()) if first.lower() == "at" else None
    note = TakeNote(
        incident=meant.incident.id,
        text=typed.rest if typed else text,
        by=request.by,
        happened_at=typed.moment if typed else None,
    )
    await request.hand_in(desk, note)
    return replies.noted(meant.incident, note.happened_at, guessed=bool(typed and typed.guessed))
