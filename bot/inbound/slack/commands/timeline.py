"""`/incident timeline [edit]`: what has happened, for the eyes of whoever asks; and what of it can be corrected."""

from dataclasses import replace

from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views.rows import editable_rows
from bot.views.timeline import timeline_message

USAGE = "timeline [edit]"
SUMMARY = "Show what has happened so far, or correct what people wrote of it"
EXAMPLES = ("timeline", "timeline INC-42", "timeline edit")
_EDIT = "edit"


async def run(request: Request, desk: Desk) -> Reply:
    """Show the timeline, or its rows that can be corrected; of a resolved incident too."""
    edits = _says_edit(request)
    meant = await incident_meant(replace(request, line=request.line.rest()) if edits else request, desk)
    edits = edits or _says_edit(replace(request, line=meant.line))
    rows = await desk.timeline(meant.incident.id)
    return editable_rows(meant.incident, rows) if edits else timeline_message(meant.incident, rows)


def _says_edit(request: Request) -> bool:
    return bool(request.line.first and request.line.first.word == _EDIT)
