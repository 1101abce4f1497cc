"""How this organisation wants it.

Services, routes, severities, channels. Built from `muster.yaml` once and passed; never a global.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.calls import Callee
from bot.domain.copying import replace
from bot.domain.flapping import FlapRule
from bot.domain.ids import ServiceName, UserId
from bot.domain.impact import Question
from bot.domain.kept import Kept
from bot.domain.model import Severity
from bot.domain.muting import MutePolicy
from bot.domain.permissions import Permissions
from bot.domain.roles_model import CustomRole
from bot.domain.routed import Routed
from bot.domain.routing import Route, every_route, way_of
from bot.domain.rules import DeclareRule
from bot.domain.runbooks import Runbook
from bot.domain.silent import SilencePolicy
from bot.domain.storms_model import StormPolicy
from bot.domain.watchdogs import Watchdog


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """With what an update begins: what happens, what it does to others, what is being done."""

    happening: str = ""
    impact: str = ""
    doing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityPolicy:
    """What a severity means here: when to use it, how often an update is owed, whether somebody is paged."""

    meaning: str
    update_every: timedelta
    page: bool
    # How long nobody may be in command until the channel is reminded; as of all others when it is not said.
    vacant_after: timedelta | None = None
    # Within what a page is acknowledged; None: nobody asks.
    acknowledge_within: timedelta | None = None
    # With what the form of an update begins.
    template: Template = Template()
    # Who comes into the channel: people and user groups; nobody's phone rings for that.
    invite: tuple[Callee, ...] = ()
    # Who is woken one level after the other when somebody escalates.
    escalation: tuple[tuple[Callee, ...], ...] = ()
    # Whether what Muster says in the channel stands in the card's thread, but for what all must see (loud.py).
    compact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something that can break, who answers for it, and where it is written how to mend it.

    `on_call` are people who are on call when no pager is asked; `escalation_policy` is PagerDuty's id, asked when
    there is an API key.
    """

    name: ServiceName
    description: str = ""
    owners: tuple[UserId, ...] = ()
    on_call: tuple[UserId, ...] = ()
    runbook_url: str | None = None
    channel: str | None = None
    escalation_policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What we know of an alerting rule, by its name."""

    runbook_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Where the bot speaks outside incidents: a Slack channel id, or a name with or without "#"."""

    alerts: str = "alerts"
    announcements: str = "incidents"
    admin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSeverities:
    """What words of senders mean here, in lower case, and the label that has them; other words mean what they do."""

    label: str = "severity"
    words: Mapping[str, AlertSeverity] = field(default_factory=dict)


DEFAULT_SEVERITIES: Mapping[Severity, SeverityPolicy] = {
    Severity.SEV1: SeverityPolicy(
        meaning="Critical: most customers cannot use us, or data is at risk",
        update_every=timedelta(minutes=10),
        page=True,
        acknowledge_within=timedelta(minutes=2),
    ),
    Severity.SEV2: SeverityPolicy(
        meaning="Major: an important feature is broken for many customers",
        update_every=timedelta(minutes=30),
        page=True,
        acknowledge_within=timedelta(minutes=5),
    ),
    Severity.SEV3: SeverityPolicy(
        meaning="Minor: something is degraded and there is a way around it",
        update_every=timedelta(days=1),
        page=False,
        acknowledge_within=timedelta(minutes=30),
    ),
    Severity.SEV4: SeverityPolicy(
        meaning="Low: a blemish, or something to watch", update_every=timedelta(days=7), page=False
    ),
}

