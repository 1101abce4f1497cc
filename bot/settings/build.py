"""Makes the domain's Policy of a checked file."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import TypeVar

from bot.domain.calls import Callee, CalleeKind
from bot.domain.ids import ServiceName, SourceName, UserId
from bot.domain.mirroring import Sharing
from bot.domain.model import Severity
from bot.domain.policy import DEFAULT_SEVERITIES, Channels, Policy, Rule, Service, SeverityPolicy
from bot.domain.reconciling import Pace
from bot.domain.roles_model import CustomRole
from bot.domain.routing import every_route
from bot.domain.silent import NEVER_RESOLVED_AFTER, Sender, SilencePolicy
from bot.domain.watchdogs import Watchdog
from bot.inbound.alerts import SOURCES
from bot.inbound.authentication import DEFAULT_INTEGRATION
from bot.inbound.mail_rules import MailRules
from bot.inbound.mapping import RESOLVED, JsonMapping
from bot.settings.calm import storm_policy
from bot.settings.declaring import rules_of
from bot.settings.impact import questions_of
from bot.settings.models import IntegrationSettings, Organisation, ReconcileSettings, SmtpSettings, SourceSettings
from bot.settings.people import callee_of, permissions_of
from bot.settings.quiet import mute_policy
from bot.settings.routes import hours_of, routes_of, severities_of
from bot.settings.schema import MusterYaml, ServiceBlock
from bot.settings.senders import wants_secret
from bot.settings.source_blocks import (
    DEFAULT_TOKEN_VARIABLE,
    IntegrationBlock,
    MailBlock,
    MappingBlock,
    ReconcileBlock,
    SourceBlock,
)

K = TypeVar("K")
V = TypeVar("V")


def organisation(file: MusterYaml) -> Organisation:
    """Return what the file says in the domain's words. Paging is off: only the environment can tell that it is on."""
    default = Policy()
    flapping = file.flapping.rule(default.flapping)
    routes = routes_of(file.routes, hours_of(file.time_windows), flapping)
    policy = Policy(
        services=_fixed({ServiceName(name): _service(name, block) for name, block in file.services.items()}),
        routes=routes,
        flapping=flapping,
        alert_severities=severities_of(file.alert_severities),
        declare=rules_of(file.declare),
        declare_reaction=file.declare_reaction or "",
        declares_at_once=file.declare_by_reaction == "at_once",
        propose_resolve_after=file.propose_resolve_after or default.propose_resolve_after,
        triage_after=default.triage_after if file.triage_after is None else file.triage_after or None,
        archive_after=default.archive_after if file.archive_after is None else file.archive_after or None,
        reopen_within=file.reopen_within or default.reopen_within,
        rules=_fixed({name: Rule(runbook_url=block.runbook) for name, block in file.rules.items()}),
        severities=_fixed({severity: _severity(file, severity) for severity in Severity}),
        channels=Channels(
            alerts=file.channels.alerts, announcements=file.channels.announcements, admin=file.channels.admin
        ),
        default_severity=file.default_severity,
        impact=questions_of(file.impact),
        vacant_after=file.vacant_after or default.vacant_after,
        handover_after=file.handover_after or default.handover_after,
        permissions=permissions_of(file.permissions, file.roles),
        managers=tuple(UserId(user) for user in file.managers),
        structure_after=file.structure_after or default.structure_after,
        roles=_fixed({CustomRole(name): duties for name, duties in file.roles.items()}),
        channel_prefix=file.channel_prefix,
        mute=mute_policy(file.maintenance, file.inhibit),
        pictures=file.pictures,
        storm=storm_policy(file.storm),
        messages_kept=file.timeline.messages,
        deploys_before=file.timeline.deploys or default.deploys_before,
    )
    blocks = {name: file.sources.get(name, SourceBlock()) for name in SOURCES}
    silent = _silence(blocks, by_route=any(route.resolve_after is not None for _, route in every_route(routes)))
    watchdogs = tuple(dog for name, block in blocks.items() for dog in _watchdogs(name, block))
    sources = {name: _source(name, block) for name, block in blocks.items()}
    mute = replace(policy.mute, followed=_fixed(_followed(sources)))
    smtp = SmtpSettings(**file.smtp.model_dump()) if file.smtp else None
    policy = replace(policy, watchdogs=watchdogs, mute=mute, silent=silent)
    silences = tuple(block.declared() for block in file.silences)
    return Organisation(
        policy=policy, sources=_fixed(sources), smtp=smtp, pager_variables=_fixed(_pagers(file)), silences=silences
    )


def _pagers(file: MusterYaml) -> dict[str, str]:
    """Return the variables with integration keys of their own, by who is called with them."""
    people = {Callee(kind=CalleeKind.PERSON, name=user): block.page_env for user, block in file.people.items()}
    services = {Callee(kind=CalleeKind.SERVICE, name=name): block.page_env for name, block in file.services.items()}
    return {callee.key: variable for callee, variable in {**people, **services}.items() if variable}


