"""`/incident page`: wakes people, or whoever is on call for a service; a team is brought into the channel."""

from bot.domain.calls import Callee
from bot.domain.people_commands import CallPeople
from bot.inbound.slack.commands.parse import Mistyped, callee_in
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.paused import noting
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = "page <@person|@team|service> [...] <why>"
SUMMARY = "Wake people, or whoever is on call for a service, and say why; a user group is asked into the channel"
EXAMPLES = ("page @ana Checkout fails and nobody here knows it", "page checkout Cards are refused")


async def run(request: Request, desk: Desk) -> Reply:
    """Read who is called, then why."""
    meant = await incident_meant(request, desk)
    line = meant.line
    callees: list[Callee] = []
    services = request.ports.policy.services
    while line.first and (callee := callee_in(line.first, services, first=not callees)):
        callees.append(callee)
        line = line.rest()
    if not callees:
        raise Mistyped("Say who is called: a person, a team, or a service.")
    why = line.prose().strip()
    if not why:
        raise Mistyped("Say why they are called.")
    command = CallPeople(incident=meant.incident.id, callees=tuple(callees), why=why, by=request.by)
    handled = await request.hand_in(desk, command)
    return await noting(request.ports, command, handled, replies.called(handled.incident or meant.incident))
