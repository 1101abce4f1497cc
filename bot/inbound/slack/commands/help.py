"""`/incident help [verb]`: what can be typed, with examples."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.inbound.slack.commands import visibility
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
    "Open, and find": ("declare", "convert", "accept", "decline", "merge", "list", "find", "history"),
    "Run": ("runbook", "status", "severity", "update", "snooze", "subscribe", "resolve", "reopen", "close", "undo"),
    "Call people, and give out roles": ("ic", "comms", "role", "handover", "page", "invite", "escalate"),
    "Follow up": ("action", "link"),
    "Keep the record": ("summary", "timeline", "note", "at"),
    "Alerts": ("alerts", "why", "silence", "silences", "unsilence"),
    "Help": ("help",),
}
# What people type who look for a verb that is called otherwise.
MEANT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("new", "open", "create", "start", "report", "raise"), "declare"),
    **dict.fromkeys(("commander", "command", "lead"), "ic"),
    **dict.fromkeys(("fix", "fixed", "end", "done", "finish", "over"), "resolve"),
    **dict.fromkeys(("ack", "acknowledge"), "alerts"),
    **dict.fromkeys(("assign", "give", "roles"), "role"),
    **dict.fromkeys(("call", "wake", "oncall", "on-call"), "page"),
    **dict.fromkeys(("todo", "task", "tasks", "follow-up"), "action"),
    **dict.fromkeys(("delay", "later", "postpone"), "snooze"),
    **dict.fromkeys(("info", "show", "details", "catchup"), "summary"),
    **dict.fromkeys(("cancel", "dismiss", "reject"), "decline"),
    **dict.fromkeys(("search", "look"), "find"),
    **dict.fromkeys(("log", "events"), "timeline"),
    "add": "invite",
    "state": "status",
    "duplicate": "merge",
    "mute": "silence",
    "unsubscribe": "subscribe off",
}


async def run(request: Request, desk: Desk) -> Reply:
    """Show all verbs, or the one that was named."""
    first = request.line.first
    if first is None:
        verbs = request.verbs
        return help_message((title, [_verb(name, verbs[name]) for name in group]) for title, group in GROUPS.items())
    verb = request.verbs.get(first.word)
    if verb:
        return verb_help(_verb(first.word, verb), verb.EXAMPLES)
    return await unknown(first.value, replace(request, line=request.line.rest()), desk)


async def unknown(typed: str, request: Request, desk: Desk) -> Message:
    """Say that there is no such verb, and which one may have been meant, or why that cannot be."""
    word, verbs = typed.lower(), request.verbs
    if word in visibility.WORDS:
        return await visibility.answer(word, request, desk)
    begins = [verb for verb in verbs if len(word) > 1 and verb.startswith(word)]
    near = [*begins, *closest(word, list(verbs))]
    return unknown_verb(typed, MEANT.get(word) or _apart(word, verbs) or next(iter(near), None))


def _apart(word: str, verbs: Mapping[str, Subcommand]) -> str | None:
    """Return what is typed in several words, when somebody typed it as one: comms-channel."""
    examples = (example for verb in verbs.values() for example in verb.EXAMPLES if " " in example)
    meant = word.replace("-", "").replace("_", "")
    return next((example for example in examples if example.replace(" ", "") == meant), None)


def _verb(name: str, verb: Subcommand) -> Verb:
    return (name, verb.USAGE, verb.SUMMARY)
