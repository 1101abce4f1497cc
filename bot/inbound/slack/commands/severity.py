"""`/incident severity <severity>`: how bad it is."""

from bot.domain.commands import SetSeverity
from bot.domain.model import Severity
from bot.inbound.slack.commands.parse import Mistyped, severity_in
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = f"severity <{'|'.join(severity.value for severity in Severity)}>"
SUMMARY = "Say how bad it is; p0 to p3 are understood as sev1 to sev4"
EXAMPLES = ("severity sev1", "severity sev3")


async def run(request: Request, desk: Desk) -> Reply:
    """Set the severity."""
    meant = await incident_meant(request, desk)
    match meant.line.tokens:
        case (only,):
            severity = severity_in(only)
        case ():
            raise Mistyped("Say which severity.")
        case _:
            raise Mistyped("A severity is one word.")
    handled = await request.hand_in(desk, SetSeverity(incident=meant.incident.id, severity=severity, by=request.by))
    return replies.severity_set(handled.incident or meant.incident)
