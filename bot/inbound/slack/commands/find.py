"""`/incident find <words>`: incidents, open and over, in which these words were said, the newest first.

Behind `service:` stand the services that they affect, any of them.
"""

from bot.domain.ids import ServiceName
from bot.inbound.slack.commands.parse import Mistyped, names_behind_service
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views.lists import incidents_found

USAGE = "find [service:<name>] <words>"
SUMMARY = "Find incidents, open or over, however old, by title, last update and what fixed them"
EXAMPLES = ("find checkout certificate", "find “connection pool”", "find service:checkout timeout")


async def run(request: Request, desk: Desk) -> Reply:
    """Show what is found."""
    services = [ServiceName(name) for token in request.line.tokens for name in names_behind_service(token)]
    said = [token for token in request.line.tokens if token.value.strip() and not names_behind_service(token)]
    if not said and not services:
        raise Mistyped("Say what you look for.")
    found = await desk.incidents_saying([token.value.lower() for token in said], services)
    return incidents_found(found, request.line.prose(), request.ports.clock.now())
