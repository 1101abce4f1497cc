"""Sentences of what happened: parts of text and people, which become plain text or Slack markup.

Text from outside stays text in both.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.ids import UserId
from bot.domain.text import one_line
from bot.views.blocks import Safe, line, mention

QUOTED_LIMIT: Final = 500
_PERSON_IN_TEXT: Final = re.compile(r"<@([UW][A-Z0-9]+)>")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a sentence; nobody is Muster itself."""

    user: UserId | None


Part = str | Person


def as_text(parts: tuple[Part, ...], names: Mapping[UserId, str]) -> str:
    """Return the sentence as plain text; who has no known name keeps the id."""
    return "".join(_name(part.user, names) if isinstance(part, Person) else with_names(part, names) for part in parts)


def as_markup(parts: tuple[Part, ...]) -> Safe:
    """Return the sentence as Slack markup, in which its people are mentioned and its text is literal."""
    return line(*(_mention(part.user) if isinstance(part, Person) else part for part in parts))


def with_names(text: str, names: Mapping[UserId, str]) -> str:
    """Return text with "@name" in the place of every mention."""
    return _PERSON_IN_TEXT.sub(lambda found: f"@{names.get(UserId(found.group(1)), found.group(1))}", text)


def _name(user: UserId | None, names: Mapping[UserId, str]) -> str:
    return names.get(user, user) if user else "Muster"


def _mention(user: UserId | None) -> str:
    return mention(user) if user else "Muster"


def quoted(text: str) -> str:
    """Return a person's words on one line, cut to a sentence's measure."""
    return one_line(text, QUOTED_LIMIT)
