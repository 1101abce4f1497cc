"""`/incident role <role> @person`: gives any of the roles; `ic` and `comms` are short for two of them."""

from bot.domain.commands import AssignRole
from bot.domain.roles_model import AnyRole, Role
from bot.inbound.slack.commands.parse import Line, Mistyped, person_in, role_in
from bot.inbound.slack.commands.request import Meant, Reply, Request, incident_meant
from bot.inbound.slack.paused import noting
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = f"role <{'|'.join(role.value for role in Role)}> [@person]"
SUMMARY = "Give a role to somebody; without a name, take it yourself"
EXAMPLES = ("role ops @ana", "role scribe")


async def run(request: Request, desk: Desk) -> Reply:
    """Read the role, then the person."""
    meant = await incident_meant(request, desk)
    first = meant.line.first
    if first is None:
        raise Mistyped("Say which role.")
    return await assign(
        request,
        desk,
        Meant(incident=meant.incident, line=meant.line.rest()),
        role_in(first, request.ports.policy.roles),
    )


async def assign(request: Request, desk: Desk, meant: Meant, role: AnyRole) -> Reply:
    """Give `role` to the person whom the line names."""
    user = person_in(_without_to(meant.line).tokens, request.by)
    if user == request.bot:
        raise Mistyped("I can hold no role: name a person.")
    command = AssignRole(incident=meant.incident.id, role=role, user=user, by=request.by)
    handled = await request.hand_in(desk, command)
    said = replies.role_given(handled.incident or meant.incident, role, user)
    return await noting(request.ports, command, handled, said)


def _without_to(line: Line) -> Line:
    """People write "role ops to @ana"."""
    return line.rest() if line.first and line.first.word in {"to", "is", "="} else line
