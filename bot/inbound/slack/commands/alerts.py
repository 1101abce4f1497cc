"""`/incident alerts [filter]`, also `/alerts`: what fires now, service by service, the gravest first."""

from bot.domain.finding import wanted_of
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views.firing import firing_list

USAGE = "alerts [words] [label=value] [mine] [all]"
SUMMARY = "Show the alerts that fire now; mine: those you look after; all: those that are quiet too"
EXAMPLES = ("alerts", "alerts checkout severity=critical", "alerts mine")


async def run(request: Request, desk: Desk) -> Reply:
    """Show what fires."""
    try:
        wanted = wanted_of(request.line.prose())
    except ValueError as error:
        raise Mistyped(f"I cannot read what you look for: {error}.") from None
    finding = await desk.firing(wanted, request.by)
    return firing_list(finding, request.url, request.ports.clock.now())
