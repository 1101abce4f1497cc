"""A message as plain text, for a terminal: what its blocks say, a line each, without markup.

Text from outside has no mark left in it that could style anything (markup.py), so every mark that does is one of ours.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.ids import UserId
from bot.views.blocks import Block, Message

_TOKENS: Final = re.compile(r"<([^<>]+)>|`([^`\n]+)`|(?<![^\W_])([*_])(?=\S)([^\n]*?\S)\3(?![^\W_])|&(amp|lt|gt);")
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">"}


def as_lines(message: Message, names: Mapping[UserId, str]) -> Iterator[str]:
    """Yield what a message says; people are called by their names where we know them."""
    for block in message.blocks:
        for text in _texts(block):
            content = str(text.get("text", ""))
            yield from (content if text.get("type") == "plain_text" else unmarked(content, names)).split("\n")


def unmarked(markup: str, names: Mapping[UserId, str]) -> str:
    """Return markup as plain text."""
    return _TOKENS.sub(lambda found: _plain(found, names), markup)


def _plain(found: re.Match[str], names: Mapping[UserId, str]) -> str:
    control, literal, _, styled, entity = found.groups()
    if control is not None:
        return _control(control, names)
    if styled is not None:
        return unmarked(styled, names)
    return _ENTITIES[entity] if entity else _decoded(literal)


def _control(control: str, names: Mapping[UserId, str]) -> str:
    target, _, label = control.partition("|")
    if target.startswith("@"):
        return f"@{names.get(UserId(target[1:]), target[1:])}"
    if target.startswith("!") or not label:
        return _decoded(label or target)
    return f"{_decoded(label)} ({_decoded(target)})"


def _decoded(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _texts(block: Block) -> Iterator[Mapping[str, object]]:
    """Yield the texts of a block in their order; what is pressed says nothing here."""
    text, elements = block.get("text"), block.get("elements")
    if isinstance(text, dict):
        yield text
    if block.get("type") == "context" and isinstance(elements, list):
        yield from elements
