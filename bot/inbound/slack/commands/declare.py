"""`/incident declare`.

Severity and services may stand before or after the title, in any order; in its middle they are words of it. "triage"
and "private" are said before it.
"""

from dataclasses import dataclass
from typing import Final

from bot.domain.affected import MOST, each_once, leading
from bot.domain.commands import Declare
from bot.domain.ids import ServiceName
from bot.domain.model import Severity
from bot.inbound.slack.commands.parse import (
    Line,
    Mistyped,
    Token,
    looks_like_severity,
    names_behind_service,
    service_in,
    severity_in,
)
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.declaring import held_up, open_on, service_of
from bot.inbound.slack.markup import as_typed
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.declare_form import Filled, declare_form

USAGE = "declare [triage] [private] [sev1|sev2|sev3|sev4] [service:<name>[,...]] <what is broken>"
SUMMARY = "Open an incident; without anything behind it, in a form"
EXAMPLES = (
    "declare sev2 Checkout is down",
    "declare Login fails for everybody sev1 service:auth",
    "declare sev1 service:checkout,auth Nobody can sign in to pay",
    "declare triage Is login slow?",
    "declare private sev2 A laptop was stolen",
    "declare",
)

_SERVICE: Final = "service:"
_TRIAGE: Final = "triage"
_PRIVATE: Final = "private"


@dataclass(slots=True)
class Options:
    """What was typed around the title."""

    severity: Severity | None = None
    services: tuple[ServiceName, ...] = ()
    triage: bool = False
    private: bool = False


async def run(request: Request, desk: Desk) -> Reply:
    """Declare, or open the form when no title was typed, with what was."""
    options = Options()
    title = take_options(request.line, options, sorted(request.ports.policy.services)).prose().strip()
    if not title:
        services = options.services or each_once((service_of(request.channel, request.room, request.ports.policy),))
        filled = Filled(severity=options.severity, services=services, triage=options.triage, private=options.private)
        form = declare_form(request.ports.policy, filled, await open_on(services, desk))
        await request.open_form(form, "`/incident declare sev2 what is broken`")
        return None
    command = Declare(
        title=title,
        by=request.by,
        severity=options.severity,
        service=leading(options.services),
        also=options.services[1:],
        triage=options.triage,
        private=options.private,
    )
    once = request.receipt.key if request.receipt else ""
    if asked := await held_up(command, as_typed(request.line.typed), once, desk):
        return asked
    here = await open_on(options.services, desk)
    handled = await request.hand_in(desk, command)
    return replies.declared(handled.incident, here) if handled.incident else None


def take_options(line: Line, options: Options, services: list[ServiceName]) -> Line:
    """Take options off both ends until only the title is left."""
    tokens = line.tokens
    while tokens and (_is_option(tokens[0]) or _said_first(tokens[0]) in {_TRIAGE, _PRIVATE}):
        _take(tokens[0], options, services)
        tokens = tokens[1:]
    while tokens and _is_option(tokens[-1]):
        _take(tokens[-1], options, services)
        tokens = tokens[:-1]
    return Line(typed=line.typed, tokens=tokens)


def _said_first(token: Token) -> str:
    return token.word.rstrip(":")


def _is_option(token: Token) -> bool:
    return looks_like_severity(token) or token.word.startswith(_SERVICE)


def _take(token: Token, options: Options, services: list[ServiceName]) -> None:
    if (said := _said_first(token)) in {_TRIAGE, _PRIVATE}:
        options.triage, options.private = options.triage or said == _TRIAGE, options.private or said == _PRIVATE
        return
    if not looks_like_severity(token):
        options.services = each_once((*options.services, *_services(token, services)))
        if len(options.services) > MOST:
            raise Mistyped(f"You named {len(options.services)} services; name {MOST} at most.")
        return
    severity = severity_in(token)
    if options.severity not in {None, severity}:
        raise Mistyped("You named two severities; name one.")
    options.severity = severity


def _services(token: Token, known: list[ServiceName]) -> list[ServiceName]:
    """Return the services that are named behind the colon, between commas; a whole name may have commas of its own."""
    named = token.value[len(_SERVICE) :].strip()
    if named.lower() in {one.lower() for one in known}:
        return [service_in(named, known)]
    names = names_behind_service(token)
    if not names:
        raise Mistyped("Write the service's name right behind the colon: `service:checkout`.")
    return [service_in(name, known) for name in names]
