"""`/incident help [verb]`: what can be typed, with examples."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.inbound.slack.commands.parse import closest
from bot.inbound.slack.commands.request import Reply, Request, Subcommand
from bot.inbound.slack.port import Desk
from bot.views.blocks import Message
from bot.views.help import Verb, help_message, not_to_be_had, unknown_verb, verb_help

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
# What cannot be had at all, and why; and what is typed instead.
_STAYS_PRIVATE: Final = (
    "A private incident cannot be made public: its people wrote for themselves, and Slack lets no app open a private "
    "channel to all. Declare a public one with what everybody may know, and resolve this one:"
)
_STAYS_PUBLIC: Final = (
    "A public incident cannot be made private: what was announced has been read, and Slack lets no app close a public "
    "channel. Declare a private one, and resolve this one without saying why:"
)
_ANEW: Final = (_STAYS_PRIVATE, ("declare sev2 Checkout is down", "resolve goes on in INC-43"))
_APART: Final = (_STAYS_PUBLIC, ("declare private sev2 A laptop was stolen", "resolve taken care of"))
NEVER: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    **dict.fromkeys(("public", "publish"), _ANEW),
    **dict.fromkeys(("private", "hide", "secret"), _APART),
}


async def run(request: Request, desk: Desk) -> Reply:  # noqa: ARG001 - every subcommand takes the same
    """Show all verbs, or the one that was named."""
    first = request.line.first
    if first is None:
        verbs = request.verbs
        return help_message((title, [_verb(name, verbs[name]) for name in group]) for title, group in GROUPS.items())
    verb = request.verbs.get(first.word)
    return verb_help(_verb(first.word, verb), verb.EXAMPLES) if verb else unknown(first.value, request.verbs)


def unknown(typed: str, verbs: Mapping[str, Subcommand]) -> Message:
    """Say that there is no such verb, and which one may have been meant, or why that cannot be."""
    word = typed.lower()
    if word in NEVER:
        return not_to_be_had(*NEVER[word])
    begins = [verb for verb in verbs if len(word) > 1 and verb.startswith(word)]
    near = [*begins, *closest(word, list(verbs))]
    return unknown_verb(typed, MEANT.get(word) or next(iter(near), None))


def _verb(name: str, verb: Subcommand) -> Verb:
    return (name, verb.USAGE, verb.SUMMARY)
