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
    alerts,
    at,
    close,
    comms,
    declare,
    decline,
    escalate,
    find,
    handover,
    help,  # noqa: A004 - it is the verb's name
    history,
    ic,
    invite,
    list_open,
    merge,
    note,
    page,
    reopen,
    resolve,
    role,
    severity,
    silence,
    silences,
    snooze,
    status,
    summary,
    timeline,
    unsilence,
    update,
    why,
)
from bot.inbound.slack.commands.parse import Mistyped, tokenize
from bot.inbound.slack.commands.request import Reply, Request, Subcommand
from bot.inbound.slack.markup import as_typed
from bot.inbound.slack.payload import Payload, text
from bot.inbound.slack.port import Identity, Ports
from bot.views import replies

SUBCOMMANDS: Final[Mapping[str, Subcommand]] = MappingProxyType(
    {
        "declare": declare,
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
        "resolve": resolve,
        "reopen": reopen,
        "merge": merge,
        "close": close,
        "note": note,
        "at": at,
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
# What can be typed without "/incident": a slash command of its own, for the verb of that name.
SHORTER: Final = "/alerts"


async def answer(payload: Payload, ports: Ports, identity: Identity) -> Reply:
    """Return what the person who typed a command is told. Raises Overloaded, and what nobody foresaw."""
    verb = "alerts " if text(payload, "command") == SHORTER else ""
    line = tokenize(verb + text(payload, "text"))
    subcommand = SUBCOMMANDS.get(line.first.word if line.first else "help")
    if subcommand is None:
        return help.unknown(line.first.value if line.first else "", SUBCOMMANDS)
    request = Request(
        by=UserId(text(payload, "user_id")),
        bot=identity.user,
        url=identity.url,
        channel=ChannelId(text(payload, "channel_id")),
        line=line.rest(),
        trigger=text(payload, "trigger_id"),
        receipt=receipts.of_trigger(payload),
        ports=ports,
        verbs=SUBCOMMANDS,
    )
    try:
        return await subcommand.run(request, ports.desk)
    except Mistyped as error:
        return replies.refusal(f"{error} How it is typed: `/incident {subcommand.USAGE}`", as_typed(line.typed))
    except Refused as error:
        return replies.refusal(str(error), as_typed(line.typed), error.who)
