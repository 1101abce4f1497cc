"""`/incident why <alert>`: what happened to an alert, in order, with the times."""

from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.inbound.slack.reading import explained

USAGE = "why <alert>"
SUMMARY = "Tell what happened to an alert: its name in the list, words of its title, or a link to its message"
EXAMPLES = ("why checkout fails",)


async def run(request: Request, desk: Desk) -> Reply:
    """Tell what happened."""
    typed = request.line.prose().strip()
    if not typed:
        raise Mistyped("Say which alert; `/incident alerts` shows what fires.")
    meant = await desk.meant(typed)
    return await explained(meant.id, desk, request.ports.policy, request.url)
