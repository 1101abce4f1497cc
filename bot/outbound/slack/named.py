"""Who and what the configuration names in Slack, and where: its channels; of people and user groups those not there.

A mistyped id wakes nobody, and nobody notices until they should have come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.calls import Callee, CalleeKind
from bot.domain.ids import UserId
from bot.domain.policy import Policy
from bot.domain.routing import every_route
from bot.errors import Undeliverable
from bot.outbound.slack.client import SlackGateway

# What the app needs to look somebody up. Without it nobody of that kind is looked for: that the scope is missing is
# said by itself, and their ids are well, for all that one knows.
_SCOPES: Final[Mapping[CalleeKind, str]] = {CalleeKind.PERSON: "users:read", CalleeKind.GROUP: "usergroups:read"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Somebody, or a group, that is named and does nobody any good: their id in Slack, where it stands, and why."""

    id: str
    where: str
    why: str


def channels_of(policy: Policy) -> dict[str, str]:
    """Return every configured channel with what it is for."""
    uses: dict[str, list[str]] = {}
    uses.setdefault(policy.channels.alerts, []).append("alerts")
    uses.setdefault(policy.channels.announcements, []).append("announcements")
    if policy.channels.admin:
        uses.setdefault(policy.channels.admin, []).append("what Muster could not do")
    for service in policy.services.values():
        if service.channel:
            uses.setdefault(service.channel, []).append(f"alerts of {service.name}")
    for place, route in every_route(policy.routes):
        if route.channel:
            uses.setdefault(route.channel, []).append(place)
    return {channel: ", ".join(dict.fromkeys(what)) for channel, what in uses.items()}


async def missing(policy: Policy, slack: SlackGateway) -> tuple[list[Missing], int]:
    """Return who is not there, and how many were looked for.

    Raises:
        DeliveryError: Slack could not be asked.
    """
    granted = (await slack.whoami()).scopes
    uses: dict[Callee, list[str]] = {}
    for callee, where in _named(policy):
        if _SCOPES[callee.kind] in granted:
            uses.setdefault(callee, []).append(where)
    found = [(callee, where, await _why_not(callee, slack)) for callee, where in uses.items()]
    lost = [
        Missing(id=callee.name, where=", ".join(dict.fromkeys(where)), why=why) for callee, where, why in found if why
    ]
    return lost, len(uses)


async def _why_not(callee: Callee, slack: SlackGateway) -> str:
    try:
        if callee.kind is CalleeKind.GROUP:
            members = await slack.group_members(callee.name)
            return "" if members else "the user group has no members"
        account = (await slack.person(UserId(callee.name))).account
    except Undeliverable as error:
        return str(error)
    return "their account is deactivated" if account.gone else ""


def _named(policy: Policy) -> Iterator[tuple[Callee, str]]:
    for name, service in policy.services.items():
        yield from ((_person(user), f"services.{name}.owners") for user in service.owners)
        yield from ((_person(user), f"services.{name}.on_call") for user in service.on_call)
    yield from ((_person(user), "managers") for user in policy.managers)
    for severity, own in policy.severities.items():
        for level in own.escalation:
            people = (callee for callee in level if callee.kind is not CalleeKind.SERVICE)
            yield from ((callee, f"severities.{severity.value}.escalation") for callee in people)
    pagers = (key.partition(":") for key in sorted(policy.own_pagers))
    yield from ((_person(UserId(name)), "people") for kind, _, name in pagers if kind == CalleeKind.PERSON)
    for act, rule in policy.permissions.rules.items():
        yield from ((_person(user), f"permissions.{act}.people") for user in sorted(rule.people))
        yield from ((Callee(kind=CalleeKind.GROUP, name=group), f"permissions.{act}.groups") for group in rule.groups)


def _person(user: UserId) -> Callee:
    return Callee(kind=CalleeKind.PERSON, name=user)
