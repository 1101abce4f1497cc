"""`/incident help [verb]`: what can be typed, with examples."""

from collections.abc import Mapping

from bot.inbound.slack.commands.parse import closest
from bot.inbound.slack.commands.request import Reply, Request, Subcommand
from bot.inbound.slack.port import Desk
from bot.views.blocks import Message
from bot.views.help import Verb, help_message, unknown_verb, verb_help

USAGE = "help [verb]"
SUMMARY = "Show what can be typed"
EXAMPLES = ("help", "help declare")


async def run(request: Request, desk: Desk) -> Reply:  # noqa: ARG001 - every subcommand takes the same
    """Show all verbs, or the one that was named."""
    first = request.line.first
    if first is None:
        return help_message([_verb(name, verb) for name, verb in request.verbs.items()])
    verb = request.verbs.get(first.word)
    return verb_help(_verb(first.word, verb), verb.EXAMPLES) if verb else unknown(first.value, request.verbs)


def unknown(typed: str, verbs: Mapping[str, Subcommand]) -> Message:
    """Say that there is no such verb, and which one may have been meant."""
    return unknown_verb(typed, next(iter(closest(typed, list(verbs))), None))


def _verb(name: str, verb: Subcommand) -> Verb:
    return (name, verb.USAGE, verb.SUMMARY)
