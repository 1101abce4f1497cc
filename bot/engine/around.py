"""What is looked up, locked, when somebody acts on alerts, or their time has come: groups, and their incidents.

Locks go as everywhere (store/groups.py): alerts, then groups, then incidents, each in the order of their names.
"""

from datetime import datetime
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Chance
from bot.domain.alerts_model import Alert
from bot.domain.commands import AcknowledgeAlert, CloseDigest, Declare, ReviewGroup, ReviewStorm
from bot.domain.copying import replace
from bot.domain.decisions import State
from bot.domain.digests import AT_ONCE, LISTED, ranked
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert, ShowCopies
from bot.domain.groups_model import Group
from bot.domain.ids import AlertId, GroupId
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.result_commands import ConfirmNews
from bot.domain.silence_commands import (
    EndSilence,
    HearSilence,
    HearSilenceEnd,
    RecheckMutes,
    ReviewMutes,
    SilenceAlerts,
    SilenceCommand,
    SilenceGroup,
    UnsilenceGroup,
)
from bot.domain.storms_model import Storm
from bot.engine.told import quiet_now
from bot.engine.unheard import unheard
from bot.store import alerts, groups, incidents, notes, silences, storms

SUFFIX_LENGTH = 4


async def named(
    connection: AsyncConnection, command: AcknowledgeAlert | JoinIncident | AssignAlert | JudgeAlert
) -> State:
    """Look up the group that somebody does something about."""
    alert = await alerts.load(connection, AlertId(command.alert), lock=True)
    group, storm = await held(connection, _group_named(command.alert, alert))
    incident = await _incident_of(connection, group, alert, lock=True)
    return State(alert=alert, group=group, incident=incident, storm=storm)


async def declared(connection: AsyncConnection, command: Declare, chance: Chance) -> State:
    """Look up what an incident is declared from, and what a new one needs."""
    state = await _origin(connection, command.alert) if command.alert else State()
    number = await incidents.next_number(connection)  # held: who asks for the same channel looks after us
    wanted = command.existing
    owner = await incidents.owner_of(connection, wanted.channel) if wanted else None
    return State(
        alert=state.alert,
        group=state.group,
        alerts=state.alerts,
        storm=state.storm,
        earlier=state.incident or owner,
        number=number,
        suffix=chance.token(SUFFIX_LENGTH),
        on_call=await notes.on_call(connection),
    )


async def grouped(
    connection: AsyncConnection,
    command: ReviewGroup | ConfirmNews | ReviewStorm | CloseDigest | ShowCopies,
    now: datetime,
) -> State:
    """Look up a group, a storm of them, or those of a digest, for what time decides."""
    match command:
        case ReviewGroup() | ConfirmNews():
            return await _reviewed(connection, command, now)
        case ShowCopies():
            return State(group=await groups.load(connection, command.group))
        case ReviewStorm():
            return State(storm=await storms.load(connection, command.storm, lock=True))
        case CloseDigest(work=work):
            found = await groups.of_digest(connection, work, AT_ONCE)
            leads = await alerts.load_all(connection, {group.lead for group in ranked(found)[:LISTED]})
            return State(groups=found, alerts=tuple(leads.values()))
        case _:
            assert_never(command)


async def about_silences(
    connection: AsyncConnection,
    command: SilenceCommand,
    policy: Policy,
    now: datetime,
) -> State:
    """Look up what a silence, or a change of what keeps alerts quiet, is about."""
    match command:
        case SilenceAlerts() | HearSilence():
            return State(next_silence=await silences.next_number(connection))
        case EndSilence(silence=silence) | HearSilenceEnd(silence=silence):
            return State(silence=await silences.load(connection, silence, lock=True))
        case SilenceGroup(group=named, lasts=lasts):
            alert = await alerts.load(connection, AlertId(named), lock=True)
            group, storm = await held(connection, _group_named(named, alert))
            number = await silences.next_number(connection) if lasts else 0
            return State(group=group, next_silence=number, storm=storm)
        case UnsilenceGroup(group=named):
            group, storm = await held(connection, named)
            return State(group=group, storm=storm)
        case RecheckMutes():
            return State()
        case ReviewMutes(group=named):
            await alerts.lock_firing(connection, named)
            group, storm = await held(connection, named)
            members = await alerts.firing_in(connection, named)
            return State(group=group, alerts=members, storm=storm, quiet=await quiet_now(connection, policy, now))
        case _:
            assert_never(command)


async def _reviewed(connection: AsyncConnection, command: ReviewGroup | ConfirmNews, now: datetime) -> State:
    """Look up a group; its incident when there may be something to tell it."""
    group, storm = await held(connection, command.group)
    state = State(group=group, storm=storm)
    if group is None or not (group.flapping or group.lapses_at):
        return state
    incident = await _incident_of(connection, group, None, lock=True)
    lapses = isinstance(command, ReviewGroup) and group.lapses_at and group.lapses_at <= now
    silent, kin = (await unheard(connection, group.id, now)) if lapses else (None, ())
    return replace(state, incident=incident, silent=silent, kin=kin)


async def _origin(connection: AsyncConnection, wanted: AlertId | GroupId) -> State:
    """Return a group with what fires in it; with the alert that opened it when nothing does."""
    alert = await alerts.load(connection, AlertId(wanted))
    named = _group_named(wanted, alert)
    await alerts.lock_firing(connection, named)
    group = await groups.load(connection, named, lock=True)
    # Read once more under the group's lock: what joined while we waited for it belongs to the incident as well.
    members = await alerts.firing_in(connection, named) if group else ()
    if not members:
        lead = await alerts.load(connection, group.lead if group else AlertId(wanted), lock=True)
        members = (lead,) if lead else ()
    storm = await _storm_around(connection, group)
    incident = await _incident_of(connection, group, alert, lock=False)
    return State(alert=alert, group=group, alerts=members, incident=incident, storm=storm)


async def held(connection: AsyncConnection, name: GroupId) -> tuple[Group | None, Storm | None]:
    """Return a group, locked, and then how its channel stands."""
    group = await groups.load(connection, name, lock=True)
    return group, await _storm_around(connection, group)


async def _storm_around(connection: AsyncConnection, group: Group | None) -> Storm | None:
    """Return how a group's channel stands, when its message may have to find its place there."""
    if group is None or not group.may_need_a_place:
        return None
    return (await storms.newest(connection, [group.channel])).get(group.channel)


def _group_named(wanted: AlertId | GroupId, alert: Alert | None) -> GroupId:
    """Return the group that a button means; one of before there were groups carries an alert's id."""
    return (alert and alert.group) or GroupId(wanted)


async def _incident_of(
    connection: AsyncConnection, group: Group | None, alert: Alert | None, *, lock: bool
) -> Incident | None:
    number = group.incident if group else alert.incident if alert else None
    return await incidents.load(connection, number, lock=lock) if number else None
