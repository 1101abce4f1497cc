"""`/incident silence <matchers> for <time> <reason>`: keeps alerts quiet for a while."""

import re
from typing import Final

from bot.domain.matchers import matchers_of
from bot.domain.silence_commands import SilenceAlerts
from bot.domain.spans import span_of
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views import quiet

USAGE = "silence <label=value, …> for <4h> <why>"
SUMMARY = "Keep alerts quiet for a while; labels are compared with = != =~ !~"
EXAMPLES = ("silence service=search, severity=~warning|info for 4h Index is being rebuilt",)

_MEANT: Final = re.compile(r"(?P<matchers>.+?)\s+for\s+(?P<lasts>[0-9]\S*)(?:\s+(?P<reason>.*))?", re.DOTALL)


async def run(request: Request, desk: Desk) -> Reply:
    """Make the silence."""
    found = _MEANT.fullmatch(request.line.prose().strip())
    if found is None:
        raise Mistyped("Say which alerts, for how long, and why.")
    lasts = span_of(found["lasts"])
    if lasts is None:
        raise Mistyped(f"“{found['lasts']}” is no span of time: write 30m, 4h or 2d.")
    try:
        matchers = matchers_of(found["matchers"])
    except ValueError as error:
        raise Mistyped(f"I cannot read the labels: {error}.") from None
    told = SilenceAlerts(matchers=matchers, lasts=lasts, by=request.by, reason=found["reason"] or "", origin="command")
    handled = await request.hand_in(desk, told)
    return quiet.silenced(handled.silence) if handled.silence else None
