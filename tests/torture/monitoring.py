"""What monitoring tells in a life: alerts that come and go, come back too often, get graver, come as a storm.

Some come as reports, some as webhooks that are kept and read; a peer repeats what is old, a sender sends nonsense, and
one never says that something is over. While a heartbeat is expected (organisation.py) it comes, until it does not.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.ids import AlertId
from bot.engine.deliveries import Delivery
from bot.engine.intake import keep
from bot.inbound.alerts import alertmanager
from tests.torture.organisation import ALERTMANAGER, DOG, MAILS, SERIES, Series, fingerprint, report_of

if TYPE_CHECKING:
    from tests.torture.life import Life

ACTS: Final[Mapping[str, int]] = {
    "fires": 10,
    "recovers": 7,
    "a service fails": 5,
    "it recovers": 6,
    "gets graver or less grave": 3,
    "flaps": 2,
    "storms": 1,
    "the storm abates": 1,
    "a webhook comes": 2,
    "a webhook comes that nobody can read": 1,
    "the heartbeat stops": 1,
    "the heartbeat comes back": 1,
}
# What rules declare an incident for.
RULED: Final = ("PaymentsFail", "PaymentsSlow", "QueueIsLong", "Patching")
# How many of those that fired last are still in sight to somebody who scrolls up.
IN_SIGHT: Final = 20
FIRING, RESOLVED = AlertStatus.FIRING, AlertStatus.RESOLVED
# More than ten groups a minute are one.
STORM: Final = range(12, 32)
OF_A_STORM: Final = 45
GRADES: Final = (AlertSeverity.INFO, AlertSeverity.WARNING, AlertSeverity.WARNING, AlertSeverity.CRITICAL)
A_TURN: Final = tuple(timedelta(seconds=seconds) for seconds in (20, 60, 150))


class Monitoring:
    """The alerts of one life: when each began, and the episode that fires, by the fingerprint of its series."""

    def __init__(self, life: "Life") -> None:
        self._life, self._world, self._dice = life, life.world, life.dice
        self._begun: dict[str, datetime] = {}
        self.firing: dict[str, AlertId] = {}
        self.seen: list[AlertId] = []
        self._beats, self._next_beat = True, life.world.clock.now()
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "fires": self._fire,
            "recovers": self._recover,
            "a service fails": self._fail,
            "it recovers": self._be_well,
            "gets graver or less grave": self._regrade,
            "flaps": self._flap,
            "storms": self._storm,
            "the storm abates": self._abate,
            "a webhook comes": self._webhook,
            "a webhook comes that nobody can read": self._nonsense,
            "the heartbeat stops": self._stop,
            "the heartbeat comes back": self._start,
        }

    async def beat(self) -> None:
        """Send the heartbeat, if one is expected and it is time."""
        now = self._world.clock.now()
        if self._beats and now >= self._next_beat:
            self._next_beat = now + DOG.every
            await self._deliver([{"labels": {"alertname": "Watchdog"}, "fingerprint": "watchdog"}])

    async def _fire(self) -> None:
        series = self._dice.one_of(SERIES)
        await self._tell(series, FIRING)
        if self._dice.fraction() < 0.3 and series.source == ALERTMANAGER:  # a peer's stale report
            report = self._report(series, FIRING, series.severity)
            stale = replace(report, starts_at=report.starts_at - timedelta(hours=1))
            await self._world.do(ReportAlert(report=stale))

    async def _recover(self) -> None:
        series = self._dice.one_of(SERIES)
        if series.source == MAILS:  # it never says so; the same mail comes again
            await self._tell(series, FIRING)
            return
        for grade in filter(None, (series.severity, series.kin)):
            await self._tell(series, RESOLVED, grade)

    async def _fail(self) -> None:
        """Let all of it fire for which there is a rule."""
        title = self._dice.one_of(RULED)
        for series in SERIES:
            if series.title == title:
                await self._tell(series, FIRING)

    async def _be_well(self) -> None:
        title = self._dice.one_of(RULED)
        for series in SERIES:
            if series.title == title:
                await self._tell(series, RESOLVED)

    async def _regrade(self) -> None:
        series = self._dice.one_of([one for one in SERIES if one.kin])
        assert series.kin
        before, after = self._dice.shuffled([series.severity, series.kin])
        await self._tell(series, FIRING, before)
        await self._world.advance(self._dice.one_of(A_TURN))
        await self._tell(series, FIRING, after)
        if self._dice.fraction() < 0.7:
            await self._tell(series, RESOLVED, before)

    async def _flap(self) -> None:
        series = self._dice.one_of([one for one in SERIES if one.source == ALERTMANAGER])
        for _ in range(2 + self._dice.below(4)):
            await self._tell(series, FIRING)
            await self._world.advance(self._dice.one_of(A_TURN))
            await self._tell(series, RESOLVED)
            await self._world.advance(self._dice.one_of(A_TURN))

    async def _storm(self) -> None:
        numbers = self._dice.shuffled(range(OF_A_STORM))[: self._dice.one_of(STORM)]
        for number in numbers:
            await self._tell(self._of_a_storm(number), FIRING)
            if self._dice.fraction() < 0.2:
                await self._world.advance(timedelta(seconds=1))

    async def _abate(self) -> None:
        for number in range(OF_A_STORM):
            series = self._of_a_storm(number)
            if fingerprint(series, series.severity) in self.firing and self._dice.fraction() < 0.8:
                await self._tell(series, RESOLVED)

    def _of_a_storm(self, number: int) -> Series:
        labels = {"service": f"shop-{number % 3}"}
        return Series(title=f"Storm{number}", labels=labels, severity=GRADES[number % len(GRADES)])

    async def _tell(self, series: Series, status: AlertStatus, grade: AlertSeverity | None = None) -> None:
        """Report how a series stands; what does not fire begins now."""
        grade = grade or series.severity
        name = fingerprint(series, grade)
        if status is FIRING and name not in self.firing:
            self._begun[name] = self._world.clock.now()
        handled = await self._world.do(ReportAlert(report=self._report(series, status, grade)))
        if status is RESOLVED:
            self.firing.pop(name, None)
        elif handled.alert and handled.alert.status is FIRING:
            self.firing[name] = handled.alert.id
            self.seen = [*self.seen[-IN_SIGHT:], handled.alert.id]

    def _report(self, series: Series, status: AlertStatus, grade: AlertSeverity) -> ReportedAlert:
        now = self._world.clock.now()
        began = self._begun.get(fingerprint(series, grade), now)
        return report_of(series, status, began=began, now=now, grade=grade)

    async def _webhook(self) -> None:
        now = self._world.clock.now().isoformat()
        told: list[dict[str, object]] = [
            {
                "labels": {"alertname": f"Hook{number}", "service": "hooks"},
                "fingerprint": f"hook {number}",
                "startsAt": now,
                **({"status": "resolved", "endsAt": now} if self._dice.fraction() < 0.4 else {}),
            }
            for number in range(1 + self._dice.below(4))
        ]
        for _ in range(1 + self._dice.below(2)):  # a peer sends the same
            await self._deliver(told)

    async def _nonsense(self) -> None:
        await self._deliver(None)

    async def _deliver(self, alerts: list[dict[str, object]] | None) -> None:
        since = {"status": "firing", "startsAt": "2026-03-01T00:00:00Z"}
        members = None if alerts is None else [since | one for one in alerts]
        body = json.dumps({"status": "firing", "alerts": members}).encode()
        told = [] if alerts is None else alertmanager.parse(body)
        urgent = self._world.policy.is_pressing(told)
        delivery = Delivery(source=ALERTMANAGER, received_at=self._world.clock.now(), body=body, urgent=urgent)
        await keep(self._world.engine, [delivery], self._world.clock)
        self._life.log.webhooks += 1

    async def _stop(self) -> None:
        self._beats = False

    async def _start(self) -> None:
        self._beats = True
