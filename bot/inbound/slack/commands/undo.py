"""`/incident undo`: says what the last change was and what undoing it restores; `undo yes`, or the button, does it."""

from bot.domain.task_commands import UndoChange
from bot.domain.undoing import last_change
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.undo import undo_question

USAGE = "undo [yes]"
SUMMARY = "Take back the last change of status, severity, roles, links or action items; it asks first"
EXAMPLES = ("undo", "undo yes")


async def run(request: Request, desk: Desk) -> Reply:
    """Ask, or do it."""
    meant = await incident_meant(request, desk)
    words = [token.word for token in meant.line.tokens]
    if words not in ([], ["yes"]):
        raise Mistyped("To undo takes no words but yes.")
    found = last_change(meant.incident, await desk.timeline(meant.incident.id))
    if not words:
        return undo_question(meant.incident, found)
    await request.hand_in(
        desk, UndoChange(incident=meant.incident.id, seq=found.seq, what=found.what, other=found.other, by=request.by)
    )
    return replies.said(f"Undone: {meant.incident.label} is as it was before.")
