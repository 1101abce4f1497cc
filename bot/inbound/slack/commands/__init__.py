"""`/incident <verb> …`: one module a verb, and the table of them. `/alerts …` is short for `/incident alerts …`.

To add one: write the module, add its line to SUBCOMMANDS.

A verb that is refused tells why and repeats what was typed; mistyped, it shows how it is meant. Only the person who
typed sees it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.domain.ids import ChannelId, UserId
from bot.errors import Refused
from bot.inbound.slack import receipts
from bot.inbound.slack.commands import (
    accept,
    action,
    alerts,
    at,
    close,
    comms,
    convert,
    declare,
    decline,
    escalate,
    find,
    handover,
    help,  # noqa: A004 - it is the verb's name
    history,
    ic,
    invite,
    link,
    list_open,
    merge,
    note,
    page,
    reopen,
    resolve,
    role,
    runbook,
    severity,
    silence,
    silences,
    snooze,
    status,
    subscribe,
    summary,
    timeline,
    undo,
    unsilence,
    update,
    why,
)
from bot.inbound.slack.commands.parse import Line, Mistyped, tokenize
from bot.inbound.slack.commands.request import Reply, Request, Subcommand
from bot.inbound.slack.markup import as_typed
from bot.inbound.slack.payload import Payload, text
from bot.inbound.slack.port import Identity, Ports
from bot.inbound.slack.sight import desk_of
from bot.views import replies

SUBCOMMANDS: Final[Mapping[str, Subcommand]] = MappingProxyType(
    {
        "declare": declare,
        "convert": convert,
        "accept": accept,
        "decline": decline,
        "ic": ic,
        "comms": comms,
        "role": role,
        "handover": handover,
        "page": page,
        "invite": invite,
        "escalate": escalate,
        "status": status,
        "severity": severity,
        "update": update,
        "snooze": snooze,
        "subscribe": subscribe,
        "resolve": resolve,
        "reopen": reopen,
        "merge": merge,
        "close": close,
        "note": note,
        "at": at,
        "undo": undo,
        "runbook": runbook,
        "action": action,
        "link": link,
        "summary": summary,
        "timeline": timeline,
        "alerts": alerts,
        "why": why,
        "silence": silence,
        "silences": silences,
        "unsilence": unsilence,
        "list": list_open,
        "find": find,
        "history": history,
        "help": help,
    }
)
# What people type for a verb, or for one and a word behind it.
ALIASES: Final = MappingProxyType(
    {"actions": "action", "handoff": "handover", "links": "link", "mine": "list mine", "sev": "severity"}
)
# What can be typed without "/incident": a slash command of its own, for the verb of that name.
SHORTER: Final = "/alerts"


async def answer(payload: Payload, ports: Ports, identity: Identity) -> Reply:
    """Return what the person who typed a command is told. Raises Overloaded, and what nobody foresaw."""
    verb = "alerts " if text(payload, "command") == SHORTER else ""
    typed = tokenize(verb + text(payload, "text"))
    line = _in_full(typed)
    request = Request(
        by=UserId(text(payload, "user_id")),
        bot=identity.user,
        url=identity.url,
        channel=ChannelId(text(payload, "channel_id")),
        room=text(payload, "channel_name"),
        line=line.rest(),
        trigger=text(payload, "trigger_id"),
        receipt=receipts.of_trigger(payload),
        ports=ports,
        verbs=SUBCOMMANDS,
    )
    desk = await desk_of(ports, request.by, request.channel)
    subcommand = SUBCOMMANDS.get(line.first.word if line.first else "help")
    if subcommand is None:
        return await help.unknown(line.first.value if line.first else "", request, desk)
    try:
        return await subcommand.run(request, desk)
    except Mistyped as error:
        return replies.refusal(f"{error} How it is typed: `/incident {subcommand.USAGE}`", as_typed(typed.typed))
    except Refused as error:
        return replies.refusal(str(error), as_typed(typed.typed), error.who)


def _in_full(line: Line) -> Line:
    """Return what was typed with the verb that is meant in front."""
    meant = ALIASES.get(line.first.word) if line.first else None
    if line.first is None or meant is None:
        return line
    return tokenize(meant + line.typed[line.first.start + len(line.first.raw) :])
