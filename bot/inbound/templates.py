"""What a sender's template made of a payload: placeholders that nothing filled in, tags in one text, times of any kind.

Nothing in here raises: what cannot be read of these is not told, because a detail must not cost an alert.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from bot.errors import BadInput
from bot.inbound.payloads import LABEL_NAME, LABEL_VALUE, as_epoch, as_line, as_moment

# *UNKNOWN* and {EVENT.ID} of Zabbix, $CODE of Healthchecks.io, {{rule.id}} of Kibana and Honeycomb.
_PLACEHOLDER = re.compile(r"\s*(?:\*UNKNOWN\*|\{\$?[A-Z][A-Z0-9_.]*\}|\$[A-Z][A-Z0-9_]*|\{\{[^{}]*\}\})\s*", re.ASCII)
_LONGEST_PLACEHOLDER = 200
_BETWEEN_TAGS = re.compile(r"[,\s]+")
_LONGEST_TAGS = 8_000


def filled(table: Mapping[str, object]) -> dict[str, object]:
    """Return the table without the fields whose placeholder was left as it stood in the template."""
    return {name: value for name, value in table.items() if not _is_placeholder(value)}


def as_tags(value: object) -> dict[str, str]:
    """Return tags as labels: a list, or a text with commas or spaces between them.

    `key:value` and `key=value` become a label each; the plain words together become the label `tags`.
    """
    given = value if isinstance(value, list) else _BETWEEN_TAGS.split(as_line(value, _LONGEST_TAGS))
    labels: dict[str, str] = {}
    words: list[str] = []
    for one in given:
        tag = as_line(one, LABEL_NAME + LABEL_VALUE)
        name, sign, content = _parted(tag)
        if sign and name and content:
            labels[name[:LABEL_NAME]] = content[:LABEL_VALUE]
        elif tag:
            words.append(tag)
    return labels | ({"tags": ", ".join(words)[:LABEL_VALUE]} if words else {})


def first_moment(*values: object) -> datetime | None:
    """Return the first of these that is a time, RFC 3339 or a number since 1970; None when none is."""
    for value in values:
        for read in (as_moment, as_epoch):
            with suppress(BadInput):
                if found := read(value, "a time"):
                    return found
    return None


def _is_placeholder(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_PLACEHOLDER and bool(_PLACEHOLDER.fullmatch(value))


def _parted(tag: str) -> tuple[str, str, str]:
    found = re.search("[:=]", tag)
    return (tag[: found.start()].strip(), found[0], tag[found.end() :].strip()) if found else (tag, "", "")
