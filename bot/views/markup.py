"""Slack's inline markup, made only here. `Safe` is markup; any other `str` is text, and is escaped beside markup.

Every operation of `str` on a `Safe` (`+`, f-strings, `replace`) gives a plain `str` again, which is shown literally:
forgetting this module shows too little, never too much. Syntax: https://docs.slack.dev/messaging/formatting-message-text.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from urllib.parse import quote, urlsplit

from bot.domain.ids import ChannelId, UserId
from bot.domain.text import ELLIPSIS, clean, cut, one_line

URL_LIMIT: Final = 3000
# Slack has no escape for its styling marks, so those that could style something become these look-alikes.
LOOK_ALIKES: Final = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb", ">": "\u203a"}

_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_MARKS: Final = re.compile(r"[*_~]+")
_QUOTES: Final = re.compile(r"^\s*>+", re.MULTILINE)
_TOKENS: Final = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)
_HOST: Final = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"|\\^`{}]+[^\s<>\"|\\^`{}.,;:!?')\]*_~]")
_USER: Final = re.compile(r"[UW][A-Z0-9]+")
_CHANNEL: Final = re.compile(r"[CGD][A-Z0-9]+")
# What may stand in an address as it is: RFC 3986's characters but "|", "<" and ">", which are Slack's.
_IN_ADDRESS: Final = "!#$%&'()*+,-./:;=?@[]_~"


class Safe(str):
    """Text that is Slack markup. Only the functions of this module make it (a test reads the sources)."""

    __slots__ = ()


class Moment(StrEnum):
    """How a date is shown, in the reader's own time zone (Slack's tokens)."""

    TIME = "{time}"
    SECONDS = "{date_short_pretty} at {time_secs}"
    DAY_AND_TIME = "{date_short_pretty} at {time}"


EMPTY: Final = Safe()


def escape(text: str) -> Safe:
    """Return text as markup that shows it literally; markup stays as it is."""
    if isinstance(text, Safe):
        return text
    text = _QUOTES.sub(lambda found: found.group().replace(">", LOOK_ALIKES[">"]), clean(text))
    text = _MARKS.sub(_unmarked, text).replace("`", LOOK_ALIKES["`"])
    return Safe(text.translate(_ENTITIES))


def _unmarked(found: re.Match[str]) -> str:
    """Leave marks that cannot style anything, whatever the text stands beside: in a word (pod_name), alone (2 * 3)."""
    text, start, end = found.string, found.start(), found.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    within = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    alone = before.isspace() and after.isspace()
    harmless = end - start == 1 and (within or alone)
    return found.group() if harmless else "".join(LOOK_ALIKES[mark] for mark in found.group())


def line(*parts: str) -> Safe:
    """Return the parts one after the other; text among them is escaped and put on one line."""
    return Safe("".join(part if isinstance(part, Safe) else _inline(part) for part in parts))


def joined(separator: str, parts: Iterable[str | None]) -> Safe:
    """Return those parts that are there, escaped, with the separator between them."""
    return Safe(escape(separator).join(line(part) for part in parts if part))


def lines(*parts: str | None) -> Safe:
    """Return those parts that are there, a line each."""
    return joined("\n", parts)


def _inline(text: str) -> Safe:
    """Escape a part of a line, keeping the blanks at its ends."""
    return escape(re.sub(r"\s+", " ", clean(text)))


def bold(text: str) -> Safe:
    """Return the text in bold."""
    inner = _inner(text)
    return Safe(f"*{inner}*") if inner else EMPTY


def italic(text: str) -> Safe:
    """Return the text in italics."""
    inner = _inner(text)
    return Safe(f"_{inner}_") if inner else EMPTY


def _inner(text: str) -> Safe:
    """Return what a style goes around: trimmed before it is escaped, because what stands at the edge matters to it."""
    return line(text if isinstance(text, Safe) else one_line(clean(text)))


def code(text: str) -> Safe:
    """Return the text in a fixed-width font, where no mark styles anything."""
    inner = one_line(clean(text)).replace("`", LOOK_ALIKES["`"])
    return Safe(f"`{inner.translate(_ENTITIES)}`") if inner else EMPTY


def mention(user: UserId) -> Safe:
    """Return a mention that calls the person; what is no Slack id is shown as text."""
    return Safe(f"<@{user}>") if _USER.fullmatch(user) else escape(user)


def channel_link(channel: ChannelId | None, name: str) -> Safe:
    """Return a link to a channel, or its name while there is no channel."""
    return Safe(f"<#{channel}>") if channel and _CHANNEL.fullmatch(channel) else line("#", name)


def date(moment: datetime, style: Moment = Moment.DAY_AND_TIME) -> Safe:
    """Return a moment as everybody reads it in their own time zone; where Slack cannot, it is UTC."""
    return Safe(f"<!date^{int(moment.timestamp())}^{style}|{utc(moment, style)}>")


def utc(moment: datetime, style: Moment = Moment.DAY_AND_TIME) -> str:
    """Return a moment in UTC as plain text: "14:30 UTC" or "21 Nov 2026 14:30 UTC"."""
    there = moment.astimezone(UTC)
    day, seconds = f"{there.day} {there:%b %Y} ", ":%S" if style is Moment.SECONDS else ""
    return f"{'' if style is Moment.TIME else day}{there:%H:%M}{there.strftime(seconds)} UTC"


def link(url: str | None, label: str) -> Safe:
    """Return a link with a label; only the label when the address is not one that may be followed."""
    address = web_address(url)
    shown = line(label)
    return Safe(f"<{address.translate(_ENTITIES)}|{shown}>") if address and shown else shown


def prose(text: str) -> str:
    """Return what a person wrote, so that its bare addresses can be followed and nothing else in it is live."""
    pieces: list[Safe] = []
    end = 0
    for found in _ADDRESS.finditer(text):
        if address := web_address(found.group()):
            label = "" if address == found.group() else f"|{escape(found.group())}"
            pieces += (escape(text[end : found.start()]), Safe(f"<{address.translate(_ENTITIES)}{label}>"))
            end = found.end()
    return Safe("".join((*pieces, escape(text[end:])))) if pieces else text


def web_address(url: str | None) -> str | None:
    """Return an address that may be followed: http(s), a plain host, no user name, at most 3,000 characters; or None.

    What does not belong in an address is percent-encoded. A host that is not ASCII may look like another, and one that
    Slack would style cannot be shown as it is: None.
    """
    if not url:
        return None
    url = clean(url).strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or "\\" in url or not _HOST.fullmatch(parts.netloc):
        return None
    if escape(parts.netloc) != parts.netloc:
        return None
    address = quote(url, safe=_IN_ADDRESS)
    return address if len(address) <= URL_LIMIT else None


def host(url: str | None) -> str | None:
    """Return where an address leads, to show beside it."""
    address = web_address(url)
    return urlsplit(address).netloc if address else None


def clip(text: Safe, limit: int) -> Safe:
    """Return markup of at most `limit` characters, cut between its tokens."""
    if len(text) <= limit:
        return text
    kept, length = [], 0
    for token in _TOKENS.findall(text):
        if length + len(token) > limit - 1:
            break
        kept.append(token)
        length += len(token)
    return Safe("".join(kept).rstrip() + ELLIPSIS)


def shown(text: str, limit: int) -> Safe:
    """Return text or markup as markup of at most `limit` characters."""
    return clip(escape(text if isinstance(text, Safe) else cut(text, limit)), limit)
