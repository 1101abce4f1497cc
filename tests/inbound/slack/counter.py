"""What stands behind the way in from Slack in its tests: the rules themselves, and a dictionary for a database."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.affected import shared
from bot.domain.alerts_model import Alert
from bot.domain.commands import AcknowledgeAlert, Command, Declare
from bot.domain.course_commands import Merge
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.events import TimelineRow
from bot.domain.explaining import Explained
from bot.domain.finding import Finding, Found, Wanted, sort_out, wanted_of
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert
from bot.domain.grouping import alone
from bot.domain.groups_model import Group
from bot.domain.ids import AlertId, ChannelId, GroupId, IncidentId, MessageTs, ServiceName, UserId
from bot.domain.keeping_commands import EditRow
from bot.domain.matchers import matchers_of
from bot.domain.model import Incident
from bot.domain.muting import Silence
from bot.domain.policy import Policy
from bot.domain.privacy import MUSTER, Viewer, may_see
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordMessage, RecordMove
from bot.domain.searching import says
from bot.domain.silence_commands import EndSilence, SilenceAlerts, SilenceGroup, UnsilenceGroup
from bot.domain.task_commands import LinkThing, UnlinkThing
from bot.engine.receipts import Handled, Receipt
from bot.errors import Refused
from tests.fakes.clock import FakeClock


@dataclass
class FakeDesk:
    """The engine's counter in memory: the real rules, a dictionary for a database.

    `fail` is raised instead of keeping anything, `unread` instead of looking up what fires.
    """

    clock: FakeClock
    policy: Policy
    incidents: dict[IncidentId, Incident] = field(default_factory=dict)
    alerts: dict[AlertId, Alert] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    kept: dict[int, Silence] = field(default_factory=dict)
    taken: list[Command] = field(default_factory=list)
    receipts: dict[Receipt, Handled] = field(default_factory=dict)
    fail: Exception | None = None
    unread: Exception | None = None
    rows: tuple[TimelineRow, ...] = ()
    homes: list[UserId] = field(default_factory=list)
    notices: list[tuple[ChannelId, MessageTs]] = field(default_factory=list)
    refusals: list[tuple[Command, str, str]] = field(default_factory=list)
    viewer: Viewer = MUSTER

    async def handle(self, command: Command, *, receipt: Receipt | None = None) -> Handled:
        if receipt in self.receipts:
            before = self.receipts[receipt]
            return Handled(incident=before.incident, alert=before.alert, repeated=True)
        if self.fail:
            raise self.fail
        decision = decide(self._state(command), command, self.clock.now(), self.policy)
        if decision.incident:
            self.incidents[decision.incident.id] = decision.incident
        for alert in filter(None, (*decision.alerts, decision.alert)):
            self.alerts[alert.id] = alert
        if decision.group:
            self.groups[decision.group.id] = decision.group
        self.taken.append(command)
        if decision.silence:
            self.kept[decision.silence.id] = decision.silence
        handled = Handled(incident=decision.incident, alert=decision.alert, silence=decision.silence)
        if receipt:
            self.receipts[receipt] = handled
        return handled

    def _state(self, command: Command) -> State:
        number = IncidentId(max(self.incidents, default=100) + 1)
        match command:
            case Declare(alert=known):
                alert = self.alerts.get(AlertId(known)) if known else None
                earlier = self._earlier(command, alert)
                members = (alert,) if alert else ()
                return State(
                    alert=alert,
                    group=self.groups.get(known or ""),
                    alerts=members,
                    earlier=earlier,
                    number=number,
                    suffix="7k3",
                )
            case SilenceAlerts():
                return State(next_silence=len(self.kept) + 1)
            case EndSilence(silence=silence):
                return State(silence=self.kept.get(silence))
            case UnsilenceGroup(group=group):
                return State(group=self.groups.get(group))
            case SilenceGroup(group=named):
                return State(group=self.groups.get(named), next_silence=len(self.kept) + 1)
            case (
                AcknowledgeAlert(alert=known)
                | JoinIncident(alert=known)
                | AssignAlert(alert=known)
                | JudgeAlert(alert=known)
            ):
                alert = self.alerts.get(AlertId(known))
                incident = self.incidents.get(alert.incident) if alert and alert.incident else None
                return State(alert=alert, group=self.groups.get(known), incident=incident)
            case (
                RecordMessage(channel=channel)
                | RecordEdit(channel=channel)
                | RecordDeletion(channel=channel)
                | RecordMove(channel=channel)
            ):
                return State(incident=self._in(channel))
            case EditRow(incident=number):
                return State(incident=self.incidents.get(number), rows=self.rows)
            case LinkThing(incident=number, to=to) | UnlinkThing(incident=number, to=to):
                other = self.incidents.get(to) if to and to != number else None
                return State(incident=self.incidents.get(number), into=other)
            case Merge(incident=number, into=into):
                return State(incident=self.incidents.get(number), into=self.incidents.get(into))
            case _:
                return State(incident=self.incidents.get(getattr(command, "incident", None)), rows=self.rows)  # type: ignore[arg-type] # of none

    def _earlier(self, command: Declare, alert: Alert | None) -> Incident | None:
        if command.existing:
            return self._in(command.existing.channel)
        return self.incidents.get(alert.incident) if alert and alert.incident else None

    def _in(self, channel: ChannelId) -> Incident | None:
        return next((one for one in self.incidents.values() if one.channel == channel), None)

    async def refused(self, command: Command, why: str, *, receipt: Receipt | None = None) -> None:
        self.refusals.append((command, why, receipt.surface if receipt else ""))

    def seen_by(self, viewer: Viewer) -> "FakeDesk":
        seen = copy(self)
        seen.viewer, seen.incidents = viewer, {n: one for n, one in self.incidents.items() if may_see(one, viewer)}
        return seen

    async def incident_in(self, channel: ChannelId) -> Incident | None:
        return self._in(channel)

    async def incident_told_in(self, channel: ChannelId) -> Incident | None:
        return next((one for one in self.incidents.values() if one.comms_channel == channel), None)

    async def incident(self, number: IncidentId) -> Incident | None:
        return self.incidents.get(number)

    async def open_incidents(self) -> tuple[Incident, ...]:
        return tuple(one for one in self.incidents.values() if one.status.is_open)

    async def ended_incidents(self) -> tuple[Incident, ...]:
        return tuple(one for _, one in sorted(self.incidents.items(), reverse=True) if not one.status.is_open)

    async def incidents_saying(self, words: Sequence[str], of: Sequence[ServiceName] = ()) -> tuple[Incident, ...]:
        return tuple(
            one for one in self.incidents.values() if says(one, words) and (not of or shared(one.services, of))
        )

    async def timeline(self, number: IncidentId) -> tuple[TimelineRow, ...]:
        return self.rows

    async def alerts_of(self, number: IncidentId) -> tuple[Alert, ...]:
        return tuple(one for one in self.alerts.values() if one.incident == number)

    async def silences(self) -> tuple[Silence, ...]:
        return tuple(one for one in self.kept.values() if not one.is_over(self.clock.now()))

    async def alert(self, alert: AlertId) -> Alert | None:
        return self.alerts.get(alert)

    async def firing(self, wanted: Wanted, me: UserId) -> Finding:
        if self.unread:
            raise self.unread
        there = [one for one in self.groups.values() if not one.is_over]
        meant, quiet = sort_out(there, {}, wanted, me)
        return Finding(wanted=wanted, shown=tuple(Found(group=one) for one in meant), total=len(meant), quiet=quiet)

    async def show_home(self, user: UserId) -> None:
        if self.unread:
            raise self.unread
        self.homes.append(user)

    async def remove_notice(self, channel: ChannelId, ts: MessageTs) -> None:
        self.notices.append((channel, ts))

    async def meant(self, typed: str) -> Group:
        lone = {str(name): alone(alert, self.policy) for name, alert in self.alerts.items()}
        for group in (lone | self.groups).values():
            if wanted_of(typed).means(group, (), UserId("")):
                return group
        raise Refused(f"No alert is called “{typed}”.")

    async def explained(self, group: GroupId) -> Explained | None:
        alert = self.alerts.get(AlertId(group))
        known = self.groups.get(group) or (alone(alert, self.policy) if alert else None)
        return Explained(group=known, lead=alert) if known else None


def a_silence(now: datetime) -> Silence:
    """Return S-1, which lasts for an hour."""
    return Silence(
        id=1,
        matchers=matchers_of("service=search"),
        by=UserId("U0ANA"),
        reason="known",
        created_at=now,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )
