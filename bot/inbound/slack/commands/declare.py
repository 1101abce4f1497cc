"""`/incident declare`.

Severity and service may stand before or after the title, in any order; in its middle they are words of it. "triage" is
said before it.
"""

from dataclasses import dataclass
from typing import Final

from bot.domain.commands import Declare
from bot.domain.ids import ServiceName
from bot.domain.model import Severity
from bot.inbound.slack.commands.parse import Line, Mistyped, Token, looks_like_severity, service_in, severity_in
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.forms import declare_form

USAGE = "declare [triage] [sev1|sev2|sev3|sev4] [service:<name>] <what is broken>"
SUMMARY = "Open an incident; without anything behind it, in a form"
EXAMPLES = (
    "declare sev2 Checkout is down",
    "declare Login fails for everybody sev1 service:auth",
    "declare triage Is login slow?",
    "declare",
)

_SERVICE: Final = "service:"
_TRIAGE: Final = "triage"


@dataclass(slots=True)
class _Options:
    severity: Severity | None = None
    service: ServiceName | None = None
    triage: bool = False


async def run(request: Request, desk: Desk) -> Reply:
    """Declare, or open the form when no title was typed, with what was."""
    options = _Options()
    title = _take_options(request.line, options, sorted(request.ports.policy.services)).prose().strip()
    if not title:
        form = declare_form(
            request.ports.policy, severity=options.severity, service=options.service, triage=options.triage
        )
        await request.open_form(form, "`/incident declare sev2 what is broken`")
        return None
    command = Declare(
        title=title, by=request.by, severity=options.severity, service=options.service, triage=options.triage
    )
    handled = await request.hand_in(desk, command)
    return replies.declared(handled.incident) if handled.incident else None


def _take_options(line: Line, options: _Options, services: list[ServiceName]) -> Line:
    """Take options off both ends until only the title is left."""
    tokens = line.tokens
    while tokens and (_is_option(tokens[0]) or tokens[0].word.rstrip(":") == _TRIAGE):
        _take(tokens[0], options, services)
        tokens = tokens[1:]
    while tokens and _is_option(tokens[-1]):
        _take(tokens[-1], options, services)
        tokens = tokens[:-1]
    return Line(typed=line.typed, tokens=tokens)


def _is_option(token: Token) -> bool:
    return looks_like_severity(token) or token.word.startswith(_SERVICE)


def _take(token: Token, options: _Options, services: list[ServiceName]) -> None:
    if token.word.rstrip(":") == _TRIAGE:
        options.triage = True
        return
    if not looks_like_severity(token):
        name = token.value[len(_SERVICE) :].strip()
        if not name:
            raise Mistyped("Write the service's name right behind the colon: `service:checkout`.")
        service = service_in(name, services)
        if options.service not in {None, service}:
            raise Mistyped("You named two services; name one.")
        options.service = service
        return
    severity = severity_in(token)
    if options.severity not in {None, severity}:
        raise Mistyped("You named two severities; name one.")
    options.severity = severity
