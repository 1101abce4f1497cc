"""Declaring by a form or a command: what is filled in, what is open on the same services already, and going on anyway.

What is open is shown once, with a way to join it, and never stands between somebody and a declaration for more than one
press; SEV-1 is declared at once, and what is open beside it is said afterwards.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import structlog

from bot.domain.affected import each_once, leading, shared
from bot.domain.commands import Declare
from bot.domain.ids import AlertId, ChannelId, IncidentId, ServiceName, UserId
from bot.domain.impact import Answer, derived
from bot.domain.model import Incident, Severity
from bot.domain.people_commands import Invite
from bot.domain.policy import Policy
from bot.domain.redaction import kept
from bot.domain.text import TITLE_LIMIT
from bot.engine.receipts import Receipt
from bot.errors import DeliveryError
from bot.inbound.slack import acts
from bot.inbound.slack.asides import Aside
from bot.inbound.slack.payload import Payload, all_chosen, chosen, items, part, text, words
from bot.inbound.slack.port import Desk, Ports
from bot.inbound.slack.quoting import read
from bot.inbound.slack.sight import desk_of
from bot.views import replies
from bot.views.actions import Field
from bot.views.blocks import VALUE_LIMIT, Message
from bot.views.declare_form import Filled, declare_form, field_of
from bot.views.joining import or_declare_anyway

_PATIENCE: Final = timedelta(seconds=2)
_log = structlog.get_logger("muster.slack")


def service_of(channel: ChannelId, room: str, policy: Policy) -> ServiceName | None:
    """Return the only service whose alerts go to a channel; None when none do, or those of several."""
    here = [one.name for one in policy.services.values() if (one.channel or "").lstrip("#") in {channel, room}]
    return here[0] if len(here) == 1 else None


async def open_on(services: Sequence[ServiceName], desk: Desk) -> tuple[Incident, ...]:
    """Return what is open on any of these services, the gravest first; of no service nothing is known."""
    if not services:
        return ()
    found = [one for one in await desk.open_incidents() if shared(one.services, services)]
    return tuple(sorted(found, key=lambda incident: (incident.severity.rank, incident.id)))


def filled_in(payload: Payload, about: Payload, policy: Policy) -> Filled:
    """Return what stands in the form now; a severity that there is not reads as none."""
    severity = chosen(payload, Field.SEVERITY)
    said = [(one.asks, chosen(payload, field_of(at))) for at, one in enumerate(policy.impact)]
    seen = part(about, "seen")
    return Filled(
        title=text(payload, "view", "state", "values", Field.TITLE, Field.TITLE, "value"),
        severity=Severity(severity) if severity in set(Severity) else None,
        services=tuple(map(ServiceName, all_chosen(payload, Field.SERVICE))),
        alert=AlertId(text(about, "alert")) or None,
        converts=ChannelId(text(about, "converts")) or None,
        triage=_ticked(payload, Field.TRIAGE),
        private=_ticked(payload, Field.PRIVATE),
        quoted=read(text(about, "quoted")),
        answers=tuple(Answer(asked=asked, said=answer) for asked, answer in said if answer),
        seen=tuple(IncidentId(one) for one in seen if isinstance(one, int)) if isinstance(seen, list) else (),
    )


def _ticked(payload: Payload, field: Field) -> bool:
    return bool(items(payload, "view", "state", "values", field, field, "selected_options"))


def declaration(filled: Filled, title: str, by: UserId) -> Declare:
    """Return what the form asks for."""
    return Declare(
        title=title,
        by=by,
        severity=filled.severity,
        service=leading(filled.services),
        also=filled.services[1:],
        alert=filled.alert,
        triage=filled.triage,
        private=filled.private,
        impact=filled.answers,
        quoted=filled.quoted,
    )


async def unseen(filled: Filled, ports: Ports, by: UserId) -> Mapping[str, object] | None:
    """Return the form anew when something is open on its services that it has not shown; SEV-1 is not held up."""
    if (filled.severity or derived(ports.policy.impact, filled.answers)) is Severity.SEV1:
        return None
    here = await open_on(filled.services, await desk_of(ports, by))
    is_new = {incident.id for incident in here} - set(filled.seen)
    return declare_form(ports.policy, filled, here) if is_new else None


async def answered(payload: Payload, about: Payload, ports: Ports) -> None:
    """Write the form anew after an answer: how bad it is by its impact, and what is open on its services.

    When Slack does not take it the form stays as it is: nothing that was typed is lost, and all is asked again when it
    is sent off.
    """
    filled = filled_in(payload, about, ports.policy)
    desk = await desk_of(ports, UserId(text(payload, "user", "id")))
    form = declare_form(ports.policy, filled, await open_on(filled.services, desk))
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            await ports.update_view(text(payload, "view", "id"), form, text(payload, "view", "hash"))
    except (DeliveryError, TimeoutError) as error:
        _log.info("slack_form_not_updated", error=type(error).__name__)


async def held_up(command: Declare, typed: str, once: str, desk: Desk) -> Message | None:
    """Return what is open on the services, for whoever typed a declaration; None when it goes ahead.

    The button keeps all that was typed; what would not fit on it is declared at once, so that nothing is lost. `once`
    names the command: pressed twice, it declares one incident.
    """
    if command.severity is Severity.SEV1:
        return None
    services = each_once((command.service, *command.also))
    here = await open_on(services, desk)
    if not here:
        return None
    value = {
        "title": kept(command.title, TITLE_LIMIT),
        "severity": command.severity,
        "services": services,
        "triage": command.triage,
        "private": command.private,
        "once": once,
    }
    kept_so = json.dumps(value, ensure_ascii=False)
    return or_declare_anyway(here, services, kept_so, typed) if len(kept_so) <= VALUE_LIMIT else None


async def anyway(value: str, ports: Ports, by: UserId) -> Aside:
    """Declare what was typed, though something is open; the question gives way to the answer."""
    try:
        asked: object = json.loads(value)
    except (ValueError, RecursionError):
        asked = {}
    severity, services = text(asked, "severity"), tuple(map(ServiceName, words(asked, "services")))
    command = Declare(
        title=text(asked, "title"),
        by=by,
        severity=Severity(severity) if severity in set(Severity) else None,
        service=leading(services),
        also=services[1:],
        triage=part(asked, "triage") is True,
        private=part(asked, "private") is True,
    )
    once = text(asked, "once")
    receipt = Receipt(origin="slack.declare", key=once, surface="button") if once else None
    handled = await acts.do(ports, command, receipt)
    told = replies.declared(handled.incident) if handled.incident else replies.declared_before()
    return Aside(message=told, about="Declared", replace=True)


async def join(incident: Incident, ports: Ports, by: UserId, receipt: Receipt | None) -> None:
    """Bring somebody into an open incident's channel; who was asked in before finds the way by the button itself."""
    if incident.status.is_open and by not in incident.responders:
        await acts.do(ports, Invite(incident=incident.id, users=(by,), groups=(), by=by), receipt)
