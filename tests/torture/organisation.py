"""The company of a simulated life: what it has configured of all that can be, and what its monitoring watches.

Every third life is watched over: there a heartbeat is expected, Muster says each minute that it is there, and knows
when it was not. That costs a statement a minute, so not every life has it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.calls import Callee, CalleeKind
from bot.domain.digests_model import Digest
from bot.domain.ids import ServiceName, SourceName
from bot.domain.matchers import matchers_of
from bot.domain.model import Severity
from bot.domain.muting import Inhibition, Maintenance, MutePolicy
from bot.domain.policy import Policy, Service
from bot.domain.routing import Route
from bot.domain.rules import DeclareRule
from bot.domain.runbooks import Runbook
from bot.domain.silent import SilencePolicy
from bot.domain.watchdogs import Watchdog
from bot.domain.windows import Weekly
from tests.engine.world import BO, CHECKOUT, CLEO, POLICY

ALERTMANAGER: Final = SourceName("alertmanager")
# Sends mails that say when something begins, and never that it is over.
MAILS: Final = SourceName("mail")
SHARING: Final = f"{ALERTMANAGER}/default"
PAYMENTS, SEARCH, LEDGER = ServiceName("payments"), ServiceName("search"), ServiceName("ledger")
MINUTE: Final = timedelta(minutes=1)
EVERY_OTHER_HOUR: Final = tuple(
    Weekly(days=frozenset(range(7)), begins=time(hour), ends=time(hour, 50), zone=ZoneInfo("Europe/Berlin"))
    for hour in range(0, 24, 3)
)
ROOMS: Final = ("lab", "search", "everything")
RULES: Final = (
    DeclareRule(
        name="payments",
        matchers=matchers_of("service=payments"),
        min_severity=AlertSeverity.HIGH,
        after=MINUTE,
        propose_resolve_after=2 * MINUTE,
    ),
    DeclareRule(name="many", matchers=matchers_of("team=many"), min_firing=3, after=5 * MINUTE, triage=True),
    DeclareRule(name="patched", matchers=matchers_of("service=patched")),
)
MUTES: Final = MutePolicy(
    followed={SHARING: True},
    maintenance=(Maintenance(name="patches", matchers=matchers_of("service=patched"), windows=EVERY_OTHER_HOUR),),
    inhibitions=(
        Inhibition(source=matchers_of("alertname=ClusterDown"), target=matchers_of("severity=warning,team=many")),
    ),
)
ROUTES: Final = (
    Route(matchers=matchers_of("team=batch"), digest=Digest(every=timedelta(hours=1))),
    Route(matchers=matchers_of("team=lab"), channel="lab", group_wait=timedelta(seconds=30)),
    Route(matchers=matchers_of('service=~"shop-.*|payments"'), goes_on=True),
    Route(matchers=matchers_of('service=~"shop-.*|payments"'), channel="everything"),
    Route(matchers=matchers_of("team=shared"), group_by=("service",), group_within=5 * MINUTE),
    Route(matchers=matchers_of("team=mail"), resolve_after=timedelta(minutes=40)),
)
PATH: Final = ((Callee(kind=CalleeKind.PERSON, name=CLEO),), (Callee(kind=CalleeKind.SERVICE, name=CHECKOUT),))
DOG: Final = Watchdog(
    source=ALERTMANAGER,
    integration="default",
    match=matchers_of("alertname=Watchdog"),
    every=10 * MINUTE,
    grace=20 * MINUTE,
)
WANTED: Final = (Callee(kind=CalleeKind.PERSON, name=BO), Callee(kind=CalleeKind.GROUP, name="S0LEADS"))
BOOKS: Final = (
    Runbook(
        name="checkout",
        title="Checkout <!here>",
        steps=("Look <!channel>", "Roll back", "Say so"),
        services=(CHECKOUT,),
    ),
    Runbook(name="payments", title="Payments", steps=("Look", "Call the bank"), services=(PAYMENTS,)),
)
COMPANY: Final = replace(
    POLICY,
    runbooks=BOOKS,
    routes=ROUTES,
    declare=RULES,
    archive_after=timedelta(hours=3),
    mute=MUTES,
    silent=SilencePolicy(by_route=True),
    severities={
        **POLICY.severities,
        Severity.SEV2: replace(POLICY.severities[Severity.SEV2], escalation=PATH, invite=WANTED),
        Severity.SEV3: replace(POLICY.severities[Severity.SEV3], compact=True),
    },
    services={
        **POLICY.services,
        PAYMENTS: Service(name=PAYMENTS, on_call=(CLEO,)),
        LEDGER: Service(name=LEDGER, on_call=(BO,)),
        SEARCH: Service(name=SEARCH, owners=(BO,), channel="search"),
    },
)


def is_watched(seed: int) -> bool:
    """Tell whether in a life of this seed a heartbeat is expected."""
    return seed % 3 == 1


def policy_of(seed: int) -> Policy:
    """Return how the company of a life wants it."""
    return replace(COMPANY, watchdogs=(DOG,)) if is_watched(seed) else COMPANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What is watched of one thing; `kin` is the same thing when it is as grave as that."""

    title: str
    labels: Mapping[str, str]
    severity: AlertSeverity = AlertSeverity.WARNING
    source: SourceName = ALERTMANAGER
    kin: AlertSeverity | None = None


