"""`/incident merge INC-7`: this incident is the same as another, which goes on."""

from bot.domain.course_commands import Merge
from bot.inbound.slack.commands.parse import Line, Mistyped
from bot.inbound.slack.commands.request import Meant, Reply, Request, incident_meant, named
from bot.inbound.slack.moving import form_of
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.actions import Action

USAGE = "merge <the incident that goes on>"
SUMMARY = "Say that this incident is the same as another: its alerts and people go there; without a name, in a form"
EXAMPLES = ("merge INC-43", "merge INC-42 INC-43", "merge")


async def run(request: Request, desk: Desk) -> Reply:
    """Merge, or open the form when the other is not named."""
    meant = await _meant(request, desk)
    incident, tokens = meant.incident, _without_into(meant.line).tokens
    if not tokens:
        await request.open_form(*await form_of(Action.MERGE, incident, desk, request.by, request.ports.policy))
        return None
    into = await named(tokens[0], desk, bare=True) if len(tokens) == 1 else None
    if into is None:
        raise Mistyped("Name the one incident that goes on: INC-43.")
    handled = await request.hand_in(desk, Merge(incident=incident.id, into=into.id, by=request.by))
    return replies.merged(handled.incident or incident)


async def _meant(request: Request, desk: Desk) -> Meant:
    """Return the incident of the channel: here a single name is the other's. Elsewhere the first is its own."""
    here = await desk.incident_in(request.channel)
    first = _without_into(request.line).first
    if here is None or (first and await named(first, desk, bare=True) == here):
        return await incident_meant(request, desk)
    return Meant(incident=here, line=request.line)


def _without_into(line: Line) -> Line:
    """People write "merge into INC-43"."""
    return line.rest() if line.first and line.first.word in {"into", "with", "to"} else line
