"""What is shown of a message that an incident is declared from."""

import json

from bot.domain.quoted import Quoted
from bot.domain.text import TITLE_LIMIT, cut, one_line
from bot.views.actions import Action
from bot.views.blocks import Block, Message, actions, button, context, line, mention, message, section


def title_of(quoted: Quoted) -> str:
    """Return the title that a message proposes: its first line."""
    return cut(one_line(quoted.text.splitlines()[0]), TITLE_LIMIT)


def carried(quoted: Quoted) -> dict[str, str]:
    """Return what a button or a form carries of a message."""
    at = f"{int(quoted.said_at.timestamp())}.{quoted.said_at.microsecond:06}"
    return {"by": quoted.by or "", "at": at, "text": quoted.text, "link": quoted.link}


def offer(quoted: Quoted) -> Message:
    """Offer to declare an incident from a message, to who reacted to it."""
    value = json.dumps(carried(quoted), ensure_ascii=False)
    return message(
        "Is this an incident? Declare it from the message.",
        section("Is this an incident? Its first timeline row is the message."),
        actions(button("Declare Incident", Action.DECLARE_QUOTED, value, style="primary")),
        context("Only you see this"),
    )


def source(quoted: Quoted | None) -> Block | None:
    """Return the line of the form that says which message it is about."""
    if quoted is None:
        return None
    who = line("From a message of ", mention(quoted.by)) if quoted.by else "From a message"
    return context(line(who, ": ", one_line(quoted.text, 200)))
