"""What monitoring tells in a life, and what people do about alerts: those that fire, and those of long ago.

A button stays where it was pressed: on messages that were edited since, of groups that are over, of incidents that are
resolved. Whoever presses it is answered, and nothing that holds is broken by it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import AcknowledgeAlert, Command, Declare, ReportAlert
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert
from bot.domain.groups_model import Verdict
from bot.domain.ids import AlertId, SourceName
from bot.domain.matchers import Matcher, Operator, matchers_of
from bot.domain.routing import Route
from bot.domain.silence_commands import EndSilence, SilenceAlerts, SilenceGroup
from tests.engine.world import ANA, BO, CHECKOUT, CLEO
from tests.fakes.clock import START

if TYPE_CHECKING:
    from tests.torture.life import Life

ACTS: Final[Mapping[str, int]] = {
    "fires": 8,
    "recovers": 6,
    "acknowledges": 4,
    "declares from an alert": 2,
    "presses an old button": 4,
    "silences": 1,
    "ends a silence": 1,
}
ALERTS: Final = 6
# How many of those that fired last are still in sight to somebody who scrolls up.
IN_SIGHT: Final = 20
# In every other life some go on, and their messages stand where incidents are announced as well.
GO_ON: Final = (
    Route(channel="alerts", goes_on=True),
    Route(matchers=matchers_of("alertname=Alert1"), channel="incidents"),
)
LASTS: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 60, 240))
PEOPLE: Final = (ANA, BO, CLEO)


class Monitoring:
    """The alerts of one life."""

    def __init__(self, life: "Life") -> None:
        self._life, self._world, self._dice = life, life.world, life.dice
        self._begun: list[datetime] = [START] * ALERTS
        self._firing: list[AlertId | None] = [None] * ALERTS
        self._seen: list[AlertId] = []
        self._silences: list[int] = []
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "fires": self._fire,
            "recovers": self._recover,
            "acknowledges": self._acknowledge,
            "declares from an alert": self._declare,
            "presses an old button": self._press_an_old_button,
            "silences": self._silence,
            "ends a silence": self._end_a_silence,
        }

    def _report(self, n: int, status: AlertStatus) -> ReportedAlert:
        return ReportedAlert(
            source=SourceName("alertmanager"),
            fingerprint=f"{n:016x}",
            status=status,
            starts_at=self._begun[n],
            ends_at=self._world.clock.now() if status is AlertStatus.RESOLVED else None,
            title=f"Alert{n % 2}",
            summary=f"Alert number {n}",
            severity=AlertSeverity.CRITICAL,
            labels={"service": CHECKOUT, "alertname": f"Alert{n % 2}"},
        )

    async def _fire(self) -> None:
        n = self._dice.below(ALERTS)
        if self._firing[n] is None:
            self._begun[n] = self._world.clock.now()
        handled = await self._world.do(ReportAlert(report=self._report(n, AlertStatus.FIRING)))
        if handled.alert and handled.alert.status is AlertStatus.FIRING:
            self._firing[n] = handled.alert.id
            self._seen = [*self._seen[-IN_SIGHT:], handled.alert.id]
        if self._dice.fraction() < 0.3:  # a peer's stale report
            stale = replace(self._report(n, AlertStatus.FIRING), starts_at=self._begun[n] - timedelta(hours=1))
            await self._world.do(ReportAlert(report=stale))

    async def _recover(self) -> None:
        n = self._dice.below(ALERTS)
        await self._world.do(ReportAlert(report=self._report(n, AlertStatus.RESOLVED)))
        self._firing[n] = None

    async def _acknowledge(self) -> None:
        if alert := self._dice.one_of(self._firing):
            await self._life.ask(AcknowledgeAlert(alert=alert, by=self._dice.one_of(PEOPLE)))

    async def _declare(self) -> None:
        if alert := self._dice.one_of(self._firing):
            await self._life.ask(Declare(by=self._dice.one_of(PEOPLE), alert=alert))

    async def _press_an_old_button(self) -> None:
        if not self._seen:
            return
        alert, by = self._dice.one_of(self._seen), self._dice.one_of(PEOPLE)
        buttons: list[Command] = [
            AcknowledgeAlert(alert=alert, by=by),
            JoinIncident(alert=alert, by=by),
            AssignAlert(alert=alert, user=self._dice.one_of(PEOPLE), by=by),
            JudgeAlert(alert=alert, verdict=self._dice.one_of(list(Verdict)), by=by),
            SilenceGroup(group=alert, lasts=self._dice.one_of([None, *LASTS]), by=by),
            Declare(by=by, alert=alert),
        ]
        await self._life.ask(self._dice.one_of(buttons))

    async def _silence(self) -> None:
        rule = Matcher(name="alertname", operator=Operator.EQUAL, value=f"Alert{self._dice.below(2)}")
        asked = SilenceAlerts(
            matchers=(rule,),
            lasts=self._dice.one_of(LASTS),
            by=self._dice.one_of(PEOPLE),
            reason="It is known",
            origin="/incident silence",
        )
        if silence := (await self._world.do(asked)).silence:
            self._silences.append(silence.id)
            self._life.log.people.add(asked.by)

    async def _end_a_silence(self) -> None:
        if self._silences:
            await self._life.ask(EndSilence(silence=self._dice.one_of(self._silences), by=self._dice.one_of(PEOPLE)))
