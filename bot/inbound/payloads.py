"""How a payload is read: every alert source takes its JSON, texts, times, links and severities through here.

Nothing in here raises anything but `BadInput`, takes more than linear time, or repeats a payload's text in an error.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from bot.domain.alerts_model import AlertSeverity
from bot.domain.text import clean, one_line
from bot.errors import BadInput

# How many characters of each are kept; the delivery keeps the whole payload.
TITLE = 256
SUMMARY = 2_000
DESCRIPTION = 8_000
VALUES = 300
LABEL_NAME = 256
LABEL_VALUE = 1_024
URL = 3_000  # the longest that a Slack button takes (https://docs.slack.dev/reference/block-kit/block-elements/button-element)

# Longer ones are not remembered: what is remembered shall not grow by what a sender likes.
_SHORT = 64

_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,12}))?(?:([Zz])|([+-])(\d\d):?(\d\d))",
    re.ASCII,
)
_EPOCH = re.compile(r"(\d{1,19})(?:\.(\d{1,9}))?", re.ASCII)
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_OF_MILLISECONDS = 10**11  # as milliseconds the spring of 1973, as seconds the year 5138
_PLAIN_URL = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][A-Za-z0-9/?#&=%+.,:;~_@!$'()*\[\]-]*)?", re.ASCII
)
# What a browser would encode by itself, and what would end a link in Slack's markup.
_ENCODED = {ord(sign): f"%{ord(sign):02X}" for sign in ' "<>\\^`{|}'}
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0]")

_SEVERITIES: Mapping[AlertSeverity, str] = {
    AlertSeverity.CRITICAL: "critical crit page p1 sev0 disaster fatal emergency 5",
    AlertSeverity.HIGH: "high error err major p2 sev1 4",
    AlertSeverity.WARNING: "warning warn average minor ticket p3 sev2 3 2",
    AlertSeverity.INFO: "info information informational notice low debug none ok p4 p5 sev3 sev4 1 0",
}
_BY_WORD: Mapping[str, AlertSeverity] = {
    word: severity for severity, words in _SEVERITIES.items() for word in words.split()
}


def read_json(body: bytes) -> object:
    """Read JSON of unknown origin; numbers, NaN and Infinity stay the text that they were sent as.

    Bytes that are no UTF-8 become U+FFFD: one broken byte must not cost an alert. Of a repeated name the last counts.

    Raises:
        BadInput: it is empty, no JSON, or nested deeper than the interpreter can follow.
    """
    if not body.strip():
        raise BadInput("the body is empty")
    text = body.decode("utf-8", errors="replace").removeprefix("\ufeff")
    try:
        # Numbers stay text: int() is quadratic in the digits and refuses more than 4,300 of them.
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise BadInput(f"the body is not JSON (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise BadInput("the JSON is nested too deeply") from None


def as_object(value: object, what: str) -> Mapping[str, object]:
    """Return a JSON object, or say which `what` is none."""
    if isinstance(value, dict):
        return value
    raise BadInput(f"{what} is {_kind(value)}, not an object")


def as_table(value: object) -> Mapping[str, object]:
    """Return a JSON object; anything else is one in which nothing is told."""
    return value if isinstance(value, dict) else {}


def as_list(value: object, what: str) -> list[object]:
    """Return a JSON list, or say which `what` is none."""
    if isinstance(value, list):
        return value
    raise BadInput(f"{what} is {_kind(value)}, not a list")


def as_text(value: object, limit: int) -> str:
    """Return a string, a number or a boolean as clean text; anything else is no text: the empty string."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            # Nearly all texts are short, plain ASCII: nothing to clean, and three times as quick.
            plain = len(value) <= limit and value.isascii() and value.isprintable()
            return value if plain else clean(value, limit)
        case _:
            return ""


def as_line(value: object, limit: int) -> str:
    """Return clean text on one line, for titles."""
    return one_line(as_text(value, limit))


