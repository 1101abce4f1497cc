"""`/incident silences`: what is silenced now, by whom, why and until when."""

from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views.quiet import silence_list

USAGE = "silences"
SUMMARY = "Show what is silenced"
EXAMPLES = ("silences",)


async def run(request: Request, desk: Desk) -> Reply:  # noqa: ARG001 - each verb is asked alike
    """Show what is silenced."""
    return silence_list(await desk.silences())
