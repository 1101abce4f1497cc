"""`/incident unsilence <id>`: lets what a silence keeps quiet be heard again."""

import re
from typing import Final

from bot.domain.silence_commands import EndSilence
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views import quiet

USAGE = "unsilence <S-1>"
SUMMARY = "End a silence before its time"
EXAMPLES = ("unsilence S-1",)

_NAME: Final = re.compile(r"(?:s-?|#)?(?P<number>[0-9]{1,9})", re.IGNORECASE)


async def run(request: Request, desk: Desk) -> Reply:
    """End the silence."""
    found = _NAME.fullmatch(request.line.first.word) if request.line.first else None
    if found is None or len(request.line.tokens) > 1:
        raise Mistyped("Name one silence; `/incident silences` shows them.")
    handled = await request.hand_in(desk, EndSilence(silence=int(found["number"]), by=request.by))
    return quiet.unsilenced(handled.silence) if handled.silence else None
