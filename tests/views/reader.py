"""A model of how Slack reads mrkdwn: control sequences, entities, styles, code, quotes.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from dataclasses import dataclass, field

from bot.views.blocks import Message
from tests.views.limits import check, words

STYLES = "*_~"
ORDINARY = re.compile(r"[^<`*_~&]+")


@dataclass(slots=True)
class Reading:
    """What a reader sees: the words, and everything that is live."""

    seen: str = ""
    controls: list[str] = field(default_factory=list)
    styled: list[str] = field(default_factory=list)
    quotes: int = 0


def read(source: str) -> Reading:
    """Read one mrkdwn text object with `verbatim`."""
    reading = Reading()
    reading.quotes = sum(1 for line in source.split("\n") if re.match(r"\s*(?:&gt;|>)", line))
    at = 0
    while at < len(source):
        if ordinary := ORDINARY.match(source, at):
            reading.seen += ordinary.group()
            at = ordinary.end()
            continue
        letter = source[at]
        if letter == "<":
            end = source.find(">", at)
            if end > at + 1:
                reading.controls.append(source[at + 1 : end])
                reading.seen += _label(source[at + 1 : end])
                at = end + 1
                continue
        if letter == "`" and (end := source.find("`", at + 1)) > at + 1:
            reading.styled.append(source[at : end + 1])
            reading.seen += decode(source[at + 1 : end])
            at = end + 1
            continue
        closing = _closing(source, at) if letter in STYLES else None
        if closing:
            inner = read(source[at + 1 : closing])
            reading.styled.append(source[at : closing + 1])
            reading.controls += inner.controls
            reading.seen += inner.seen
            at = closing + 1
            continue
        entity = next((one for one in ("&amp;", "&lt;", "&gt;") if source.startswith(one, at)), letter)
        reading.seen += decode(entity)
        at += len(entity)
    return reading


def seen(message: Message) -> list[str]:
    """Return what a person sees of a message that Slack would take, a line each, without markup."""
    check(message)
    return [read(one).seen for one in words(message).split("\n")]


def decode(text: str) -> str:
    """Undo the three entities, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _label(control: str) -> str:
    target, bar, label = control.partition("|")
    return decode(label if bar else target)


def _closing(source: str, at: int) -> int | None:
    """Return where a style that opens at `at` closes: not within words, not around blanks, on one line."""
    letter = source[at]
    if at and (source[at - 1].isalnum()):
        return None
    if at + 1 >= len(source) or source[at + 1].isspace() or source[at + 1] == letter:
        return None
    for end in range(at + 2, len(source)):
        if source[end] == "\n":
            return None
        after = source[end + 1 : end + 2]
        if source[end] == letter and not source[end - 1].isspace() and not after.isalnum():
            return end
    return None
