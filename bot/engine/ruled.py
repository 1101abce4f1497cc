"""What is looked up, locked, when an effect looks at a group of alerts, or at all of an incident's.

The rules look at a group; what it got while its incident was over is to belong to that; an end may be proposed.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Chance
from bot.domain.decisions import State
from bot.domain.group_commands import AttachAlerts, AutomateGroup, ProposeResolve
from bot.domain.ids import GroupId
from bot.domain.policy import Policy
from bot.domain.rules import first_to_hold
from bot.engine.around import SUFFIX_LENGTH, held
from bot.store import alerts, groups, incidents, notes


async def ruled(
    connection: AsyncConnection,
    command: AutomateGroup | AttachAlerts | ProposeResolve,
    policy: Policy,
    chance: Chance,
    now: datetime,
) -> State:
    """Look up a group, or those of an incident."""
    match command:
        case AutomateGroup():
            return await _automated(connection, command, policy, chance, now)
        case AttachAlerts(group=group):
            return await _attached(connection, group)
        case ProposeResolve():
            return await _proposed(connection, command)
        case _:
            assert_never(command)


async def _automated(
    connection: AsyncConnection, command: AutomateGroup, policy: Policy, chance: Chance, now: datetime
) -> State:
    """Look up a group for the rules and, when one of them holds now, what it would do with it.

    Whoever comes that far goes on alone: of two groups of one service the second finds the incident of the first.
    """
    await alerts.lock_firing(connection, command.group)
    group, storm = await held(connection, command.group)
    members = await alerts.firing_in(connection, command.group)
    state = State(group=group, alerts=members, storm=storm)
    holding = first_to_hold(policy.declare, group, members, now) if group else None
    if group is None or holding is None or holding.since > now:
        return state
    await incidents.hold_numbers(connection)
    incident = await incidents.open_of(connection, group.service) if group.service else None
    if incident:
        return replace(state, incident=incident, on_call=await notes.on_call(connection))
    return replace(
        state,
        number=await incidents.next_number(connection),
        suffix=chance.token(SUFFIX_LENGTH),
        on_call=await notes.on_call(connection),
    )


async def _attached(connection: AsyncConnection, name: GroupId) -> State:
    """Look up a group with what fires in it, and the incident that it belongs to by now."""
    await alerts.lock_firing(connection, name)
    group = await groups.load(connection, name, lock=True)
    # Read under the group's lock: what joined while we waited for it is there as well.
    members = await alerts.firing_in(connection, name)
    number = group.incident if group else None
    incident = await incidents.load(connection, number, lock=True) if number else None
    return State(incident=incident, alerts=members)


async def _proposed(connection: AsyncConnection, command: ProposeResolve) -> State:
    """Look up an incident and its groups.

    Whoever changes a group of an open incident holds the incident too, so that nobody changes one meanwhile.
    """
    incident = await incidents.load(connection, command.incident, lock=True)
    found = await groups.load_all(connection, incident.groups) if incident else {}
    return State(incident=incident, groups=tuple(found.values()))
