"""The buttons of an incident that move it: what needs words opens a form, the rest is handed in."""

from typing import Literal

from bot.domain.commands import Command
from bot.domain.course_commands import Accept, Close
from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.errors import Refused
from bot.inbound.slack import acts, receipts
from bot.inbound.slack.moving import ByForm, form_of
from bot.inbound.slack.opening import open_form
from bot.inbound.slack.payload import Payload, text
from bot.inbound.slack.port import Ports
from bot.inbound.slack.reading import number_of
from bot.views.actions import Action

Moves = ByForm | Literal[Action.CLOSE, Action.ACCEPT]


async def press_of_incident(action: Moves, payload: Payload, ports: Ports, by: UserId, value: str) -> None:
    """Do what a button of an incident asks."""
    incident = await incident_of(value, ports)
    match action:
        case Action.CLOSE:
            await hand_in(payload, ports, Close(incident=incident.id, by=by))
        case Action.ACCEPT:
            await hand_in(payload, ports, Accept(incident=incident.id, by=by))
        case _:
            form, instead = await form_of(action, incident, ports.desk)
            await open_form(ports.open_view, text(payload, "trigger_id"), form, instead)


async def hand_in(payload: Payload, ports: Ports, command: Command) -> None:
    """Hand a command in under the press's receipt, if the presser may."""
    await acts.do(ports, command, receipts.of_trigger(payload))


async def incident_of(value: str, ports: Ports) -> Incident:
    """Return the incident that a button names."""
    number = number_of(value)
    incident = await ports.desk.incident(number) if number is not None else None
    if incident is None:
        raise Refused("I do not know this incident any more.")
    return incident
