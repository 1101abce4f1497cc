"""What reports are held against, looked up and locked in a few statements, however many they are.

Locks go as everywhere (store/groups.py): alerts, then groups, then incidents, each in the order of their names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts import identity
from bot.domain.alerts_model import Alert, AlertStatus, ReportedAlert
from bot.domain.decisions import State
from bot.domain.groups_model import Group
from bot.domain.ids import GroupId, IncidentId, UserId
from bot.domain.kin import kin_of
from bot.domain.model import Incident
from bot.domain.muting import Inhibitor, Quiet, Silence
from bot.domain.opening import key_of
from bot.domain.policy import Policy
from bot.domain.routed import Routed
from bot.domain.silencing import inhibitor, inhibits
from bot.domain.storms_model import Stand, Storm
from bot.engine.told import Told
from bot.store import alerts, groups, incidents, storms, subscriptions


class _Joining(NamedTuple):
    """The names of a report's series and kin, and of the groups that it may belong to, by its way."""

    series: str
    kin: str
    key: str
    routed: Routed


@dataclass(slots=True)
class Around:
    """The newest episode of each series, the groups in question (the newest by their keys), and their incidents.

    `counted` names the series and the kin (with their groups) that are known to have been in one of these groups.
    """

    known: dict[str, Alert]
    groups: dict[GroupId, Group]
    newest: dict[str, Group]
    incidents: dict[IncidentId, Incident]
    silences: tuple[Silence, ...] = ()
    inhibitors: dict[str, Inhibitor] = field(default_factory=dict)
    storms: dict[str, Storm] = field(default_factory=dict)
    kin: dict[str, dict[str, Alert]] = field(default_factory=dict)
    counted: set[tuple[GroupId, str]] = field(default_factory=set)
    subscribers: dict[IncidentId, tuple[UserId, ...]] = field(default_factory=dict)

    def state(self, report: ReportedAlert, policy: Policy) -> State:
        """Return what a report is held against."""
        alert, routed, counted = self.known.get(identity(report)), None, False
        if alert and alert.status is AlertStatus.FIRING:
            group = self.groups[alert.group] if alert.group else None
            number, kin = group.incident if group else alert.incident, alert.kin
            routed = policy.routed(report) if group and group.digest else None
        else:
            routed = policy.routed(report)
            group = self.newest.get(key_of(report, routed))
            number = group.incident if group else None
            kin = kin_of(report, policy.alert_severities.label)
            counted = group is not None and self.is_counted(group, identity(report), kin)
        channel = routed.channel if routed else group.channel if group else ""
        return State(
            alert=alert,
            group=group,
            incident=self.incidents[number] if number else None,
            quiet=Quiet(silences=self.silences, inhibitors=self.inhibitors),
            storm=self.storms.get(channel),
            kin=tuple(self.kin.get(kin, {}).values()) if kin else (),
            counted=counted,
            subscribers=self.subscribers.get(number, ()) if number else (),
        )

    def is_counted(self, group: Group, series: str, kin: str) -> bool:
        """Tell whether a series, or its kin, is known to have been in a group."""
        return (group.id, series) in self.counted or (group.id, kin) in self.counted

    def meet(self, alert: Alert) -> None:
        """Remember an alert among its kin, and in its group."""
        if alert.kin:
            self.kin.setdefault(alert.kin, {})[identity(alert.report)] = alert
        if alert.group:
            self.counted |= {(alert.group, name) for name in (identity(alert.report), alert.kin) if name}

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
    joining = _joining(reports, known, policy)
    ways = {one.key: one.routed for one in joining}
    inhibitors = dict(quiet.inhibitors or {})
    found = Around(known=known, groups={}, newest={}, incidents={}, silences=quiet.silences, inhibitors=inhibitors)
    for group in await groups.around(connection, own, ways):
        found.put(group)
    await _meet_kin(connection, found, reports, policy, joining)
    await _look_who_is_counted(connection, found, joining)
    # A group that takes no more is followed by another, which looks for its place.
    looking = {way.channel for key, way in ways.items() if way.group_within or _may_need_a_place(found.newest.get(key))}
    told = {Stand.THREAD} if policy.copies else set()  # where such a group goes on to is told of the storm
    looking |= {one.channel for one in found.groups.values() if one.may_need_a_place or one.stand in told}
    if any(group.digest for group in found.groups.values()):  # what is too grave for its digest goes where it should
        looking |= {policy.routed(report).channel for report in reports}
    if looking:
        found.storms = await storms.newest(connection, looking)
    await _meet_incidents(connection, found)
    return found


def _joining(reports: Sequence[ReportedAlert], known: Mapping[str, Alert], policy: Policy) -> list[_Joining]:
    """Return what may need the newest group of its key: who fires, and is told to, stays in its own."""
    over = {identity(report) for report in reports if report.status is not AlertStatus.FIRING}
    firing = {series for series, alert in known.items() if alert.status is AlertStatus.FIRING} - over
    found = []
    for report in reports:
        if (series := identity(report)) not in firing:
            routed, kin = policy.routed(report), kin_of(report, policy.alert_severities.label)
            found.append(_Joining(series, kin, key_of(report, routed), routed))
    return found


async def _meet_kin(
    connection: AsyncConnection,
    found: Around,
    reports: Sequence[ReportedAlert],
    policy: Policy,
    joining: Sequence[_Joining],
) -> None:
    """Look up what differs from these alerts in the severity alone, where that may matter."""
    kins = {one.kin for one in joining}
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


async def _look_who_is_counted(connection: AsyncConnection, found: Around, joining: Sequence[_Joining]) -> None:
    """Look up whose older episodes were in the groups in question, where the last ones do not tell."""
    near = [(one, found.newest[one.key]) for one in joining if one.key in found.newest]
    asked = [one for one, group in near if not found.is_counted(group, one.series, one.kin)]
    if asked:
        series = {one.series for one in asked if one.series in found.known}
        kins = {one.kin for one in asked if one.kin}
        found.counted |= await alerts.were_in(connection, found.groups, series, kins)


async def _meet_incidents(connection: AsyncConnection, found: Around) -> None:
    """Look up the incidents of what was found, and who wants to hear of those that an alert may reopen."""
    numbers = {group.incident for group in found.groups.values() if group.incident}
    numbers |= {alert.incident for alert in found.known.values() if alert.incident and alert.group is None}
    if numbers:
        found.incidents = await incidents.load_all(connection, numbers, lock=True)
    for one in found.incidents.values():
        if one.resolved_at:
            found.subscribers[one.id] = await subscriptions.subscribers(connection, one)


def _may_need_a_place(group: Group | None) -> bool:
    """Tell whether the message of a group, or of the next of its key, may have to find its place."""
    return group is None or group.may_need_a_place
