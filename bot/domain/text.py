"""Text from outside, made safe to keep; and channel names. Cleaned text is stored, and escaped only where it is shown.

Nothing visible is lost: only what cannot be seen, cannot be stored (PostgreSQL refuses NUL,
https://www.postgresql.org/docs/current/datatype-character.html) or makes text read other than it is
(bidirectional controls, https://trojansource.codes).
"""

import re
import unicodedata
from typing import Final

ELLIPSIS: Final = "…"
SLUG_LIMIT: Final = 40
# Of an incident, and of an alert in its timeline.
TITLE_LIMIT: Final = 150
# Of what somebody tells: an update, a note, why an incident is none, what ended it. A section in Slack holds no more.
TEXT_LIMIT: Final = 3000
# Of why something waits, or is quiet.
REASON_LIMIT: Final = 300
# https://docs.slack.dev/reference/methods/conversations.create: at most 80 of a-z 0-9 - _
CHANNEL_NAME_LIMIT: Final = 80

# The suffix of a channel's name, and what may stand behind it: "-7kq2-2-r3".
_ENDS: Final = re.compile(r"(?:-[^-]{1,4}){1,3}$")

_LINE_BREAKS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN: Final = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 and C1 controls but tab and line feed
    "\u00ad\u034f\u061c\u180e"  # soft hyphen, grapheme joiner, Arabic letter mark, Mongolian vowel separator
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # zero width and bidirectional controls
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # interlinear annotation, tags
    "]"
)
# ZWNJ and ZWJ spell words (Persian, Hindi) and build emoji: they stay between two characters that can be joined.
_STRAY_JOINERS: Final = re.compile(
    "(?<![^\x00-\x7f\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\u200c\u200d])"
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_NOT_SLUG: Final = re.compile("[^a-z0-9]+")
_CLINGS: Final = frozenset("\u200c\u200d\ufe0e\ufe0f\u20e3") | {chr(tone) for tone in range(0x1F3FB, 0x1F400)}
_LONGEST_CLUSTER: Final = 16
# Letters that Unicode does not decompose: https://www.unicode.org/charts/ Latin-1 Supplement and Latin Extended-A.
_SPELT: Final = str.maketrans(
    dict(
        zip(
            "\u00df\u00e6\u0153\u00f8\u0111\u00f0\u00fe\u0142\u0127\u0131",
            ["ss", "ae", "oe", "o", "d", "d", "th", "l", "h", "i"],
            strict=True,
        )
    )
)  # ß æ œ ø đ ð þ ł ħ and the dotless i


def clean(text: str, limit: int | None = None) -> str:
    """Return the text without what cannot be seen or stored, at most `limit` code points long ("…" tells of a cut).

    Line breaks of every kind become line feeds, lone surrogates U+FFFD. Cleaning twice changes nothing more.
    """
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _UNSEEN.sub("", _LINE_BREAKS.sub("\n", text))
    text = _STRAY_JOINERS.sub("", text)
    return text if limit is None else cut(text, limit)


def cut(text: str, limit: int) -> str:
    """Return at most `limit` code points, "…" the last when something is missing; accents and emoji stay whole."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    end = limit - 1
    for _ in range(_LONGEST_CLUSTER):
        if end <= 0 or not _inside_cluster(text, end):
            break
        end -= 1
    else:
        end = limit - 1
    return text[:end].rstrip() + ELLIPSIS


def _inside_cluster(text: str, at: int) -> bool:
    here = text[at]
    return here in _CLINGS or unicodedata.combining(here) != 0 or text[at - 1] == "\u200d"


def sentence_of(text: str) -> str:
    """Return a text that ends as a sentence does; a title may end with its own mark."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def one_line(text: str, limit: int | None = None) -> str:
    """Return the text on one line: every run of white space becomes one space."""
    joined = " ".join(text.split())
    return joined if limit is None else cut(joined, limit)


def slug(title: str) -> str:
    """Return the title as a part of a channel's name: 1-40 of a-z, 0-9, "-"; "incident" when nothing can be spelt."""
    spelt = unicodedata.normalize("NFKD", title.casefold().translate(_SPELT))
    ascii_only = "".join(letter for letter in spelt if not unicodedata.combining(letter))
    words = _NOT_SLUG.sub("-", ascii_only.casefold()).strip("-")
    if len(words) <= SLUG_LIMIT:
        return words or "incident"
    shortened = words[:SLUG_LIMIT]
    whole_words = shortened if words[SLUG_LIMIT] == "-" else shortened.rpartition("-")[0]
    return (whole_words or shortened).strip("-")


def channel_name(prefix: str, number: int, title: str, suffix: str) -> str:
    """Return a channel's name, "inc-42-checkout-is-down-7k3": at most 80; prefix, number and suffix always stay."""
    start = f"{_part(prefix) or 'inc'}-{number}"
    end = _part(suffix)
    room = CHANNEL_NAME_LIMIT - len(start) - len(end) - 2
    middle = slug(title)[: max(0, room)].strip("-")
    return "-".join(part for part in (start, middle, end) if part)[:CHANNEL_NAME_LIMIT]


def comms_name(room: str, number: int, n: int) -> str:
    """Return the name of an incident's `n`th channel for communications: "inc-42-comms-checkout-is-down-7k3".

    Beside the incident's own, `room`, a sidebar that cuts names off still tells them apart. What is too long for Slack
    is cut before the suffix, and leaves room for the "-2" behind a name that is taken.
    """
    before, parted, about = room.partition(f"-{number}-")
    start, about = (f"{before}-{number}-comms", about) if before and parted else (f"inc-{number}-comms", room)
    again = f"-r{n}" if n > 1 else ""
    end = "".join(_ENDS.findall(about))
    middle = about.removesuffix(end)[: CHANNEL_NAME_LIMIT - 2 - len(f"{start}-{end}{again}")].strip("-")
    return f"{start}-{middle}{end}{again}"


def _part(text: str) -> str:
    return _NOT_SLUG.sub("-", text.casefold()).strip("-")[:20]