# What an alert's severity proposes when somebody declares an incident from it.
PROPOSED: Mapping[AlertSeverity, Severity] = {
    AlertSeverity.CRITICAL: Severity.SEV1,
    AlertSeverity.HIGH: Severity.SEV2,
    AlertSeverity.WARNING: Severity.SEV3,
    AlertSeverity.UNKNOWN: Severity.SEV3,
    AlertSeverity.INFO: Severity.SEV4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything that `decide` may know of the organisation."""

    services: Mapping[ServiceName, Service] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    severities: Mapping[Severity, SeverityPolicy] = field(default_factory=lambda: dict(DEFAULT_SEVERITIES))
    alert_severities: AlertSeverities = field(default_factory=AlertSeverities)
    channels: Channels = field(default_factory=Channels)
    default_severity: Severity = Severity.SEV3
    # What is asked about the impact of an incident that is declared in the form.
    impact: tuple[Question, ...] = ()
    vacant_after: timedelta = timedelta(minutes=5)
    # The roles of this organisation beside those that everybody has, with what each asks of its holder.
    roles: Mapping[CustomRole, tuple[str, ...]] = field(default_factory=dict)
    # How long an incident is SEV-1 until its channel is asked to fill the roles that are vacant.
    structure_after: timedelta = timedelta(minutes=30)
    # Who is called when an update stays overdue though everybody who owes it was.
    managers: tuple[UserId, ...] = ()
    # How long somebody has to answer when a role is offered to them.
    handover_after: timedelta = timedelta(minutes=5)
    channel_prefix: str = "inc"
    # What fires again so soon after its end is shown in the message that is there, and reopens its incident.
    reopen_within: timedelta = timedelta(minutes=30)
    flapping: FlapRule = field(default_factory=FlapRule)
    declare: tuple[DeclareRule, ...] = ()
    # Whoever reacts so to a message is offered to declare an incident from it; none, when it is empty.
    declare_reaction: str = "rotating_light"
    # It does not offer that, it declares.
    declares_at_once: bool = False
    # How long all alerts of an incident must be over before its end is proposed.
    propose_resolve_after: timedelta = timedelta(minutes=5)
    # Which messages of an incident's channel are recorded though nobody marks them.
    messages_kept: Kept = Kept.ALL
    # Whether what sources draw is shown, and not only linked.
    pictures: bool = True
    # How long before its declaration a deploy of its service belongs to an incident's story.
    deploys_before: timedelta = timedelta(hours=1)
    # How long an incident may be in triage until its channel is asked what it is, then every hour; None: it never is.
    triage_after: timedelta | None = timedelta(minutes=15)
    # How long nothing must be said in the channel of an incident that is over until it is archived; None: it never is.
    archive_after: timedelta | None = timedelta(days=14)
    paging: bool = False
    permissions: Permissions = field(default_factory=Permissions)
    # The callees whose phones ring by an integration of their own (calls.Callee.key).
    own_pagers: frozenset[str] = frozenset()
    silent: SilencePolicy = field(default_factory=SilencePolicy)
    mute: MutePolicy = field(default_factory=MutePolicy)
    watchdogs: tuple[Watchdog, ...] = ()
    runbooks: tuple[Runbook, ...] = ()
    storm: StormPolicy = field(default_factory=StormPolicy)

    def vacant_after_of(self, severity: Severity) -> timedelta:
        """Return how long nobody may be in command of an incident of a severity until its channel is reminded."""
        here = self.severities.get(severity)
        return here.vacant_after if here and here.vacant_after else self.vacant_after

    @property
    def copies(self) -> bool:
        """Tell whether alerts may go on to further channels."""
        return any(route.goes_on for _, route in every_route(self.routes))

    def service_of(self, report: ReportedAlert) -> ServiceName | None:
        """Return the service that an alert is about: its `service` label, configured or not."""
        name = report.labels.get("service", "").strip()
        return ServiceName(name) if name else None

    def routed(self, report: ReportedAlert, *, explain: bool = False) -> Routed:
        """Return where an alert goes, and how it is grouped there: as its route says, else to its service's channel."""
        name = self.service_of(report)
        service = self.services.get(name) if name else None
        channel = (service.channel if service else None) or self.channels.alerts
        default = Routed(channel=channel, flapping=self.flapping)
        return way_of(report, self.routes, default, explain=explain)

    def resolve_after(self, report: ReportedAlert) -> timedelta | None:
        """Return how long nothing may be heard of an alert that fires until it counts as over; None: for ever."""
        rules, sender = self.silent, (report.source, report.integration)
        if sender in rules.listed:
            return None
        said = self.routed(report).resolve_after if rules.by_route else None
        return (rules.senders.get(sender) if said is None else said) or None

    def graded(self, report: ReportedAlert) -> ReportedAlert:
        """Return an alert with the severity that this organisation has for the word that its sender gives."""
        if not self.alert_severities.words:  # as nearly everywhere, and each alert is asked about
            return report
        word = report.labels.get(self.alert_severities.label, "").strip().lower()
        severity = self.alert_severities.words.get(word, report.severity)
        return report if severity is report.severity else replace(report, severity=severity)

    def is_pressing(self, reports: Iterable[ReportedAlert]) -> bool:
        """Tell whether something of it is critical and fires."""
        firing = (self.graded(one) for one in reports if one.status is AlertStatus.FIRING)
        return any(one.severity is AlertSeverity.CRITICAL for one in firing)

    def runbook_for(self, report: ReportedAlert) -> str | None:
        """Return the alert's own runbook, else its rule's, else its service's."""
        rule = self.rules.get(report.title)
        name = self.service_of(report)
        service = self.services.get(name) if name else None
        return report.runbook_url or (rule.runbook_url if rule else None) or (service.runbook_url if service else None)
