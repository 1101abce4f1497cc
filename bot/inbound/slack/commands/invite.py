"""`/incident invite`: asks people and user groups into the incident's channel."""

from bot.domain.calls import Callee, CalleeKind
from bot.domain.people_commands import Invite
from bot.inbound.slack.commands.parse import Mistyped, group_in
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = "invite <@person|@group> [...]"
SUMMARY = "Ask people and user groups into the channel; nobody's phone rings"
EXAMPLES = ("invite @ana",)


async def run(request: Request, desk: Desk) -> Reply:
    """Read whom to ask."""
    meant = await incident_meant(request, desk)
    users, groups = [], []
    for token in meant.line.tokens:
        if token.user:
            users.append(token.user)
        elif group := group_in(token):
            groups.append(Callee(kind=CalleeKind.GROUP, name=group[0], label=group[1]))
        else:
            raise Mistyped(f"I cannot tell who {token.value} is: type @ and pick from Slack's list.")
    if not users and not groups:
        raise Mistyped("Say whom to ask.")
    command = Invite(incident=meant.incident.id, users=tuple(users), groups=tuple(groups), by=request.by)
    handled = await request.hand_in(desk, command)
    return replies.invited(handled.incident or meant.incident)
