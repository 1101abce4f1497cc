"""The shape of `muster.yaml`: one model a block. Unknown keys are refused; nothing here is a secret."""

from datetime import timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from bot.domain.matchers import matchers_of
from bot.domain.mirroring import Sharing
from bot.domain.model import Severity
from bot.domain.permissions import Act
from bot.settings.block import Block, nothing_is_empty
from bot.settings.calm import StormBlock
from bot.settings.declaring import DeclareBlock
from bot.settings.faults import Where
from bot.settings.fields import (
    Channel,
    Duration,
    EscalationPolicy,
    Header,
    Headers,
    IntegrationName,
    JsonLabels,
    JsonPath,
    JsonPaths,
    Matchers,
    Pattern,
    Prefix,
    Silence,
    Silences,
    Text,
    Topics,
    User,
    Values,
    Variable,
    Variables,
    WebAddress,
    WebAddresses,
)
from bot.settings.flapping import FlappingBlock
from bot.settings.people import Escalation, PermissionBlock, PersonBlock, RoleDuties, RoleName
from bot.settings.quiet import InhibitBlock, MaintenanceBlock, quiet_keys_at
from bot.settings.route_fields import HoursName
from bot.settings.routes import AlertSeveritiesBlock, RouteBlock, TimeWindowBlock

DEFAULT_TOKEN_VARIABLE: Final = "MUSTER_ALERTS_TOKEN"  # noqa: S105 - the name of a variable


class ChannelsBlock(Block):
    """Where the bot speaks outside incidents."""

    alerts: Channel = "alerts"
    announcements: Channel = "incidents"
    admin: Channel | None = None


class ServiceBlock(Block):
    """Something that can break, and who answers for it."""

    description: Text = ""
    owners: tuple[User, ...] = ()
    on_call: tuple[User, ...] = ()
    runbook: WebAddress | None = None
    channel: Channel | None = None
    escalation_policy: EscalationPolicy | None = None
    page_env: Variable | None = None


class RuleBlock(Block):
    """What is known of an alerting rule."""

    runbook: WebAddress


class SeverityBlock(Block):
    """What is said here replaces what Muster thinks of a severity; what is not said stays."""

    meaning: Text | None = None
    update_every: Duration | None = None
    page: StrictBool | None = None
    escalation: Escalation = ()


class SeveritiesBlock(Block):
    """One block a severity."""

    sev1: Annotated[SeverityBlock, BeforeValidator(nothing_is_empty)] = SeverityBlock()
    sev2: Annotated[SeverityBlock, BeforeValidator(nothing_is_empty)] = SeverityBlock()
    sev3: Annotated[SeverityBlock, BeforeValidator(nothing_is_empty)] = SeverityBlock()
    sev4: Annotated[SeverityBlock, BeforeValidator(nothing_is_empty)] = SeverityBlock()

    def of(self, severity: Severity) -> SeverityBlock:
        """Return the block of a severity."""
        blocks = {
            Severity.SEV1: self.sev1,
            Severity.SEV2: self.sev2,
            Severity.SEV3: self.sev3,
            Severity.SEV4: self.sev4,
        }
        return blocks[severity]


class MappingBlock(Block):
    """Where things stand in JSON of anybody's making; see bot/inbound/mapping.py."""

    alerts: JsonPath = ()
    title: JsonPaths
    fingerprint: JsonPaths
    status: JsonPaths = ()
    resolved: Values | None = None
    severity: JsonPaths = ()
    starts_at: JsonPaths = ()
    ends_at: JsonPaths = ()
    summary: JsonPaths = ()
    description: JsonPaths = ()
    labels: JsonLabels = ()
    source_url: JsonPaths = ()
    runbook_url: JsonPaths = ()
    dashboard_url: JsonPaths = ()


class ReconcileBlock(Block):
    """Where a sender's own list of its alerts is asked for; the addresses are the peers of one cluster."""

    urls: WebAddresses
    token_env: Variable | None = None
    user: Text | None = None
    receiver: Pattern | None = None
    organisation: Text | None = None
    silences: Silences = Sharing.OFF
    every: Duration | None = None
    gone_after: Duration | None = None


class MailBlock(Block):
    """How e-mails are read; see bot/inbound/mail_rules.py."""

    resolved: Values | None = None
    firing: Values | None = None
    identity: Headers = ()
    labels: dict[Text, Header] = Field(default_factory=dict)


class SmtpBlock(Block):
    """Where e-mails are taken in."""

    port: Annotated[int, Field(strict=True, ge=0, le=65_535)]
    certificate: Text | None = None
    key: Text | None = None
    require_tls: StrictBool = False


class WatchdogBlock(Block):
    """An alert that is expected to fire always; see bot/domain/watchdogs.py."""

    match: Matchers = matchers_of('alertname="Watchdog"')
    every: Duration = timedelta(minutes=1)
    grace: Duration = timedelta(minutes=5)


