"""`/incident history`: the last incidents that are over, the newest first, with how long they took."""

from typing import Final

from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views.lists import incident_list

USAGE = "history"
SUMMARY = "Show the last ten incidents that are over, and how long they took"
EXAMPLES = ("history",)
_LAST: Final = 10


async def run(request: Request, desk: Desk) -> Reply:
    """Show what is over."""
    return incident_list((await desk.ended_incidents())[:_LAST], request.ports.clock.now(), what="ended")
