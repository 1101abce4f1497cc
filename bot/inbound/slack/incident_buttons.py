"""The buttons of an incident that move it: what needs words opens a form, the rest is handed in."""

from typing import Literal, assert_never

from bot.domain.commands import Command
from bot.domain.course_commands import Accept, Close
from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.errors import Refused
from bot.inbound.slack import acts, receipts
from bot.inbound.slack.opening import open_form
from bot.inbound.slack.payload import Payload, text
from bot.inbound.slack.port import Ports
from bot.inbound.slack.reading import (
    must_be_in_triage,
    must_be_open,
    must_be_over,
    must_be_running,
    number_of,
    others_of,
)
from bot.views.actions import Action
from bot.views.forms import (
    decline_form,
    hand_over_form,
    merge_form,
    reopen_form,
    resolve_form,
    snooze_form,
    update_form,
)

Moves = Literal[
    Action.WRITE_UPDATE,
    Action.RESOLVE,
    Action.HAND_OVER,
    Action.SNOOZE,
    Action.REOPEN,
    Action.DECLINE,
    Action.MERGE,
    Action.CLOSE,
    Action.ACCEPT,
]


async def press_of_incident(action: Moves, payload: Payload, ports: Ports, by: UserId, value: str) -> None:
    """Do what a button of an incident asks."""
    incident = await incident_of(value, ports)
    label = incident.label
    match action:
        case Action.WRITE_UPDATE:
            form, instead = update_form(must_be_running(incident)), f"`/incident update {label} how it stands`"
        case Action.RESOLVE:
            form, instead = resolve_form(must_be_running(incident)), f"`/incident resolve {label} what fixed it`"
        case Action.HAND_OVER:
            form, instead = hand_over_form(must_be_open(incident)), f"`/incident handover {label} ic @person`"
        case Action.SNOOZE:
            form, instead = snooze_form(must_be_running(incident)), f"`/incident snooze {label} 30m why`"
        case Action.REOPEN:
            form, instead = reopen_form(must_be_over(incident)), f"`/incident reopen {label} what happened`"
        case Action.DECLINE:
            form, instead = decline_form(must_be_in_triage(incident)), f"`/incident decline {label} why it is none`"
        case Action.MERGE:
            others = await others_of(incident, ports.desk)
            form, instead = merge_form(incident, others), f"`/incident merge {label} {others[0].label}`"
        case Action.CLOSE | Action.ACCEPT:
            wants = Close if action is Action.CLOSE else Accept
            await hand_in(payload, ports, wants(incident=incident.id, by=by))
            return
        case _:
            assert_never(action)
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