def _followed(sources: Mapping[SourceName, SourceSettings]) -> dict[str, bool]:
    """Return the senders whose silences count here, and whether ours are made there."""
    return {
        f"{name}/{integration}": settings.reconcile.silences is Sharing.BOTH
        for name, source in sources.items()
        for integration, settings in source.integrations.items()
        if settings.reconcile and settings.reconcile.silences is not Sharing.OFF
    }


def _fixed(mapping: dict[K, V]) -> Mapping[K, V]:
    return MappingProxyType(mapping)


def _service(name: str, block: ServiceBlock) -> Service:
    return Service(
        name=ServiceName(name),
        description=block.description,
        owners=tuple(UserId(user) for user in block.owners),
        on_call=tuple(UserId(user) for user in block.on_call),
        runbook_url=block.runbook,
        channel=block.channel,
        escalation_policy=block.escalation_policy,
    )


def _severity(file: MusterYaml, severity: Severity) -> SeverityPolicy:
    block, default = file.severities.of(severity), DEFAULT_SEVERITIES[severity]
    says_within = "acknowledge_within" in block.model_fields_set  # nothing turns it off
    return SeverityPolicy(
        meaning=block.meaning or default.meaning,
        update_every=block.update_every or default.update_every,
        page=default.page if block.page is None else block.page,
        vacant_after=block.vacant_after,
        acknowledge_within=block.acknowledge_within if says_within else default.acknowledge_within,
        template=block.update.template(),
        compact=block.compact,
        invite=_called(block.invite, ()),
        escalation=tuple(_called(level, file.services) for level in block.escalation),
    )


def _called(level: Sequence[str], services: Collection[str]) -> tuple[Callee, ...]:
    return tuple(callee for name in level if (callee := callee_of(name, services)))


def _watchdogs(name: SourceName, block: SourceBlock) -> Iterator[Watchdog]:
    for integration, inner in {DEFAULT_INTEGRATION: block, **block.integrations}.items():
        if dog := inner.watchdog:
            yield Watchdog(source=name, integration=integration, match=dog.match, every=dog.every, grace=dog.grace)


def _silence(blocks: Mapping[SourceName, SourceBlock], *, by_route: bool) -> SilencePolicy:
    senders: dict[Sender, timedelta] = {}
    listed: set[Sender] = set()
    for name, block in blocks.items():
        for integration, inner in {DEFAULT_INTEGRATION: block, **block.integrations}.items():
            said = block.resolve_after if inner.resolve_after is None else inner.resolve_after
            resolves = SOURCES[name].resolves and (inner.mapping is None or bool(inner.mapping.status))
            if said is not None or not resolves:
                senders[name, integration] = NEVER_RESOLVED_AFTER if said is None else said
            if inner.reconcile:
                listed.add((name, integration))
    return SilencePolicy(senders=_fixed(senders), listed=frozenset(listed), by_route=by_route)


def _source(name: SourceName, block: SourceBlock) -> SourceSettings:
    found = {each: _integration(inner) for each, inner in block.integrations.items()}
    first = _integration(block)
    says_something = first.mapping or first.mail or first.reconcile or block.watchdog or not found
    if wants_secret(name) and not first.token_variables and says_something:
        first = replace(first, token_variables=(DEFAULT_TOKEN_VARIABLE,))
    if first != IntegrationSettings():
        found = {DEFAULT_INTEGRATION: first, **found}
    return SourceSettings(enabled=block.enabled, integrations=_fixed(found))


def _integration(block: IntegrationBlock) -> IntegrationSettings:
    return IntegrationSettings(
        token_variables=block.token_env or (),
        topics=frozenset(block.topics),
        mapping=_mapping(block.mapping) if block.mapping else None,
        mail=_mail(block.mail) if block.mail else None,
        reconcile=_reconcile(block.reconcile) if block.reconcile else None,
    )


def _mail(block: MailBlock) -> MailRules:
    default = MailRules()
    return replace(
        default,
        resolved=block.resolved or default.resolved,
        firing=block.firing or default.firing,
        identity=block.identity,
        labels=_fixed(block.labels),
    )


def _reconcile(block: ReconcileBlock) -> ReconcileSettings:
    default = ReconcileSettings(urls=block.urls)
    return replace(
        default,
        token_variable=block.token_env,
        user=block.user or "",
        receiver=block.receiver or default.receiver,
        organisation=block.organisation or default.organisation,
        silences=block.silences,
        pace=Pace(every=block.every or default.pace.every, gone_after=block.gone_after or default.pace.gone_after),
    )


def _mapping(block: MappingBlock) -> JsonMapping:
    given = {name: getattr(block, name) for name in MappingBlock.model_fields.keys() - {"labels", "resolved"}}
    labels = {"label": _fixed(block.labels)} if isinstance(block.labels, dict) else {"labels": block.labels}
    return JsonMapping(**given, **labels, resolved=block.resolved or RESOLVED)
