"""Says in a few lines what a configuration has and what is off in it, and why. No secret and no password is shown."""

from collections.abc import Iterator, Sequence

from sqlalchemy.engine import make_url

from bot.domain.going_on import named, unheeded
from bot.domain.model import Severity
from bot.domain.policy import Policy
from bot.domain.routing import every_route, never_reached
from bot.domain.spans import short
from bot.inbound.alerts.mail import NAME as EMAIL
from bot.inbound.authentication import DEFAULT_INTEGRATION, Integration
from bot.settings.environment import API_TOKEN_VARIABLE
from bot.settings.models import Organisation, Settings, SourceSettings
from bot.settings.unnamed import unnamed


def summarise(settings: Settings | Organisation) -> str:
    """Return what was found, a line each: "4 services", "PagerDuty: off (PAGERDUTY_ROUTING_KEY is not set)"."""
    lines = [_counts(settings.policy), *_warnings(settings.policy), *unnamed(settings)]
    if settings.silences:
        lines.append(f"Silences declared: {', '.join(one.name for one in settings.silences)}")
    if settings.policy.runbooks:
        lines.append(f"Runbooks: {len(settings.policy.runbooks)}")
    match settings:
        case Organisation():
            lines.append("Secrets: not looked at")
        case Settings():
            lines += [
                f"Database: {make_url(settings.database_url).render_as_string(hide_password=True)}",
                f"Slack: {'Socket Mode' if settings.slack.socket_mode else 'HTTP, signed requests'}",
                *_sources(settings),
                *_lists(settings),
                *_pager(settings),
                f"HTTP API: {_api(settings)}",
                "Heartbeat: on" if settings.heartbeat_url else "Heartbeat: off (MUSTER_HEARTBEAT_URL is not set)",
            ]
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _counts(policy: Policy) -> str:
    routes = list(every_route(policy.routes))
    found = ((policy.services, "service"), (routes, "route"), (policy.rules, "rule"))
    return ", ".join(_count(len(things), noun) for things, noun in found)


def _warnings(policy: Policy) -> Iterator[str]:
    if policy.declare:
        yield f"Incidents are declared by rules: {', '.join(rule.name for rule in policy.declare)}"
    if not policy.channels.admin:
        yield "Admin channel: none (channels.admin is not set)"
    nobody = [
        name
        for name, service in policy.services.items()
        if not (service.owners or service.on_call or service.escalation_policy)
    ]
    for behind, before, names in unheeded(policy.routes):
        said = f"{', '.join(names)} of {named(behind)} do not count for what goes on to it from {named(before)}"
        yield f"{said}: its groups are those of its first way"
    for place, first in never_reached(policy.routes):
        yield f"{place} is never reached: {first} takes all that it would"
    if nobody:
        yield f"Without owners or anybody on call: {', '.join(nobody)}"


def _sources(settings: Settings) -> Iterator[str]:
    """Tell of the sources, those of which the same is to be said in one line."""
    said: dict[str, list[str]] = {}
    for name, source in settings.sources.items():
        on = settings.senders.get(name, ())
        said.setdefault(_state(name, source, on, smtp=settings.smtp is not None), []).append(name)
    for state, names in sorted(said.items(), key=lambda pair: pair[0].startswith("off")):
        yield f"Alerts from {', '.join(names)}: {state}"


def _state(name: str, source: SourceSettings, on: Sequence[Integration], *, smtp: bool) -> str:
    if source.enabled is False:
        return f"off (sources.{name}.enabled is false)"
    if name == EMAIL and not smtp:
        return "off (smtp is not set)"
    if not on:
        variables = [one for settings in source.integrations.values() for one in settings.token_variables]
        return f"off ({_unset(variables) if variables else f'sources.{name}.topics lists none'})"
    if [integration.name for integration in on] == [DEFAULT_INTEGRATION]:
        counts = _proofs(on[0])
    else:
        counts = ", ".join(f"{each.name}: {_proofs(each)}" for each in on)
    known = {integration.name for integration in on}
    silent = [_unset(one.token_variables) for each, one in source.integrations.items() if each not in known]
    return f"on ({'; '.join([counts, *silent])})"


def _lists(settings: Settings) -> Iterator[str]:
    asked = [f"{one.label} ({_count(len(one.how.urls), 'peer')})" for one in settings.listings]
    if asked:
        yield f"Asked for their lists: {', '.join(asked)}"
    if followed := settings.policy.mute.followed:
        shared = [f"{label} ({'both ways' if both else 'theirs here'})" for label, both in followed.items()]
        yield f"Silences shared with: {', '.join(shared)}"
    if watchdogs := settings.policy.watchdogs:
        yield f"Heartbeats expected from: {', '.join(dog.label for dog in watchdogs)}"


def _api(settings: Settings) -> str:
    tokens = len(settings.api_tokens)
    return f"on ({_count(tokens, 'token')})" if tokens else f"off ({API_TOKEN_VARIABLE} is not set)"


def _proofs(integration: Integration) -> str:
    found = ((integration.secrets, "token"), (integration.topics, "topic"))
    return " and ".join(_count(len(things), noun) for things, noun in found if things)


def _unset(variables: Sequence[str]) -> str:
    return f"{variables[0]} is not set" if len(variables) == 1 else f"none of {', '.join(variables)} is set"


def _targets(policy: Policy) -> str:
    """Return within what a page is to be acknowledged."""
    said = ((one.label, policy.severities[one]) for one in Severity)
    within = ((label, here.acknowledge_within) for label, here in said if here.page)
    told = [f"{label} within {short(target)}" for label, target in within if target]
    return f" (to be acknowledged: {', '.join(told)})" if told else ""


def _pager(settings: Settings) -> Iterator[str]:
    pages = settings.pagerduty.routing_key is not None
    yield f"PagerDuty: on{_targets(settings.policy)}" if pages else "PagerDuty: off (PAGERDUTY_ROUTING_KEY is not set)"
    asked = sum(bool(service.escalation_policy) for service in settings.policy.services.values())
    if settings.pagerduty.api_key is None:
        yield "On call from PagerDuty: off (PAGERDUTY_API_KEY is not set)"
    elif asked == 0:
        yield "On call from PagerDuty: off (no service has an escalation_policy)"
    else:
        yield f"On call from PagerDuty: on ({_count(asked, 'service')})"
