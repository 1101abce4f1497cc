"""The shape of `muster.yaml`: one model a block. Unknown keys are refused; nothing here is a secret."""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from bot.domain.model import Severity
from bot.domain.permissions import Act
from bot.domain.policy import Policy
from bot.settings.block import Block, nothing_is_empty
from bot.settings.calm import StormBlock
from bot.settings.declaring import DeclareBlock
from bot.settings.faults import Where
from bot.settings.fields import (
    Channel,
    Duration,
    EscalationPolicy,
    Prefix,
    Service,
    Silence,
    Text,
    User,
    Variable,
    WebAddress,
)
from bot.settings.flapping import FlappingBlock
from bot.settings.impact import Impact
from bot.settings.people import Escalation, Invited, PermissionBlock, PersonBlock, RoleDuties, RoleName
from bot.settings.quiet import InhibitBlock, MaintenanceBlock, SilencesDeclared, quiet_keys_at
from bot.settings.route_fields import HoursName
from bot.settings.routes import AlertSeveritiesBlock, RouteBlock, TimeWindowBlock
from bot.settings.runbooks import RunbooksBlock
from bot.settings.source_blocks import (
    IntegrationBlock,
    MailBlock,
    MappingBlock,
    ReconcileBlock,
    SmtpBlock,
    SourceBlock,
    WatchdogBlock,
)
from bot.settings.timeline import TimelineBlock
from bot.settings.updates import TemplateBlock


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
    vacant_after: Duration | None = None
    acknowledge_within: Duration | None = None
    compact: StrictBool = False
    invite: Invited = ()
    escalation: Escalation = ()
    update: TemplateBlock = TemplateBlock()


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


class MusterYaml(Block):
    """The whole file."""

    channels: ChannelsBlock = ChannelsBlock()
    channel_prefix: Prefix = "inc"
    default_severity: Severity = Severity.SEV3
    vacant_after: Duration | None = None
    handover_after: Duration | None = None
    structure_after: Duration | None = None
    triage_after: Silence | None = None
    archive_after: Silence | None = None
    managers: tuple[User, ...] = ()
    roles: dict[RoleName, RoleDuties] = Field(default_factory=dict)
    people: dict[User, Annotated[PersonBlock, BeforeValidator(nothing_is_empty)]] = Field(default_factory=dict)
    permissions: dict[Act, PermissionBlock] = Field(default_factory=dict)
    severities: SeveritiesBlock = SeveritiesBlock()
    impact: Impact = Field(default_factory=dict)
    services: dict[Service, Annotated[ServiceBlock, BeforeValidator(nothing_is_empty)]] = Field(default_factory=dict)
    alert_severities: AlertSeveritiesBlock | None = None
    time_windows: dict[HoursName, Annotated[TimeWindowBlock, BeforeValidator(nothing_is_empty)]] = Field(
        default_factory=dict
    )
    routes: tuple[RouteBlock, ...] = ()
    flapping: FlappingBlock = FlappingBlock()
    declare: tuple[DeclareBlock, ...] = ()
    declare_reaction: Annotated[str, Field(pattern=r"^[a-z0-9_+-]{1,100}$")] | None = Policy().declare_reaction
    declare_by_reaction: Literal["offer", "at_once"] = "offer"
    propose_resolve_after: Duration | None = None
    reopen_within: Duration | None = None
    rules: dict[Text, RuleBlock] = Field(default_factory=dict)
    runbooks: RunbooksBlock | None = None
    pictures: StrictBool = True
    storm: StormBlock | None = None
    timeline: TimelineBlock = TimelineBlock()
    smtp: SmtpBlock | None = None
    maintenance: tuple[MaintenanceBlock, ...] = ()
    inhibit: tuple[InhibitBlock, ...] = ()
    silences: SilencesDeclared = ()
    sources: dict[str, Annotated[SourceBlock, BeforeValidator(nothing_is_empty)]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _empty_sections_are_not_there(cls, data: object) -> object:
        """Let `services:` stand with all below it commented out."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None or name not in _SECTIONS}


_SECTIONS: Final = frozenset({
    "alert_severities", "channels", "declare", "flapping", "impact", "inhibit", "maintenance", "people",
    "permissions", "roles", "routes", "rules", "runbooks", "services", "severities", "silences", "smtp", "sources",
    "storm", "time_windows", "timeline",
})  # fmt: skip


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
        case ("severities", _, *rest):
            block = TemplateBlock if rest else SeverityBlock
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
        case ("maintenance" | "inhibit" | "silences", *_):
            return quiet_keys_at(where)
        case ("sources", _, "mapping") | ("sources", _, "integrations", _, "mapping"):
            block = MappingBlock
        case ("sources", _, "reconcile") | ("sources", _, "integrations", _, "reconcile"):
            block = ReconcileBlock
        case ("sources", _, "watchdog") | ("sources", _, "integrations", _, "watchdog"):
            block = WatchdogBlock
        case ("sources", _, "mail") | ("sources", _, "integrations", _, "mail"):
            block = MailBlock
        case ("storm" | "runbooks" as name,):
            block = StormBlock if name == "storm" else RunbooksBlock
        case ("smtp" | "timeline" as name,):
            block = SmtpBlock if name == "smtp" else TimelineBlock
        case ("sources", _, "integrations", _):
            block = IntegrationBlock
        case ("sources", _):
            block = SourceBlock
        case _:
            return frozenset()
    return frozenset(field.alias or name for name, field in block.model_fields.items())
