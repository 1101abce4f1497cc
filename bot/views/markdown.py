"""Markdown in which text from outside stays text: no markup, no HTML, no image and no address in it becomes live.

Every ASCII punctuation mark may be escaped (https://spec.commonmark.org/0.31.2/#backslash-escapes); escaping those of
"://" and "www." as well keeps GitHub's autolinks away (https://github.github.com/gfm/#autolinks-extension-).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.domain.text import clean, one_line
from bot.views.blocks import web_address

_MARKS: Final = re.compile(r"[\\`*_\[\]<>&|~^$#!]")
_SCHEME: Final = re.compile(r":(?=//)|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)
_WWW: Final = re.compile(r"(?<=www)\.", re.IGNORECASE)
_AT: Final = re.compile(r"(?<=[A-Za-z0-9._+-])@(?=[A-Za-z0-9])")
# What would begin a list, a heading or a rule at the start of a line.
_START: Final = re.compile(r"^(\s*)(?:([-+=]+)|(\d{1,9})([.)]))")


def inline(text: str) -> str:
    """Return text that shows literally within a line of Markdown."""
    escaped = _MARKS.sub(r"\\\g<0>", one_line(clean(text)))
    escaped = _WWW.sub(r"\\.", _SCHEME.sub(r"\\:", escaped))
    return _START.sub(_unstarted, _AT.sub(r"\\@", escaped))


def _unstarted(found: re.Match[str]) -> str:
    indent, marks, number, dot = found.groups()
    return f"{indent}{number}\\{dot}" if number else indent + "".join(f"\\{mark}" for mark in marks)


def quote(text: str) -> str:
    """Return text as a quotation, its lines kept, shown literally."""
    paragraphs = re.split(r"\n\s*\n", clean(text).strip())
    return "\n>\n".join("> " + "\\\n> ".join(inline(part) for part in one.split("\n")) for one in paragraphs)


def link(label: str, url: str | None) -> str:
    """Return a link, or only its label when the address may not be followed."""
    address = web_address(url)
    return f"[{inline(label)}](<{address}>)" if address else inline(label)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def prompt(text: str) -> str:
    """Return what a person is asked to write here, in italics."""
    return f"_{text}_"
