"""What is looked up, locked, around alerts: their groups, and the incidents of those.

Locks go as everywhere (store/groups.py): alerts, then groups, then incidents, each in the order of their names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Chance
from bot.domain.alerts import identity
from bot.domain.alerts_model import Alert, AlertStatus, ReportedAlert
from bot.domain.commands import AcknowledgeAlert, CloseDigest, Declare, ReviewGroup, ReviewStorm
from bot.domain.copying import replace
from bot.domain.decisions import State
from bot.domain.digests import AT_ONCE, LISTED, ranked
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert, ShowCopies
from bot.domain.groups_model import Group
from bot.domain.ids import AlertId, GroupId, IncidentId, UserId
from bot.domain.kin import kin_of
from bot.domain.model import Incident
from bot.domain.muting import Inhibitor, Quiet, Silence
from bot.domain.opening import key_of
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
from bot.domain.silencing import inhibitor, inhibits
from bot.domain.storms_model import Stand, Storm
from bot.engine.told import Told, quiet_now
from bot.engine.unheard import unheard
from bot.store import alerts, groups, incidents, notes, silences, storms, subscriptions

SUFFIX_LENGTH = 4


@dataclass(slots=True)
class Around:
    """The newest episode of each series, the groups in question (the newest by their keys), and their incidents."""

    known: dict[str, Alert]
    groups: dict[GroupId, Group]
    newest: dict[str, Group]
    incidents: dict[IncidentId, Incident]
    silences: tuple[Silence, ...] = ()
    inhibitors: dict[str, Inhibitor] = field(default_factory=dict)
    storms: dict[str, Storm] = field(default_factory=dict)
    kin: dict[str, dict[str, Alert]] = field(default_factory=dict)
    subscribers: dict[IncidentId, tuple[UserId, ...]] = field(default_factory=dict)

    def state(self, report: ReportedAlert, policy: Policy) -> State:
        """Return what a report is held against."""
        alert, routed = self.known.get(identity(report)), None
        if alert and alert.status is AlertStatus.FIRING:
            group = self.groups[alert.group] if alert.group else None
            number, kin = group.incident if group else alert.incident, alert.kin
            routed = policy.routed(report) if group and group.digest else None
        else:
            routed = policy.routed(report)
            group = self.newest.get(key_of(report, routed))
            number = group.incident if group else None
            kin = kin_of(report, policy.alert_severities.label)
        channel = routed.channel if routed else group.channel if group else ""
        return State(
            alert=alert,
            group=group,
            incident=self.incidents[number] if number else None,
            quiet=Quiet(silences=self.silences, inhibitors=self.inhibitors),
            storm=self.storms.get(channel),
            kin=tuple(self.kin.get(kin, {}).values()) if kin else (),
            subscribers=self.subscribers.get(number, ()) if number else (),
        )

    def meet(self, alert: Alert) -> None:
        """Remember an alert among its kin."""
        if alert.kin:
            self.kin.setdefault(alert.kin, {})[identity(alert.report)] = alert

    def take(self, alert: Alert) -> None:
        """Remember how an alert stands now, and whether it keeps others quiet."""
        self.meet(alert)
        if inhibits(alert):
            self.inhibitors[alert.id] = inhibitor(alert)
        else:
            self.inhibitors.pop(alert.id, None)

    def put(self, group: Group) -> None:
        """Remember how a group stands now."""
        self.groups[group.id] = group
        known = self.newest.get(group.key, group)
        self.newest[group.key] = max(group, known, key=lambda one: one.number)


async def around(connection: AsyncConnection, reports: Sequence[ReportedAlert], policy: Policy, before: Told) -> Around:
    """Look up what reports are held against: a few statements, however many they are."""
    known, quiet = before.known, before.quiet
    own = {alert.group for alert in known.values() if alert.group}
    ways = {}
    for report in _joining(reports, known):
        routed = policy.routed(report)
        ways[key_of(report, routed)] = routed
    inhibitors = dict(quiet.inhibitors or {})
    found = Around(known=known, groups={}, newest={}, incidents={}, silences=quiet.silences, inhibitors=inhibitors)
    for group in await groups.around(connection, own, ways):
        found.put(group)
    await _meet_kin(connection, found, reports, policy)
    # A group that takes no more is followed by another, which looks for its place.
    looking = {
        way.channel for key, way in ways.items() if way.group_within or _looks_for_a_place(found.newest.get(key))
    }
    told = {Stand.THREAD} if policy.copies else set()  # where such a group goes on to is told of the storm
    looking |= {one.channel for one in found.groups.values() if _looks_for_a_place(one) or one.stand in told}
    if any(group.digest for group in found.groups.values()):  # what is too grave for its digest goes where it should
        looking |= {policy.routed(report).channel for report in reports}
    if looking:
        found.storms = await storms.newest(connection, looking)
    numbers = {group.incident for group in found.groups.values() if group.incident}
    numbers |= {alert.incident for alert in known.values() if alert.incident and alert.group is None}
    if numbers:
        found.incidents = await incidents.load_all(connection, numbers, lock=True)
    for one in found.incidents.values():
        if one.resolved_at:  # an alert may reopen it
            found.subscribers[one.id] = await subscriptions.subscribers(connection, one)
    return found


async def _meet_kin(
    connection: AsyncConnection, found: Around, reports: Sequence[ReportedAlert], policy: Policy
) -> None:
    """Look up what differs from these alerts in the severity alone, where that may matter."""
    label = policy.alert_severities.label
    kins = {kin_of(report, label) for report in _joining(reports, found.known)}
    is_quiet = bool(found.silences or found.inhibitors or policy.mute.maintenance)
    for report in reports:
        alert = found.known.get(identity(report))
        if alert and (is_quiet or alert.mute or alert.report != report):
            kins.add(alert.kin)
    if (kins := kins - {""}) and found.groups:
        for one in await alerts.kin(connection, kins, found.groups):
            found.meet(one)
    for one in found.known.values():
        found.meet(one)


def _joining(reports: Sequence[ReportedAlert], known: Mapping[str, Alert]) -> Iterator[ReportedAlert]:
    """Yield the reports that may need the newest group of their key: who fires, and is told to, stays in its own."""
    over = {identity(report) for report in reports if report.status is not AlertStatus.FIRING}
    firing = {series for series, alert in known.items() if alert.status is AlertStatus.FIRING} - over
    return (report for report in reports if identity(report) not in firing)


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
            quiet = await quiet_now(connection, policy, now)
            return State(alerts=await alerts.all_firing(connection), quiet=quiet)
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


def _looks_for_a_place(group: Group | None) -> bool:
    """Tell whether the message of a group (or of the next of its key) may have to find its place."""
    return group is None or group.is_over or group.stand in {Stand.UNPLACED, Stand.NOWHERE}


async def held(connection: AsyncConnection, name: GroupId) -> tuple[Group | None, Storm | None]:
    """Return a group, locked, and then how its channel stands."""
    group = await groups.load(connection, name, lock=True)
    return group, await _storm_around(connection, group)


async def _storm_around(connection: AsyncConnection, group: Group | None) -> Storm | None:
    """Return how a group's channel stands, when its message may have to find its place there."""
    if group is None or not _looks_for_a_place(group):
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