def _pods(
    title: str, pods: Sequence[str], severity: AlertSeverity = AlertSeverity.WARNING, **labels: str
) -> list[Series]:
    return [Series(title=title, labels={"pod": pod, **labels}, severity=severity) for pod in pods]


CRITICAL, HIGH, INFO = AlertSeverity.CRITICAL, AlertSeverity.HIGH, AlertSeverity.INFO
SERIES: Final[Sequence[Series]] = (
    *_pods("Alert0", "abc", CRITICAL, service=CHECKOUT),
    *_pods("Alert1", "abc", CRITICAL, service=CHECKOUT),
    *_pods("PaymentsFail", "ab", CRITICAL, service=PAYMENTS),
    *_pods("PaymentsSlow", "a", HIGH, service=PAYMENTS),
    *_pods("QueueIsLong", "abcd", team="many", service="queues"),
    *_pods("Patching", "a", CRITICAL, service="patched"),
    *_pods("ClusterDown", "a", CRITICAL, cluster="eu"),
    *_pods("JobFailed", "abc", INFO, team="batch"),
    *_pods("LabIsHot", "ab", team="lab"),
    *_pods("SearchIsSlow", "a", service=SEARCH),
    Series(title="DiskFills", labels={"host": "a", "service": CHECKOUT}, kin=CRITICAL),
    Series(title="DiskFills", labels={"host": "b", "service": PAYMENTS}, kin=CRITICAL),
    Series(title="CallsDrop", labels={"team": "shared", "service": "phones"}),
    Series(title="LinesAreBusy", labels={"team": "shared", "service": "phones"}, source=MAILS),
    Series(title="BackupFailed", labels={"team": "mail"}, source=MAILS),
    Series(title="TapeIsFull", labels={"team": "mail", "service": CHECKOUT}, source=MAILS),
)


def fingerprint(series: Series, grade: AlertSeverity | None = None) -> str:
    """Return what names a series, or the one of its kin that is so grave."""
    return f"{series.title} {'/'.join(series.labels.values())} {(grade or series.severity) if series.kin else ''}"


def report_of(
    series: Series, status: AlertStatus, *, began: datetime, now: datetime, grade: AlertSeverity | None = None
) -> ReportedAlert:
    """Return what is reported of an episode of a series."""
    severity = grade or series.severity
    labels = {**series.labels, "alertname": series.title} | ({"severity": severity.value} if series.kin else {})
    return ReportedAlert(
        source=series.source,
        fingerprint=fingerprint(series, grade),
        status=status,
        starts_at=began,
        ends_at=now if status is AlertStatus.RESOLVED else None,
        title=series.title,
        summary=f"{series.title} of {fingerprint(series, grade)} <!here>",
        severity=severity,
        labels=labels,
    )
