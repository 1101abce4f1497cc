"""Many reports at once, as a storm brings them: looked up, decided and written together.

It ends as if each had come by itself, in their order (a test holds the two against each other); only the number of
statements is that of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts import identity
from bot.domain.commands import ReportAlert
from bot.domain.decide import decide
from bot.domain.decisions import Decision, State
from bot.domain.events import Event
from bot.domain.model import Alert, AlertId, Incident, IncidentId
from bot.domain.policy import Policy
from bot.domain.work import Effect
from bot.store import alerts, effects, incidents, timeline


@dataclass(slots=True, kw_only=True)
class _Batch:
    """The newest episode of each series and the incidents around them, as they stand so far; and what came of it."""

    known: dict[str, Alert]
    met: dict[IncidentId, Incident]
    new: dict[AlertId, Alert] = field(default_factory=dict)
    changed: dict[AlertId, Alert] = field(default_factory=dict)
    events: dict[IncidentId, list[Event]] = field(default_factory=dict)
    wanted: list[Effect] = field(default_factory=list)

    def take(self, command: ReportAlert, now: datetime, policy: Policy) -> None:
        """Decide one."""
        series = identity(command.report)
        alert = self.known.get(series)
        incident = self.met.get(alert.incident) if alert and alert.incident else None
        decision = decide(State(alert=alert, incident=incident), command, now, policy)
        self._remember(series, alert, decision)
        self.wanted += decision.effects

    def _remember(self, series: str, before: Alert | None, decision: Decision) -> None:
        alert, incident = decision.alert, decision.incident
        if alert and alert != before:
            self.known[series] = alert
            is_new = before is None or before.id != alert.id or alert.id in self.new
            (self.new if is_new else self.changed)[alert.id] = alert
        if incident and decision.events:
            self.met[incident.id] = incident
            self.events.setdefault(incident.id, []).extend(decision.events)


async def take_in(connection: AsyncConnection, commands: Sequence[ReportAlert], now: datetime, policy: Policy) -> bool:
    """Decide and write reports inside the caller's transaction; tell whether there is something to do now.

    Locks go as everywhere: alerts, then incidents, then lanes, each in the order of their names.
    """
    known = await alerts.newest(connection, {identity(command.report) for command in commands})
    numbers = {alert.incident for alert in known.values() if alert.incident}
    before = await incidents.load_all(connection, numbers, lock=True) if numbers else {}
    batch = _Batch(known=known, met=dict(before))
    for command in commands:
        batch.take(command, now, policy)
    for number, events in batch.events.items():
        await incidents.save(connection, batch.met[number], new=False)
        await timeline.append(connection, number, before[number].events, events)
    await alerts.save(connection, new=list(batch.new.values()), changed=list(batch.changed.values()))
    await effects.put(connection, batch.wanted)
    return bool(batch.wanted)
