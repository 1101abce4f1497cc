"""What happens around alerts in the histories that Hypothesis makes up: rules that declare, storms, digests, hands.

All of it goes through `ask`, so each report and each press may come again, and everything else may happen in between.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert
from bot.domain.digests_model import Digest
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert
from bot.domain.groups_model import Verdict
from bot.domain.ids import AlertId, GroupId, ServiceName, UserId
from bot.domain.matchers import matchers_of
from bot.domain.policy import Policy, Service
from bot.domain.routing import Route
from bot.domain.rules import DeclareRule
from bot.domain.silence_commands import SilenceAlerts, SilenceGroup
from bot.domain.storms_model import StormPolicy
from bot.store import alerts, groups
from tests.domain.story import reported
from tests.engine.asking import Asking
from tests.engine.following_history import BOOK
from tests.engine.world import CHECKOUT, POLICY

MINUTE: Final = timedelta(minutes=1)
LEDGER: Final = ServiceName("ledger")
USERS = st.sampled_from(["U0ANA", "U0BO", "U0CLEO"]).map(UserId)
NUMBERS = st.integers(0, 3)
# The gravest is declared by a rule, the least is told in a digest; a fourth group within a minute is a storm.
GRAVE: Final = (AlertSeverity.CRITICAL, AlertSeverity.WARNING, AlertSeverity.INFO)
ORGANISATION: Final[Policy] = replace(
    POLICY,
    routes=(
        Route(matchers=matchers_of("severity=info"), digest=Digest(every=5 * MINUTE)),
        Route(matchers=matchers_of("service=checkout"), goes_on=True),
        Route(matchers=matchers_of("service=checkout"), channel="everything"),
        Route(matchers=matchers_of("service=search"), group_by=("service",), group_within=MINUTE),
    ),
    declare=(
        DeclareRule(name="grave", matchers=matchers_of("service=checkout"), min_severity=AlertSeverity.CRITICAL),
        DeclareRule(name="many", matchers=matchers_of("service=search"), min_firing=2, after=MINUTE, triage=True),
    ),
    propose_resolve_after=2 * MINUTE,
    storm=StormPolicy(groups=3, within=MINUTE),
    archive_after=40 * MINUTE,
    runbooks=(BOOK,),
    services={**POLICY.services, LEDGER: Service(name=LEDGER, on_call=(UserId("U0BO"),))},
)


class AlertActs(Asking):
    """What monitoring tells, and what people do about it."""

    def __init__(self) -> None:
        super().__init__()
        self.episodes: dict[str, datetime] = {}

    @rule(n=NUMBERS, grave=st.sampled_from(GRAVE), service=st.sampled_from([CHECKOUT, "search"]))
    def an_alert_fires(self, n: int, grave: AlertSeverity, service: str) -> None:
        self.run(self._tell(self._alert(n, service, severity=grave)))

    @rule(n=NUMBERS)
    def what_a_rule_declares_fires(self, n: int) -> None:
        self.run(self._tell(self._alert(n, CHECKOUT, title="Outage", severity=AlertSeverity.CRITICAL)))

    @rule(n=NUMBERS, minutes=st.integers(0, 2))
    def what_a_rule_suspects_fires_for_a_while(self, n: int, minutes: int) -> None:
        self.run(self._tell(*(self._alert(n + more, "search", title="Slow") for more in range(2))))
        self.run(self.world.advance(minutes * MINUTE))

    @rule(n=NUMBERS, minutes=st.integers(0, 5))
    def what_a_digest_tells_fires(self, n: int, minutes: int) -> None:
        self.run(self._tell(self._alert(n, CHECKOUT, title="Hint", severity=AlertSeverity.INFO)))
        self.run(self.world.advance(minutes * MINUTE))

    @rule(n=NUMBERS, service=st.sampled_from([CHECKOUT, "search"]), again=st.booleans())
    def an_alert_is_over(self, n: int, service: str, again: bool) -> None:
        self.run(self._is_over(n, service, again=again))

    @rule()
    def all_alerts_are_over(self) -> None:
        self.run(self._all_are_over())

    @rule(count=st.integers(4, 8), service=st.sampled_from([CHECKOUT, "stock"]))
    def many_fire_at_once(self, count: int, service: str) -> None:
        self.run(self._tell(*(self._alert(n, service, title=f"Rule {n}") for n in range(count))))

    @rule(which=NUMBERS, user=USERS)
    def somebody_takes_it_up(self, which: int, user: UserId) -> None:
        self.run(self._press(which, lambda group: AcknowledgeAlert(alert=AlertId(group), by=user)))

    @rule(which=NUMBERS, user=USERS)
    def somebody_declares_from_it(self, which: int, user: UserId) -> None:
        self.run(self._press(which, lambda group: Declare(alert=AlertId(group), by=user)))

    @rule(which=NUMBERS, user=USERS)
    def somebody_joins_its_incident(self, which: int, user: UserId) -> None:
        self.run(self._press(which, lambda group: JoinIncident(alert=group, by=user)))

    @rule(which=NUMBERS, user=USERS, by=USERS)
    def somebody_is_given_it(self, which: int, user: UserId, by: UserId) -> None:
        self.run(self._press(which, lambda group: AssignAlert(alert=group, user=user, by=by)))

    @rule(which=NUMBERS, user=USERS, verdict=st.sampled_from(Verdict))
    def somebody_judges_it(self, which: int, user: UserId, verdict: Verdict) -> None:
        self.run(self._press(which, lambda group: JudgeAlert(alert=group, verdict=verdict, by=user)))

    @rule(which=NUMBERS, user=USERS, lasts=st.sampled_from([None, MINUTE, 10 * MINUTE]))
    def somebody_silences_it(self, which: int, user: UserId, lasts: timedelta | None) -> None:
        self.run(self._press(which, lambda group: SilenceGroup(group=group, lasts=lasts, by=user)))

    @rule(service=st.sampled_from([CHECKOUT, "search"]), user=USERS)
    def somebody_silences_a_service(self, service: str, user: UserId) -> None:
        meant = matchers_of(f"service={service}")
        told = SilenceAlerts(matchers=meant, lasts=5 * MINUTE, by=user, reason="A deploy", origin="command")
        self.run(self.ask(told, self.key()))

    def _alert(self, n: int, service: str, *, title: str = "Errors", **changes: Any) -> ReportedAlert:
        name = f"{title} {n} of {service}"
        began = self.episodes.setdefault(name, self.world.clock.now())
        told = {"title": title, "summary": name, "labels": {"service": service, "pod": str(n)}}
        return reported(fingerprint=name, starts_at=began, **({**told, "severity": AlertSeverity.WARNING} | changes))

    async def _tell(self, *reports: ReportedAlert) -> None:
        for report in reports:
            await self.ask(ReportAlert(report=report), self.key())

    async def _is_over(self, n: int, service: str, *, again: bool) -> None:
        """Tell that it is over, and may be that it fires again at once, as what goes on and off does."""
        report = self._alert(n, service)
        self.episodes.pop(report.fingerprint)
        over = {"status": AlertStatus.RESOLVED, "ends_at": self.world.clock.now()}
        await self._tell(replace(report, **over))  # type: ignore[arg-type] # real fields
        if again:
            self.world.clock.move(timedelta(seconds=1))
            await self._tell(self._alert(n, service))

    async def _all_are_over(self) -> None:
        async with self.world.database.reading() as connection:
            there = await alerts.all_firing(connection)
        over = {"status": AlertStatus.RESOLVED, "ends_at": self.world.clock.now()}
        self.episodes.clear()
        self.world.clock.move(timedelta(seconds=1))
        await self._tell(*(replace(one.report, **over) for one in there))  # type: ignore[arg-type] # real fields

    async def _press(self, which: int, about: Any) -> None:
        """Do something about one of the groups that fire."""
        async with self.world.database.reading() as connection:
            there = sorted(one.id for one in await groups.firing(connection))
        if there:
            await self.ask(about(GroupId(there[which % len(there)])), self.key())