class IntegrationBlock(Block):
    """One of several senders of a kind, told apart by what they prove themselves with."""

    token_env: Variables | None = None
    topics: Topics = ()
    mapping: MappingBlock | None = None
    reconcile: ReconcileBlock | None = None
    watchdog: WatchdogBlock | None = None
    mail: MailBlock | None = None
    resolve_after: Silence | None = None


class SourceBlock(IntegrationBlock):
    """A kind of sender of alerts. Without a word about `enabled` it is on when it can prove itself.

    What stands here itself is the first sender's. Where a secret is wanted, and no integration is there, its token is
    MUSTER_ALERTS_TOKEN unless `token_env` says another.
    """

    enabled: StrictBool | None = None
    integrations: dict[IntegrationName, Annotated[IntegrationBlock, BeforeValidator(nothing_is_empty)]] = Field(
        default_factory=dict
    )


class MusterYaml(Block):
    """The whole file."""

    channels: ChannelsBlock = ChannelsBlock()
    channel_prefix: Prefix = "inc"
    default_severity: Severity = Severity.SEV3
    vacant_after: Duration | None = None
    handover_after: Duration | None = None
    structure_after: Duration | None = None
    managers: tuple[User, ...] = ()
    roles: dict[RoleName, RoleDuties] = Field(default_factory=dict)
    people: dict[User, Annotated[PersonBlock, BeforeValidator(nothing_is_empty)]] = Field(default_factory=dict)
    permissions: dict[Act, PermissionBlock] = Field(default_factory=dict)
    severities: SeveritiesBlock = SeveritiesBlock()
    services: dict[Text, Annotated[ServiceBlock, BeforeValidator(nothing_is_empty)]] = Field(default_factory=dict)
    alert_severities: AlertSeveritiesBlock | None = None
    time_windows: dict[HoursName, Annotated[TimeWindowBlock, BeforeValidator(nothing_is_empty)]] = Field(
        default_factory=dict
    )
    routes: tuple[RouteBlock, ...] = ()
    flapping: FlappingBlock = FlappingBlock()
    declare: tuple[DeclareBlock, ...] = ()
    propose_resolve_after: Duration | None = None
    reopen_within: Duration | None = None
    rules: dict[Text, RuleBlock] = Field(default_factory=dict)
    storm: StormBlock | None = None
    smtp: SmtpBlock | None = None
    maintenance: tuple[MaintenanceBlock, ...] = ()
    inhibit: tuple[InhibitBlock, ...] = ()
    sources: dict[str, Annotated[SourceBlock, BeforeValidator(nothing_is_empty)]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _empty_sections_are_not_there(cls, data: object) -> object:
        """Let `services:` stand with all below it commented out."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None or name not in _SECTIONS}


_SECTIONS: Final = frozenset(
    {
        "alert_severities",
        "channels",
        "declare",
        "flapping",
        "inhibit",
        "maintenance",
        "severities",
        "services",
        "routes",
        "people",
        "permissions",
        "roles",
        "rules",
        "smtp",
        "sources",
        "storm",
        "time_windows",
    }
)


def keys_at(where: Where) -> frozenset[str]:  # noqa: C901, PLR0912 - one line a block
    """Return the keys that may stand in the block at a place of the file."""
    block: type[Block]
    match where:
        case ():
            block = MusterYaml
        case ("channels",):
            block = ChannelsBlock
        case ("severities",):
            block = SeveritiesBlock
        case ("severities", _):
            block = SeverityBlock
        case ("permissions" | "people" as name, _):
            block = PermissionBlock if name == "permissions" else PersonBlock
        case ("services", _):
            block = ServiceBlock
        case ("alert_severities",):
            block = AlertSeveritiesBlock
        case ("time_windows", _):
            block = TimeWindowBlock
        case ("routes", *_, int()):
            block = RouteBlock
        case ("flapping",) | ("routes", *_, "flapping"):
            block = FlappingBlock
        case ("declare", int()):
            block = DeclareBlock
        case ("rules", _):
            block = RuleBlock
        case ("maintenance" | "inhibit", *_):
            return quiet_keys_at(where)
        case ("sources", _, "mapping") | ("sources", _, "integrations", _, "mapping"):
            block = MappingBlock
        case ("sources", _, "reconcile") | ("sources", _, "integrations", _, "reconcile"):
            block = ReconcileBlock
        case ("sources", _, "watchdog") | ("sources", _, "integrations", _, "watchdog"):
            block = WatchdogBlock
        case ("sources", _, "mail") | ("sources", _, "integrations", _, "mail"):
            block = MailBlock
        case ("storm",):
            block = StormBlock
        case ("smtp",):
            block = SmtpBlock
        case ("sources", _, "integrations", _):
            block = IntegrationBlock
        case ("sources", _):
            block = SourceBlock
        case _:
            return frozenset()
    return frozenset(field.alias or name for name, field in block.model_fields.items())
