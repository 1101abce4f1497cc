"""Jobs as the dispatcher hands them out, and a small dispatcher that repeats what came to nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.alerts_model import Alert, AlertStatus, ReportedAlert
from bot.domain.decisions import State
from bot.domain.events import TimelineRow
from bot.domain.ids import AlertId, ChannelId, IncidentId, ServiceName, SourceName, UserId
from bot.domain.model import Incident, Severity, Status
from bot.domain.places import place
from bot.domain.policy import Channels, Policy, Service
from bot.domain.roles_model import Role
from bot.domain.work import Work
from bot.engine.jobs import Done, Job
from bot.errors import TryLater, Uncertain
from bot.outbound.slack.performers import slack_performers
from tests.fakes.clock import START, FakeClock
from tests.fakes.hearing import hear
from tests.fakes.slack import FakeSlack, Killed

ANA, BO, CLEO = UserId("U0ANA"), UserId("U0BO"), UserId("U0CLEO")
CHECKOUT = ServiceName("checkout")
NAME = "inc-1-checkout-is-down-7k3"
POLICY = Policy(
    services={CHECKOUT: Service(name=CHECKOUT, runbook_url="https://runbooks.example/checkout")},
    channels=Channels(alerts="alerts", announcements="#incidents", admin="muster-admin"),
)
ALERT = Alert(
    id=AlertId("a1"),
    report=ReportedAlert(
        source=SourceName("alertmanager"),
        fingerprint="f1",
        status=AlertStatus.FIRING,
        starts_at=START,
        title="CheckoutDown",
        summary="Checkout is down",
    ),
    status=AlertStatus.FIRING,
    first_seen_at=START,
    channel="alerts",
)
TRIES = 20


def incident(channel: ChannelId | None, **changes: object) -> Incident:
    """Return INC-1, as it stands in most tests."""
    plain = Incident(
        id=IncidentId(1),
        title="Checkout is down",
        severity=Severity.SEV1,
        status=Status.INVESTIGATING,
        declared_by=ANA,
        declared_at=START,
        channel_name=NAME,
        channel=channel,
        service=CHECKOUT,
        roles={Role.COMMANDER: BO},
        responders=(ANA, BO),
        update_due=START,
        events=3,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


class Stand:
    """A performer's world: Slack, a clock, and INC-1 with its channel, which we opened."""

    def __init__(self, *, opened: bool = True) -> None:
        self.clock = FakeClock()
        self.slack = FakeSlack(self.clock)
        for user, name in ((ANA, "Ana"), (BO, "Bo"), (CLEO, "Cleo")):
            self.slack.add_person(user, name)
        self.channel = self.slack.add_channel(NAME, creator="U0MUSTER") if opened else None
        self.incident = incident(self.channel.id if self.channel else None)
        self.alert = ALERT
        self.performers = slack_performers(self.slack, POLICY, self.clock, hear=hear)

    def job(self, work: Work, *, rows: Sequence[TimelineRow] = ()) -> Job:
        """Return the job of a first try."""
        state = State(incident=self.incident, alert=self.alert)
        return Job(work=work, key=place(work).key, attempt=1, state=state, rows=tuple(rows))

    async def once(self, job: Job) -> Done:
        """Try once."""
        return await self.performers[job.work.kind](job)

    async def deliver(self, job: Job) -> Done:
        """Try until it is done, as the dispatcher does: an unknown outcome, or a death, is remembered with its time."""
        for attempt in range(job.attempt, job.attempt + TRIES):
            job = replace(job, attempt=attempt, state=State(incident=self.incident, alert=self.alert))
            now = self.clock.now()
            try:
                return await self.once(job)
            except TryLater as later:
                await self.clock.advance(later.after if later.after is not None else timedelta(seconds=1))
            except (Uncertain, Killed):
                job = replace(job, maybe_sent_since=job.maybe_sent_since or now, last_sent_at=now)
                await self.clock.advance(timedelta(seconds=1))
        raise AssertionError(f"{job.work.kind} was not done in {TRIES} tries")
