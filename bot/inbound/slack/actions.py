"""Buttons.

Anybody who sees one may press it, on a message of last year too: a press says what is wanted, and the rules decide
now.

A press cannot be answered in its acknowledgement: what it changed shows on the message itself, a refusal is said to
the presser alone.
"""

from typing import assert_never

import structlog

from bot.domain.commands import AcknowledgeAlert, AssignRole, Command, Declare
from bot.domain.model import AlertId, Incident, Role, UserId
from bot.errors import Refused
from bot.inbound.slack import receipts
from bot.inbound.slack.opening import open_form
from bot.inbound.slack.payload import Payload, items, text
from bot.inbound.slack.port import Ports
from bot.inbound.slack.reading import must_be_open, number_of
from bot.views.actions import Action
from bot.views.forms import resolve_form, update_form

_log = structlog.get_logger("muster.slack")


async def press(payload: Payload, ports: Ports) -> None:
    """Do what a button asks. Raises Refused with the text for the presser, Overloaded."""
    button = items(payload, "actions")[0]
    try:
        action = Action(text(button, "action_id"))
    except ValueError:
        _log.warning("slack_button_unknown", action=text(button, "action_id")[:40])
        raise Refused("I do not know this button. Use `/incident help` to see what I understand.") from None
    value, by = text(button, "value"), UserId(text(payload, "user", "id"))
    match action:
        case Action.OPEN_RUNBOOK | Action.OPEN_SOURCE | Action.OPEN_CHANNEL:
            return
        case Action.ACKNOWLEDGE_ALERT:
            await _hand_in(payload, ports, AcknowledgeAlert(alert=AlertId(value), by=by))
        case Action.DECLARE_FROM_ALERT:
            await _hand_in(payload, ports, Declare(alert=AlertId(value), by=by))
        case Action.TAKE_COMMAND:
            incident = await _incident(value, ports)
            command = AssignRole(incident=incident.id, role=Role.COMMANDER, user=by, by=by)
            await _hand_in(payload, ports, command)
        case Action.WRITE_UPDATE:
            incident = must_be_open(await _incident(value, ports))
            instead = f"`/incident update {incident.label} how it stands`"
            await open_form(ports.open_view, text(payload, "trigger_id"), update_form(incident), instead)
        case Action.RESOLVE:
            incident = must_be_open(await _incident(value, ports))
            instead = f"`/incident resolve {incident.label} what fixed it`"
            await open_form(ports.open_view, text(payload, "trigger_id"), resolve_form(incident), instead)
        case _:
            assert_never(action)


async def _hand_in(payload: Payload, ports: Ports, command: Command) -> None:
    await ports.desk.handle(command, receipt=receipts.of_trigger(payload))


async def _incident(value: str, ports: Ports) -> Incident:
    number = number_of(value)
    incident = await ports.desk.incident(number) if number is not None else None
    if incident is None:
        raise Refused("I do not know this incident any more.")
    return incident
