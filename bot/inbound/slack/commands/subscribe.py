"""`/incident subscribe`: the updates of an incident, of a service's or of all come in direct messages."""

from bot.domain.ids import ServiceName
from bot.domain.subscriptions import ALL, Subscribe, Topic, of_incident, of_service
from bot.inbound.slack.commands.parse import Line, Mistyped, service_in
from bot.inbound.slack.commands.request import Reply, Request, incident_meant, named
from bot.inbound.slack.port import Desk
from bot.views.subscribers import subscribed

USAGE = "subscribe [off] [INC-42|service:<name>|all]"
SUMMARY = "Get the updates of an incident, of a service's or of all in direct messages; off: no more of it, or of any"
EXAMPLES = ("subscribe", "subscribe INC-42", "subscribe service:checkout", "subscribe all", "subscribe off")

_SERVICE = "service:"


async def run(request: Request, desk: Desk) -> Reply:
    """Subscribe, or end it."""
    line = request.line
    is_off = line.first is not None and line.first.word == "off"
    rest = line.rest() if is_off else line
    topic = ALL if is_off and not rest.tokens else await _topic(request, desk, rest)
    await request.hand_in(desk, Subscribe(topic=topic, wanted=not is_off, by=request.by))
    return subscribed(topic, wanted=not is_off)


async def _topic(request: Request, desk: Desk, line: Line) -> Topic:
    """Return what is meant; alone, the incident of the channel."""
    first = line.first
    if first is None:
        return of_incident((await incident_meant(request, desk)).incident.id)
    if len(line.tokens) > 1:
        raise Mistyped("Name one: an incident, a service or all.")
    if first.word == "all":
        return ALL
    if first.value.lower().startswith(_SERVICE):
        name = first.value[len(_SERVICE) :].strip()
        if not name:
            raise Mistyped("Write the service's name right behind the colon: `service:checkout`.")
        return of_service(ServiceName(service_in(name, sorted(request.ports.policy.services))))
    incident = await named(first, desk, bare=True)
    if incident is None:
        raise Mistyped("Name one: an incident, a service or all.")
    return of_incident(incident.id)
