"""`/incident link <INC-7|https://…> [related|duplicate|caused-by]`: what belongs together; bare, all of it."""

from dataclasses import dataclass

from bot.domain.ids import IncidentId
from bot.domain.links import Relation
from bot.domain.model import Incident
from bot.domain.task_commands import LinkThing, UnlinkThing
from bot.inbound.slack.commands.parse import Mistyped, Token
from bot.inbound.slack.commands.request import Reply, Request, incident_meant, named
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.blocks import web_address
from bot.views.linked import link_list

USAGE = "link [remove] [<INC-7|https://…> [related|duplicate|caused-by]]"
SUMMARY = "Say what belongs together: both incidents show it; without anything, see all links"
EXAMPLES = ("link INC-43 caused-by", "link https://status.example.com/incidents/7", "link", "link remove INC-43")

_WORDS = {
    "related": Relation.RELATED,
    "duplicate": Relation.DUPLICATE,
    "caused-by": Relation.CAUSED_BY,
    "caused": Relation.CAUSED_BY,
}
_BETWEEN = frozenset({"to", "by", "of"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where a link leads."""

    to: IncidentId | None = None
    url: str = ""


async def run(request: Request, desk: Desk) -> Reply:
    """Show the links, make one, or take one away."""
    incident, tokens = await _meant(request, desk)
    removes = bool(tokens) and tokens[0].word in {"remove", "unlink"}
    tokens = tokens[1:] if removes else tokens
    relations = [_WORDS[token.word] for token in tokens if token.word in _WORDS]
    rest = [token for token in tokens if token.word not in _WORDS and token.word not in _BETWEEN]
    if not rest and not relations and not removes:
        return link_list(incident)
    if len(rest) != 1 or len(relations) > 1:
        raise Mistyped("Name one incident or one address: INC-7, https://status.example.com.")
    target = await _target(rest[0], desk)
    if removes:
        undone = UnlinkThing(incident=incident.id, by=request.by, to=target.to, url=target.url)
        await request.hand_in(desk, undone)
        return replies.said(f"{incident.label} is not linked there any more.")
    made = LinkThing(
        incident=incident.id,
        by=request.by,
        relation=relations[0] if relations else Relation.RELATED,
        to=target.to,
        url=target.url,
    )
    handled = await request.hand_in(desk, made)
    return link_list(handled.incident or incident)


async def _meant(request: Request, desk: Desk) -> tuple[Incident, list[Token]]:
    """Return the incident of the channel: here a single name is the other's. Elsewhere the first is its own."""
    here = await desk.incident_in(request.channel)
    if here:
        return here, list(request.line.tokens)
    meant = await incident_meant(request, desk)
    return meant.incident, list(meant.line.tokens)


async def _target(token: Token, desk: Desk) -> _Target:
    if other := await named(token, desk, bare=False):
        return _Target(to=other.id)
    url = web_address(token.value.strip("<>"))
    if url is None:
        raise Mistyped(f"“{token.value}” is no incident, and no address that begins with https:// or http://.")
    return _Target(url=url)