def as_labels(value: object) -> dict[str, str]:
    """Return labels with names and values made clean. Any name is allowed; an empty value is the same as no label.

    (Prometheus: "a label with an empty label value is considered equivalent to a label that does not exist",
    https://prometheus.io/docs/concepts/data_model/.)
    """
    if not isinstance(value, dict):
        return {}
    labels = {}
    for name, content in value.items():
        known = _known_name(name) if len(name) <= _SHORT else as_line(name, LABEL_NAME)
        if known and (text := as_text(content, LABEL_VALUE)):
            labels[known] = text
    return labels


@lru_cache(maxsize=2_048)
def _known_name(name: str) -> str:
    """Return a label's name made clean: the same few come in every alert."""
    return as_line(name, LABEL_NAME)


def as_moment(value: object, what: str) -> datetime | None:
    """Return an RFC 3339 time in UTC, cut to milliseconds; None when it is not given, or Go's zero time (year 1).

    Cut, because the peers of a highly available Alertmanager tell the same start with different microseconds.

    Raises:
        BadInput: there is something, but it is no time.
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and len(value) <= _SHORT:
            return _moment(value)
    except (ValueError, OverflowError):
        pass
    raise BadInput(f"{what} is not a time")


@lru_cache(maxsize=2_048)
def _moment(value: str) -> datetime | None:
    """Return a time: the alerts of a group began at the same few moments.

    Raises:
        ValueError, OverflowError: it is none.
    """
    found = _MOMENT.fullmatch(value)
    if found is None:
        raise ValueError
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    if year <= 1:
        return None
    milliseconds = int((found[7] or "").ljust(3, "0")[:3])
    zone = UTC if found[8] else _offset(found[9], found[10], found[11])
    return datetime(year, month, day, hour, minute, second, milliseconds * 1_000, tzinfo=zone).astimezone(UTC)


def as_epoch(value: object, what: str) -> datetime | None:
    """Return a time that is given as a number since 1970, cut to milliseconds; None when it is not given, or zero.

    Whether seconds, milli-, micro- or nanoseconds are meant is told by the size: senders mix them in one payload.

    Raises:
        BadInput: there is something, but it is no time.
    """
    if value is None or value == "":
        return None
    found = _EPOCH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise BadInput(f"{what} is not a time")
    number, fraction = int(found[1]), int((found[2] or "").ljust(3, "0")[:3])
    if number < _FIRST_OF_MILLISECONDS:
        milliseconds = number * 1_000 + fraction
    else:
        milliseconds = number
        while milliseconds >= _FIRST_OF_MILLISECONDS * 1_000:
            milliseconds //= 1_000
    return _EPOCH_START + timedelta(milliseconds=milliseconds) if milliseconds else None


def as_url(value: object) -> str | None:
    """Return a link that people may be sent to: http or https, with a host, at most `URL` characters; else None.

    A longer one is left out, not cut: half a query leads somewhere else.
    """
    if not isinstance(value, str) or not value or len(value) > URL:
        return None
    if _PLAIN_URL.fullmatch(value):
        return value
    url = clean(value.strip()).translate(_ENCODED)
    if len(url) > URL or _CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and host else None


def as_severity(*values: object) -> AlertSeverity:
    """Return the first of these that stands on the common scale; UNKNOWN when none does, never a guess."""
    for value in values:
        if isinstance(value, str) and (found := _BY_WORD.get(value.strip().lower().replace("-", ""))):
            return found
    return AlertSeverity.UNKNOWN


def fingerprint_of(labels: Mapping[str, object]) -> str:
    """Return an identity for labels whose sender gives none: 16 hexadecimal digits.

    Hashed as a JSON array of pairs, so that no two different sets of labels read the same when they are joined.
    """
    texts = ((name, value if isinstance(value, str) else as_text(value, LABEL_VALUE)) for name, value in labels.items())
    pairs = sorted(texts)
    return sha256(json.dumps(pairs).encode()).hexdigest()[:16]


def _offset(sign: str, hours: str, minutes: str) -> timezone:
    size = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-size if sign == "-" else size)


def _kind(value: object) -> str:
    match value:
        case None:
            return "missing"
        case bool():
            return "a boolean"
        case str():
            return "a text or a number"
        case dict():
            return "an object"
        case _:
            return "a list"
