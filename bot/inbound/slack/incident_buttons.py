"""The buttons of an incident that move it: what needs words opens a form, the rest is handed in."""

from typing import Literal

from bot.domain.archive_commands import KeepChannel
from bot.domain.commands import Command
from bot.domain.course_commands import Accept, Close
from bot.domain.group_commands import KeepOpen
from bot.domain.ids import UserId
from bot.domain.model import Incident, Status
from bot.domain.subscriptions import Subscribe, of_incident
from bot.domain.task_commands import UndoChange
from bot.domain.undoing import last_change
from bot.errors import Refused
from bot.inbound.slack import acts, receipts
from bot.inbound.slack.asides import Aside
from bot.inbound.slack.moving import ByForm, closing, form_of
from bot.inbound.slack.opening import open_form
from bot.inbound.slack.payload import Payload, channel_of, text
from bot.inbound.slack.port import Desk, Ports
from bot.inbound.slack.reading import number_of
from bot.inbound.slack.rows import form_of_row
from bot.inbound.slack.sight import desk_of
from bot.views.actions import Action
from bot.views.subscribers import subscribed

Moves = (
    ByForm | Literal[Action.CLOSE, Action.ACCEPT, Action.KEEP_OPEN, Action.KEEP_CHANNEL, Action.UNDO, Action.EDIT_ROW]
)


async def press_of_incident(action: Moves, payload: Payload, ports: Ports, by: UserId, value: str) -> None:
    """Do what a button of an incident asks."""
    desk = await desk_of_press(payload, ports, by)
    number, _, behind = value.partition(" ")
    incident = await incident_of(number, desk)
    match action:
        case Action.CLOSE if incident.status is Status.RESOLVED and incident.open_actions:
            form, instead = closing(incident, ports.clock.now())
            await open_form(ports.open_view, text(payload, "trigger_id"), form, instead)
        case Action.CLOSE:
            await hand_in(payload, ports, Close(incident=incident.id, by=by))
        case Action.UNDO:
            found = last_change(incident, await desk.timeline(incident.id))
            seq = number_of(behind) or 0
            undone = UndoChange(incident=incident.id, seq=seq, what=found.what, other=found.other, by=by)
            await hand_in(payload, ports, undone)
        case Action.KEEP_OPEN:
            await hand_in(payload, ports, KeepOpen(incident=incident.id, by=by))
        case Action.KEEP_CHANNEL:
            await hand_in(payload, ports, KeepChannel(incident=incident.id, by=by))
        case Action.ACCEPT:
            await hand_in(payload, ports, Accept(incident=incident.id, by=by))
        case Action.EDIT_ROW:
            form, instead = await form_of_row(incident, behind, desk)
            await open_form(ports.open_view, text(payload, "trigger_id"), form, instead)
        case _:
            form, instead = await form_of(action, incident, desk, by, ports.policy)
            await open_form(ports.open_view, text(payload, "trigger_id"), form, instead)


async def subscribe(action: Action, payload: Payload, ports: Ports, by: UserId, value: str) -> Aside:
    """Let somebody hear of an incident's updates, or no more; say so."""
    incident = await incident_of(value, await desk_of_press(payload, ports, by))
    topic, wanted = of_incident(incident.id), action is Action.SUBSCRIBE
    await hand_in(payload, ports, Subscribe(topic=topic, wanted=wanted, by=by))
    return Aside(message=subscribed(topic, wanted=wanted), about="Updates")


async def hand_in(payload: Payload, ports: Ports, command: Command | None) -> None:
    """Hand a command in under the press's receipt, if the presser may; a menu that was emptied asks for nothing."""
    if command:
        await acts.do(ports, command, receipts.of_trigger(payload), channel_of(payload))


async def desk_of_press(payload: Payload, ports: Ports, by: UserId) -> Desk:
    """Return the desk at which somebody asks by a button."""
    return await desk_of(ports, by, channel_of(payload))


async def incident_of(value: str, desk: Desk) -> Incident:
    """Return the incident that a button names."""
    number = number_of(value)
    incident = await desk.incident(number) if number is not None else None
    if incident is None:
        raise Refused("I do not know this incident any more.")
    return incident
