"""`/incident help [verb]`: what can be typed, with examples."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.inbound.slack.commands.parse import closest
from bot.inbound.slack.commands.request import Reply, Request, Subcommand
from bot.inbound.slack.port import Desk
from bot.views.blocks import Message
from bot.views.help import Verb, help_message, unknown_verb, verb_help

USAGE = "help [verb]"
SUMMARY = "Show what can be typed"
EXAMPLES = ("help", "help declare")

# What somebody wants to do, and the verbs for it in the order in which they are needed.
GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "Open, and find": ("declare", "accept", "decline", "merge", "list", "find", "history"),
    "Run": ("status", "severity", "update", "snooze", "resolve", "reopen", "close"),
    "Call people, and give out roles": ("ic", "comms", "role", "handover", "page", "invite", "escalate"),
    "Keep the record": ("summary", "timeline", "note", "at"),
    "Alerts": ("alerts", "why", "silence", "silences", "unsilence"),
}


async def run(request: Request, desk: Desk) -> Reply:  # noqa: ARG001 - every subcommand takes the same
    """Show all verbs, or the one that was named."""
    first = request.line.first
    if first is None:
        verbs = request.verbs
        return help_message(
            (title, [_verb(name, verbs[name]) for name in group]) for title, group in grouped(verbs).items()
        )
    verb = request.verbs.get(first.word)
    return verb_help(_verb(first.word, verb), verb.EXAMPLES) if verb else unknown(first.value, request.verbs)


def unknown(typed: str, verbs: Mapping[str, Subcommand]) -> Message:
    """Say that there is no such verb, and which one may have been meant."""
    return unknown_verb(typed, next(iter(closest(typed, list(verbs))), None))


def grouped(verbs: Mapping[str, Subcommand]) -> Mapping[str, Sequence[str]]:
    """Return the names of the verbs by what somebody wants to do; what nobody has put in a group stands at the end."""
    listed = {name for group in GROUPS.values() for name in group}
    groups = {**GROUPS, "More": [name for name in verbs if name not in listed]}
    there = {title: [name for name in group if name in verbs] for title, group in groups.items()}
    return {title: group for title, group in there.items() if group}


def _verb(name: str, verb: Subcommand) -> Verb:
    return (name, verb.USAGE, verb.SUMMARY)
