"""Slack's way of writing, made plain once, here.

What is stored and shown elsewhere is text, with one exception that a reader can still resolve. Slack sends `&amp; &lt;
&gt;` for the three characters that its markup needs, and its markup in angle brackets
(https://docs.slack.dev/messaging/formatting-message-text). We keep

- people as Slack names them, `<@U123>`: views write their names; the label that Slack may add is dropped,
- links as "label (address)", or the bare address when the label says no more,
- channels as "#name", groups and "@here" as the words that people saw,

and unescape the three characters last, exactly once. What was literally typed as `<@U123>` reads the same as a mention:
views escape everything that they do not resolve, so that neither pings anybody.
"""

import re
from typing import Final

_MARKUP: Final = re.compile(r"<([^<>]*)>")
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY: Final = re.compile("|".join(_ENTITIES))
_PICKED: Final = re.compile(r"<(?P<sign>[@#])[UWCG][A-Z0-9]+\|(?P<name>[^<>|]+)>")
_PERSON: Final = re.compile(r"@([UW][A-Z0-9]+)")


def plain(written: str) -> str:
    """Return what a person wrote in Slack, as plain text with `<@U123>` for people."""
    pieces: list[str] = []
    end = 0
    for found in _MARKUP.finditer(written):
        pieces += (unescape(written[end : found.start()]), _said(found.group(1)))
        end = found.end()
    return "".join((*pieces, unescape(written[end:])))


def as_typed(written: str) -> str:
    """Return a command as the person saw it while typing: people and channels by their names again."""
    return unescape(_PICKED.sub(r"\g<sign>\g<name>", written))


def unescape(written: str) -> str:
    """Undo Slack's three entities, once: what was typed as "&amp;lt;" stays "&lt;"."""
    return _ENTITY.sub(lambda found: _ENTITIES[found.group()], written)


def _said(inner: str) -> str:
    target, _, label = inner.partition("|")
    shown = unescape(label).strip()
    if person := _PERSON.fullmatch(target):
        return f"<@{person.group(1)}>"
    match target[:1]:
        case "#":
            return f"#{shown or target[1:]}"
        case "!":
            word = target[1:].partition("^")[0]
            return shown or f"@{word}"
        case _:
            address = unescape(target)
            bare = address.removeprefix("mailto:").removeprefix("tel:")
            return bare if not shown or shown in {bare, address, _without_scheme(address)} else f"{shown} ({bare})"


def _without_scheme(address: str) -> str:
    return address.partition("://")[2] or address
