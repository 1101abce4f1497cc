"""`/incident find <words>`: incidents, open and over, in which these words were said, the newest first."""

from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views.lists import incidents_found

USAGE = "find <words>"
SUMMARY = "Find incidents, open or over, however old, by title, last update and what fixed them"
EXAMPLES = ("find checkout certificate", "find “connection pool”")


async def run(request: Request, desk: Desk) -> Reply:
    """Show what is found."""
    words = tuple(token.value.lower() for token in request.line.tokens if token.value.strip())
    if not words:
        raise Mistyped("Say what you look for.")
    return incidents_found(await desk.incidents_saying(words), request.line.prose(), request.ports.clock.now())
