"""A bench for the rules: hand in commands one after another, look at what they lead to.

No database, no clock but the test's.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.alerts_model import Alert, AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import Command, Declare
from bot.domain.decide import decide
from bot.domain.decisions import Decision, State
from bot.domain.groups_model import Group
from bot.domain.ids import ChannelId, IncidentId, ServiceName, SourceName, UserId
from bot.domain.model import Incident, Severity
from bot.domain.policy import DEFAULT_SEVERITIES, Policy, Service
from bot.domain.result_commands import OpenedChannel
from bot.domain.work import Work

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
ANA, BO, CLEO = UserId("U0ANA"), UserId("U0BO"), UserId("U0CLEO")
CHECKOUT = ServiceName("checkout")
POLICY = Policy(
    paging=True,
    severities=dict(DEFAULT_SEVERITIES),
    services={CHECKOUT: Service(name=CHECKOUT, on_call=(CLEO,), runbook_url="https://runbooks.example/checkout")},
)


def reported(**changes: object) -> ReportedAlert:
    report = ReportedAlert(
        source=SourceName("alertmanager"),
        fingerprint="c06c68c35dba1dca",
        status=AlertStatus.FIRING,
        starts_at=START - timedelta(minutes=2),
        title="CheckoutErrorBudgetBurn",
        summary="Checkout is burning its error budget",
        severity=AlertSeverity.CRITICAL,
        labels={"service": "checkout", "region": "eu-west-1"},
    )
    return replace(report, **changes)  # type: ignore[arg-type] # the test names real fields


class Story:
    """One incident (or alert) and the moments of its life."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.policy, self.now = policy, START
        self.current: Incident | None = None
        self.alert: Alert | None = None
        self.group: Group | None = None
        self.last = Decision()

    @property
    def incident(self) -> Incident:
        assert self.current is not None
        return self.current

    @property
    def shown(self) -> Group:
        assert self.group is not None
        return self.group

    def do(self, command: Command, *, at: timedelta | None = None) -> Decision:
        """Hand in a command; `at` is counted from the start."""
        if at is not None:
            self.now = START + at
        state = State(
            incident=self.current,
            alert=self.alert,
            group=self.group,
            number=IncidentId(42),
            suffix="7k3x",
            on_call={},
        )
        if isinstance(command, Declare):
            members = (self.alert,) if self.alert else ()
            state = replace(state, incident=None, earlier=self.current, alerts=members)
        self.last = decide(state, command, self.now, self.policy)
        self.current = self.last.incident or self.current
        self.alert = next((one for one in (*self.last.alerts, self.last.alert) if one), self.alert)
        self.group = self.last.group or self.group
        return self.last

    def declared(self, severity: Severity = Severity.SEV2) -> "Story":
        self.do(Declare(title="Checkout is down", by=ANA, severity=severity, service=CHECKOUT))
        return self

    def opened(self) -> "Story":
        incident = self.incident
        self.do(OpenedChannel(incident=incident.id, channel=ChannelId("C1"), name=incident.channel_name))
        return self

    def work(self) -> list[Work]:
        return [effect.work for effect in self.last.effects]

    def kinds(self) -> list[str]:
        return [work.kind for work in self.work()]

    def happened(self) -> list[str]:
        return [event.kind for event in self.last.events]
