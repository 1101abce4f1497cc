"""`/incident convert`: the channel in which it is typed becomes an incident's, with what was said in it."""

from typing import Final

from bot.domain.affected import leading
from bot.domain.commands import Declare
from bot.domain.converting import must_be_free
from bot.inbound.slack.commands.declare import Options, take_options
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.converting import existing
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.declare_form import Filled, declare_form

USAGE = "convert [sev1|sev2|sev3|sev4] [service:<name>[,...]] <what is broken>"
SUMMARY = "Make this channel an incident's, with its last messages; without anything behind it, in a form"
EXAMPLES = ("convert sev2 Checkout is down", "convert")
_INSTEAD: Final = "`/incident convert sev2 what is broken`"


async def run(request: Request, desk: Desk) -> Reply:
    """Convert, or open the form when no title was typed."""
    policy, options = request.ports.policy, Options()
    title = take_options(request.line, options, sorted(policy.services)).prose().strip()
    here = await existing(request.ports, request.channel)
    must_be_free(here, await desk.incident_in(request.channel), policy.channels, private=options.private)
    if not title:
        filled = Filled(
            severity=options.severity,
            services=options.services,
            triage=options.triage,
            converts=request.channel,
        )
        await request.open_form(declare_form(policy, filled), _INSTEAD)
        return None
    command = Declare(
        title=title,
        by=request.by,
        severity=options.severity,
        service=leading(options.services),
        also=options.services[1:],
        triage=options.triage,
        private=options.private or here.private,
        existing=here,
    )
    handled = await request.hand_in(desk, command)
    return replies.converted(handled.incident) if handled.incident else None
