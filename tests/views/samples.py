"""An incident, its alert and the organisation around it, for views to show. Nothing here renders anything."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.alerts_model import Alert, AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.events import Event, TimelineRow
from bot.domain.evolve import fold
from bot.domain.ids import AlertId, ChannelId, IncidentId, ServiceName, SourceName, UserId
from bot.domain.model import Incident, Severity, Status, Update
from bot.domain.policy import Policy, Service
from bot.domain.roles_model import Role

AT = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
NOW = AT + timedelta(minutes=20)
ANA, BO, CLEO = UserId("U0ANA"), UserId("U0BO"), UserId("U0CLEO")
NAMES = {ANA: "Ana Lima", BO: "Bo Chen"}
CHECKOUT = ServiceName("checkout")
RUNBOOK = "https://runbooks.example/checkout"
POLICY = Policy(services={CHECKOUT: Service(name=CHECKOUT, runbook_url=RUNBOOK)})
NO_RUNBOOKS = Policy(services={CHECKOUT: Service(name=CHECKOUT)})

REPORT = ReportedAlert(
    source=SourceName("alertmanager"),
    fingerprint="c06c68c35dba1dca",
    status=AlertStatus.FIRING,
    starts_at=AT - timedelta(minutes=5),
    title="CheckoutErrorBudgetBurn",
    summary="Checkout fails for 12% of customers",
    description="The error budget of 30 days will be gone in 2 hours.",
    severity=AlertSeverity.CRITICAL,
    labels={"alertname": "CheckoutErrorBudgetBurn", "service": "checkout", "severity": "page", "pod": "api_1"},
    source_url="http://prometheus.example:9090/graph?g0.expr=a%20%3E%201&g0.tab=1",
    dashboard_url="https://graphs.example/d/checkout",
)
ALERT = Alert(
    id=AlertId("a1b2c3"),
    report=REPORT,
    status=AlertStatus.FIRING,
    first_seen_at=AT - timedelta(minutes=4),
    service=CHECKOUT,
    runbook_url=RUNBOOK,
    channel="alerts",
)
INCIDENT = Incident(
    id=IncidentId(42),
    title="checkout is down",
    severity=Severity.SEV1,
    status=Status.INVESTIGATING,
    declared_by=ANA,
    declared_at=AT,
    channel=ChannelId("C0INC42"),
    channel_name="inc-42-checkout-is-down-7k3",
    service=CHECKOUT,
    responders=(ANA,),
    update_due=AT + timedelta(minutes=30),
)
LED = replace(INCIDENT, roles={Role.COMMANDER: BO, Role.SCRIBE: ANA})
TOLD = replace(LED, last_update=Update(text="We are rolling back.", by=BO, at=AT + timedelta(minutes=10)))
RESOLVED = replace(
    TOLD,
    status=Status.RESOLVED,
    resolved_at=AT + timedelta(minutes=65),
    resolution="Rolled back release 2026-11-20.",
    update_due=None,
)


def timeline(*events: Event) -> tuple[Incident, tuple[TimelineRow, ...]]:
    """Return the incident that the events amount to, and their rows."""
    incident = fold(events)
    assert incident is not None
    rows = tuple(
        TimelineRow(incident=incident.id, seq=seq, event=event, hash="") for seq, event in enumerate(events, start=1)
    )
    return incident, rows
