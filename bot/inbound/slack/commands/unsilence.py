"""`/incident unsilence <id>`: lets what a silence keeps quiet be heard again."""

from bot.domain.muting import Silence
from bot.domain.silence_commands import EndSilence
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request
from bot.inbound.slack.port import Desk
from bot.views import quiet

USAGE = "unsilence <S-1>"
SUMMARY = "End a silence before its time"
EXAMPLES = ("unsilence S-1",)


async def run(request: Request, desk: Desk) -> Reply:
    """End the silence."""
    number = Silence.number_in(request.line.first.word) if request.line.first else None
    if number is None or len(request.line.tokens) > 1:
        raise Mistyped("Name one silence; `/incident silences` shows them.")
    handled = await request.hand_in(desk, EndSilence(silence=number, by=request.by))
    return quiet.unsilenced(handled.silence) if handled.silence else None
