"""Many reports at once, as a storm brings them: looked up, decided and written together.

It ends as if each had come by itself, in their order (a test holds the two against each other); only the number of
statements is that of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts import identity
from bot.domain.alerts_model import Alert
from bot.domain.commands import ReportAlert
from bot.domain.copying import replace
from bot.domain.decide import decide
from bot.domain.decisions import Decision
from bot.domain.events import Event
from bot.domain.groups_model import Group
from bot.domain.ids import AlertId, GroupId, IncidentId
from bot.domain.policy import Policy
from bot.domain.storms_model import Storm
from bot.domain.work import Effect
from bot.engine.around_reports import Around, around
from bot.engine.told import known_of
from bot.store import alerts, effects, groups, incidents, storms, timeline


@dataclass(slots=True, kw_only=True)
class _Batch:
    """How everything around the reports stands so far, and what came of them."""

    met: Around
    new: dict[AlertId, Alert] = field(default_factory=dict)
    changed: dict[AlertId, Alert] = field(default_factory=dict)
    opened: dict[GroupId, Group] = field(default_factory=dict)
    moved: dict[GroupId, Group] = field(default_factory=dict)
    begun: dict[str, Storm] = field(default_factory=dict)
    followed: dict[str, Storm] = field(default_factory=dict)
    events: dict[IncidentId, list[Event]] = field(default_factory=dict)
    wanted: list[Effect] = field(default_factory=list)

    def take(self, command: ReportAlert, now: datetime, policy: Policy) -> None:
        """Decide one."""
        state = self.met.state(command.report, policy)
        decision = decide(state, command, now, policy)
        self._remember(identity(command.report), state.alert, decision)
        self.wanted += decision.effects

    def _remember(self, series: str, before: Alert | None, decision: Decision) -> None:
        alert, group, incident = decision.alert, decision.group, decision.incident
        if alert and alert != before:
            self.met.known[series] = alert
            self.met.take(alert)
            is_new = before is None or before.id != alert.id or alert.id in self.new
            (self.new if is_new else self.changed)[alert.id] = alert
        if group:
            is_new = group.id not in self.met.groups or group.id in self.opened
            (self.opened if is_new else self.moved)[group.id] = group
            self.met.put(group)
        if storm := decision.storm:
            known = self.met.storms.get(storm.channel)
            is_new = known is None or known.id != storm.id or storm.id in self.begun
            (self.begun if is_new else self.followed)[storm.id] = storm
            self.met.storms[storm.channel] = storm
        if incident and decision.events:
            self.met.incidents[incident.id] = incident
            self.events.setdefault(incident.id, []).extend(decision.events)


async def take_in(connection: AsyncConnection, commands: Sequence[ReportAlert], now: datetime, policy: Policy) -> bool:
    """Decide and write reports inside the caller's transaction; tell whether anything has changed."""
    if policy.alert_severities.words:
        commands = [replace(command, report=policy.graded(command.report)) for command in commands]
    reports = [command.report for command in commands]
    before = await known_of(connection, reports, policy, now)
    if before.is_old_news(reports, policy, now):
        return False
    met = await around(connection, reports, policy, before)
    rows = {number: incident.events for number, incident in met.incidents.items()}
    batch = _Batch(met=met)
    for command in commands:
        batch.take(command, now, policy)
    for number, events in batch.events.items():
        await incidents.save(connection, met.incidents[number], new=False)
        await timeline.append(connection, number, rows[number], events)
    await alerts.save(connection, new=list(batch.new.values()), changed=list(batch.changed.values()))
    await groups.save(connection, new=list(batch.opened.values()), changed=list(batch.moved.values()))
    await storms.save(connection, new=batch.begun.values(), changed=batch.followed.values())
    await effects.put(connection, batch.wanted)
    return bool(batch.new or batch.changed or batch.wanted)
