"""Takes an e-mail apart (RFC 5322, MIME), however it was made: headers as text, and the text that people would read.

The library's parser bears most of what comes; what costs it more than linear time is kept from it: more than
`MOST_PARTS` parts (each level of a nest is asked about each line), headers of any length (its reader of structured
headers is quadratic), codecs that are none of text. Nothing in here raises, and only the first `READ` bytes count.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from html import unescape
from typing import Final

READ: Final = 1024 * 1024
MOST_PARTS: Final = 30
HEAD: Final = 64 * 1024
HEADER: Final = 4_000
TEXT: Final = 256 * 1024

_PART: Final = re.compile(rb"content-type\s*:", re.IGNORECASE)
_STRANGE: Final = frozenset(["idna", "punycode", "unicode_escape", "raw_unicode_escape", "unicode-escape", "utf-7"])
_UNSEEN: Final = ("script", "style", "head", "title")
_NEW_LINE: Final = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/table)\b[^<>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")


def parsed(body: bytes) -> Message:
    """Return a mail; of one with too many parts only the headers are taken apart, and the rest is its text."""
    head, gap, rest = body[:READ].replace(b"\r\n", b"\n").partition(b"\n\n")
    start = head[:HEAD] + gap
    if sum(1 for _ in _PART.finditer(start + rest)) <= MOST_PARTS:
        return message_from_bytes(start + rest, policy=compat32)
    message = message_from_bytes(start, policy=compat32)
    del message["Content-Type"], message["Content-Transfer-Encoding"]
    message.set_payload(rest.decode("ascii", errors="replace"))
    return message


def header(message: Message, name: str) -> str:
    """Return the first header of a name, decoded, on one line; what is too long is cut."""
    raw = next((str(value) for given, value in message.raw_items() if given.lower() == name), "")
    folded = " ".join(raw[:HEADER].split())
    try:
        return "".join(_decoded(part, charset) for part, charset in decode_header(folded))
    except (HeaderParseError, ValueError):
        return folded


def text_of(message: Message) -> str:
    """Return the text that people would read: plain if there is some, else the HTML without its tags."""
    parts = [part for part in message.walk() if not part.is_multipart() and not _is_attached(part)]
    plain = next((text for part in parts if (text := _content(part, "text/plain").strip())), "")
    return plain or next((text for part in parts if (text := stripped(_content(part, "text/html")))), "")


def stripped(html: str) -> str:
    """Return the text of HTML, in time that grows with its length and no more."""
    for name in _UNSEEN:
        html = "".join(_without(html, name))
    lines = (" ".join(line.split()) for line in unescape(_TAG.sub("", _NEW_LINE.sub("\n", html))).split("\n"))
    return "\n".join(line for line in lines if line)


def _without(html: str, name: str) -> Iterator[str]:
    """Yield what stands outside elements of a name; one that does not end hides the rest."""
    begin, end = (re.compile(rf"<{slash}{name}\b", re.IGNORECASE) for slash in ("", "/"))
    at = 0
    while found := begin.search(html, at):
        yield html[at : found.start()]
        over = end.search(html, found.end())
        if over is None:
            return
        at = over.start()
    yield html[at:]


def _is_attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", ""))[:HEADER].strip().lower().startswith("attachment")


def _content(part: Message, wanted: str) -> str:
    # What says that it has parts, and has none, is text.
    given = "text/plain" if part.get_content_maintype() == "multipart" else part.get_content_type()
    raw = part.get_payload(decode=True) if given == wanted else b""
    return _decoded(raw, part.get_content_charset()) if isinstance(raw, bytes) else ""


def _decoded(raw: bytes | str, charset: str | None) -> str:
    """Return text; what its charset does not explain is read as UTF-8."""
    if isinstance(raw, str):
        return raw
    known = (charset or "utf-8").lower()
    try:
        return raw[:TEXT].decode("utf-8" if known in _STRANGE else known, errors="replace")
    except (LookupError, ValueError):
        return raw[:TEXT].decode("utf-8", errors="replace")
