"""What buttons and forms ask about what is to do for an incident."""

from datetime import date, datetime
from typing import Literal

from bot.domain.copying import replace
from bot.domain.ids import IncidentId, UserId
from bot.domain.task_commands import AddAction, EndAction, OpenRunbook, ReopenAction, TaskCommand, TickStep, UnlinkThing
from bot.errors import Refused
from bot.inbound.slack.asides import Aside
from bot.inbound.slack.payload import Payload, part
from bot.inbound.slack.port import Desk, Ports
from bot.inbound.slack.reading import known_number, number_of
from bot.inbound.slack.zones import zone_of
from bot.views.action_items import action_list
from bot.views.actions import Action
from bot.views.linked import link_list

OfItems = Literal[
    Action.END_ACTION, Action.REOPEN_ACTION, Action.UNLINK, Action.OPEN_CHECKLIST, Action.TICK_STEP, Action.UNTICK_STEP
]


def asked_of_tasks(action: OfItems, value: str, by: UserId) -> TaskCommand:
    """Return what a button of an action item asks: its value is the incident's number and the item's."""
    if action is Action.UNLINK:
        return _unlink(value, by)
    if action is Action.OPEN_CHECKLIST:
        number, _, name = value.partition(" ")
        return OpenRunbook(incident=known_number(number), name=name, by=by)
    if action in {Action.TICK_STEP, Action.UNTICK_STEP}:
        number, _, rest = value.partition(" ")
        runbook, step = _both(rest)
        done = action is Action.TICK_STEP
        return TickStep(incident=known_number(number), n=runbook, step=step, done=done, by=by)
    incident, n = _both(value)
    if action is Action.REOPEN_ACTION:
        return ReopenAction(incident=incident, n=n, by=by)
    return EndAction(incident=incident, n=n, by=by)


async def items_anew(action: Action, payload: Payload, desk: Desk, value: str, now: datetime) -> Aside | None:
    """Return the list on which something was pressed as it is now, where it stands for one person alone."""
    if part(payload, "container", "is_ephemeral") is not True:
        return None
    number = number_of(value.partition(" ")[0])
    incident = await desk.incident(number) if number is not None else None
    if incident is None:
        return None
    shown = link_list(incident) if action is Action.UNLINK else action_list(incident, now)
    return Aside(message=shown, about="What is written down", replace=True)


async def by_their_clock(command: AddAction, ports: Ports) -> AddAction:
    """Return what a form wrote down, with the time zone of whoever is to do it."""
    zone = await zone_of(ports, command.owner or command.by)
    return replace(command, zone=zone[1]) if zone else command


def day_chosen(chosen: str) -> date | None:
    """Return the day that was picked in a form, or None."""
    try:
        return date.fromisoformat(chosen) if chosen else None
    except ValueError:
        return None


def _unlink(value: str, by: UserId) -> UnlinkThing:
    number, _, target = value.partition(" ")
    incident, other = number_of(number), number_of(target.removeprefix("INC-"))
    if incident is None or not target:
        raise Refused("I do not know this link any more.")
    return UnlinkThing(incident=incident, by=by, to=other, url="" if other else target)


def _both(value: str) -> tuple[IncidentId, int]:
    number, _, n = value.partition(" ")
    incident, count = number_of(number), number_of(n)
    if incident is None or count is None:
        raise Refused("I do not know this action item any more.")
    return incident, count
