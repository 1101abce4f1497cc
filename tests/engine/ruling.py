"""An organisation with rules, what its monitoring reports, and what comes of it."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.ids import IncidentId, ServiceName
from bot.domain.matchers import matchers_of
from bot.domain.model import Severity
from bot.domain.policy import Service
from bot.domain.rules import DeclareRule
from tests.domain.story import reported
from tests.engine.world import BO, CHECKOUT, POLICY, World
from tests.fakes.clock import START

N = IncidentId(1)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SEARCH = ServiceName("search")
RULES = (
    DeclareRule(name="many", matchers=matchers_of("team=many"), min_firing=3, after=5 * MINUTE, severity=Severity.SEV3),
    DeclareRule(name="checkout-critical", matchers=matchers_of("service=checkout"), min_severity=AlertSeverity.HIGH),
    DeclareRule(name="search-owners", matchers=matchers_of("service=search")),
)
RULED = replace(
    POLICY,
    declare=RULES,
    services={**POLICY.services, SEARCH: Service(name=SEARCH, owners=(BO,))},
)


def fails(name: str, pod: int = 1, **changes: object) -> ReportedAlert:
    """Return what is reported of a pod; each name is a group of its own."""
    labels = {"service": CHECKOUT, "pod": str(pod)}
    told = {"title": name, "summary": f"{name} on {pod}", "starts_at": START, "labels": labels}
    return reported(fingerprint=f"{name} {pod}", **(told | changes))


async def fire(world: World, *reports: ReportedAlert) -> None:
    for report in reports:
        await world.do(ReportAlert(report=report))


def over(report: ReportedAlert, at: timedelta) -> ReportedAlert:
    return replace(report, status=AlertStatus.RESOLVED, ends_at=START + at)


async def labels(world: World) -> list[str]:
    """Return what is open."""
    return [f"{one.label} {one.severity.label}" for one in await world.desk.open_incidents()]


def asked(world: World) -> list[str]:
    """Return what the channel's questions say now, in their order."""
    return [said.text for said in world.slack.said() if (said.marker or "").startswith("proposal:")]
