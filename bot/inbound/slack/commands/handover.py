"""`/incident handover`: asks the next holder of a role, answers such a question, takes it back."""

from typing import Final

from bot.domain.model import Incident
from bot.domain.people_commands import AnswerHandover, WithdrawHandover
from bot.domain.roles_model import AnyRole, Handover
from bot.errors import Refused
from bot.inbound.slack.commands.parse import Line, Mistyped, role_in
from bot.inbound.slack.commands.request import Meant, Reply, Request, incident_meant
from bot.inbound.slack.commands.role import assign
from bot.inbound.slack.moving import form_of
from bot.inbound.slack.port import Desk
from bot.inbound.slack.reading import must_be_open
from bot.views import replies
from bot.views.actions import Action

USAGE = "handover [role] <@person|accept|decline|withdraw>"
SUMMARY = "Ask somebody to take your role over; they must accept. Without anything behind it, in a form"
EXAMPLES = ("handover ic @ana", "handover ops @ana")

_WORDS: Final = frozenset({"accept", "decline", "withdraw"})


async def run(request: Request, desk: Desk) -> Reply:
    """Offer a role, or say what becomes of one that was offered."""
    meant = await incident_meant(request, desk)
    line, incident = meant.line, must_be_open(meant.incident)
    if not line.tokens:
        await request.open_form(*await form_of(Action.HAND_OVER, incident, desk, request.by, request.ports.policy))
        return None
    words = {token.word for token in line.tokens} & _WORDS
    if words:
        return await _end(request, desk, meant, words)
    role, rest = _role(request, incident, line)
    if not rest.tokens:
        raise Mistyped("Say who is to take it over.")
    return await assign(request, desk, Meant(incident=incident, line=rest), role)


def _role(request: Request, incident: Incident, line: Line) -> tuple[AnyRole, Line]:
    """Return the role that is named first, else the one that the person holds."""
    first = line.first
    if first and not first.user:
        return role_in(first, request.ports.policy.roles), line.rest()
    held = list(incident.held_by(request.by))
    if len(held) != 1:
        raise Mistyped("Say which role.")
    return held[0], line


async def _end(request: Request, desk: Desk, meant: Meant, words: set[str]) -> Reply:
    incident, by = meant.incident, request.by
    named = [token for token in meant.line.tokens if token.word not in _WORDS]
    if len(words) > 1 or len(named) > 1:
        raise Mistyped("Say accept, decline or withdraw.")
    role = role_in(named[0], request.ports.policy.roles) if named else None
    word = next(iter(words))
    asked = _waiting(incident, request, role, withdraws=word == "withdraw")
    if word == "withdraw":
        handled = await request.hand_in(desk, WithdrawHandover(incident=incident.id, n=asked.n, by=by))
    else:
        accepts = word == "accept"
        handled = await request.hand_in(desk, AnswerHandover(incident=incident.id, n=asked.n, accepts=accepts, by=by))
    return replies.handover_ended(handled.incident or incident, asked.role, accepted=word == "accept")


def _waiting(incident: Incident, request: Request, role: AnyRole | None, *, withdraws: bool) -> Handover:
    """Return the handover that is meant: of the role that was named, else the only one that concerns the person."""
    standing = [one for one in incident.handovers if one.stands and role in {None, one.role}]
    mine = [one for one in standing if request.by in ({one.by, one.holder} if withdraws else {one.to})]
    found = mine or (standing if withdraws or role else [])
    if not found:
        raise Refused(f"No role of {incident.label} waits for that. Who holds which stands on its card.")
    if len(found) > 1:
        raise Mistyped("Say which role.")
    return found[0]
