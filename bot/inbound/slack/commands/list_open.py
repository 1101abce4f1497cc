"""`/incident list [filters]`: the incidents that people still work on, the gravest first, or those among them meant."""

from dataclasses import dataclass

from bot.domain.affected import shared
from bot.domain.ids import ServiceName, UserId
from bot.domain.model import Incident, Severity
from bot.inbound.slack.commands.parse import Line, looks_like_severity, names_behind_service, severity_in
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views.lists import incident_list

USAGE = "list [mine] [resolved] [sev1] [service:name] [words]"
SUMMARY = "Show the open incidents; mine: those you declared or hold a role in; resolved: those that are over"
EXAMPLES = ("list", "list mine", "list sev1 service:checkout", "list resolved payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What an incident must be to be listed: of one of the severities, of any of the services, saying all the words."""

    mine: bool
    over: bool
    severities: frozenset[Severity]
    services: tuple[ServiceName, ...]
    words: tuple[str, ...]

    def means(self, incident: Incident, me: UserId) -> bool:
        title = incident.title.lower()
        return (
            (not self.mine or any(incident.held_by(me)) or incident.declared_by == me)
            and (not self.severities or incident.severity in self.severities)
            and (not self.services or bool(shared(self.services, incident.services)))
            and all(word in title for word in self.words)
        )


async def run(request: Request, desk: Desk) -> Reply:
    """Show what is open, or over, and meant."""
    wanted = _wanted(request.line)
    found = await (desk.ended_incidents() if wanted.over else desk.open_incidents())
    meant = [one for one in found if wanted.means(one, request.by)]
    if not wanted.over:
        meant.sort(key=lambda incident: (incident.severity.rank, incident.id))
    of_all = len(found) if request.line.tokens and found and not meant else None
    return incident_list(meant, request.ports.clock.now(), what="ended" if wanted.over else "open", of_all=of_all)


def _wanted(line: Line) -> _Wanted:
    rest = [token for token in line.tokens if token.word not in {"mine", "open", "resolved"}]
    severe = [token for token in rest if looks_like_severity(token)]
    served = [token for token in rest if names_behind_service(token)]
    names = {token.word for token in line.tokens}
    return _Wanted(
        mine="mine" in names,
        over="resolved" in names,
        severities=frozenset(severity_in(token) for token in severe),
        services=tuple(ServiceName(name) for token in served for name in names_behind_service(token)),
        words=tuple(token.value.lower() for token in rest if token not in severe and token not in served),
    )
