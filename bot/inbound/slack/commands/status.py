"""`/incident status <status>`: where the incident stands. What has a verb of its own is done, or asked for, by that."""

from dataclasses import replace

from bot.domain.commands import SetStatus
from bot.domain.model import Incident, Status
from bot.inbound.slack.commands import accept, close, decline, merge, reopen, resolve
from bot.inbound.slack.commands.parse import Line, Mistyped, status_in, tokenize
from bot.inbound.slack.commands.request import Reply, Request, Subcommand, incident_meant
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = f"status <{'|'.join(status.value for status in Status if status.is_running)}>"
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
    if other := _by_another_verb(status, meant.incident):
        return await other.run(replace(request, line=_naming(meant.incident)), desk)
    handled = await request.hand_in(desk, SetStatus(incident=meant.incident.id, status=status, by=request.by))
    return replies.status_set(handled.incident or meant.incident)


def _by_another_verb(status: Status, incident: Incident) -> Subcommand | None:
    if status is Status.CLOSED:
        return close
    if status is Status.MERGED:
        return merge
    if status is Status.DECLINED:
        return decline
    if status is Status.RESOLVED:
        return resolve
    if status.is_running and incident.status is Status.TRIAGE:
        return accept
    return None if incident.status.is_open else reopen


def _naming(incident: Incident) -> Line:
    return tokenize(incident.label)
