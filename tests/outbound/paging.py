"""What the pager's tests begin with: an organisation, an incident, a job, a pager."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from bot.domain.decisions import State
from bot.domain.ids import IncidentId, ServiceName
from bot.domain.model import Incident, Severity, Status
from bot.domain.places import place
from bot.domain.policy import Policy, Service
from bot.domain.work import Page, PageAction, Work
from bot.engine.jobs import Job
from bot.outbound.pagerduty import Pager
from tests.fakes.pagerduty import API_KEY, ROUTING_KEY, FakePagerDuty

CHECKOUT, SEARCH = ServiceName("checkout"), ServiceName("search")
RUNBOOK = "https://runbooks.example.com/checkout"
POLICY = Policy(
    services={
        CHECKOUT: Service(name=CHECKOUT, runbook_url=RUNBOOK, escalation_policy="PCHECK"),
        SEARCH: Service(name=SEARCH, escalation_policy="PSEARCH"),
        ServiceName("wiki"): Service(name=ServiceName("wiki")),
    },
    paging=True,
)
INCIDENT = Incident(
    id=IncidentId(42),
    title="checkout is down",
    severity=Severity.SEV1,
    status=Status.INVESTIGATING,
    declared_by=None,
    declared_at=datetime(2026, 11, 21, 2, 47, tzinfo=UTC),
    channel_name="inc-42-checkout-is-down-7kq2",
    service=CHECKOUT,
)


def job(action: PageAction = PageAction.TRIGGER, incident: Incident | None = INCIDENT, work: Work | None = None) -> Job:
    asked = work or Page(incident=IncidentId(42), action=action)
    return Job(work=asked, key=place(asked).key, attempt=1, state=State(incident=incident))


@contextmanager
def pager_of(
    pagerduty: FakePagerDuty, timeout: timedelta = timedelta(seconds=10), policy: Policy = POLICY
) -> Iterator[Pager]:
    """Give a pager with both keys that asks this PagerDuty."""
    pager = Pager(
        policy,
        routing_key=SecretStr(ROUTING_KEY),
        api_key=SecretStr(API_KEY),
        events_url=pagerduty.url,
        api_url=pagerduty.url,
        timeout=timeout,
    )
    yield pager
    pager.close()
