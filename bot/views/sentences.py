"""Sentences of what happened: parts of text, people and moments, which become plain text or Slack markup.

Text from outside stays text in both.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.ids import UserId
from bot.domain.text import one_line
from bot.views.blocks import Block, Message, Safe, date, line, link, mention, message, section, utc

QUOTED_LIMIT: Final = 500
_PERSON_IN_TEXT: Final = re.compile(r"<@([UW][A-Z0-9]+)>")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a sentence; nobody is Muster itself."""

    user: UserId | None


@dataclass(frozen=True, slots=True)
class When:
    """A moment in a sentence: in plain text UTC, in Slack as each reader's own clock shows it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """Something that can be looked at elsewhere; where that is not known, or there are no links, only its name."""

    name: str
    url: str = ""


Part = str | Person | When | Linked


def as_text(parts: tuple[Part, ...], names: Mapping[UserId, str]) -> str:
    """Return the sentence as plain text; who has no known name keeps the id."""
    return "".join(_plain(part, names) for part in parts)


def as_markup(parts: tuple[Part, ...], *, moments: Callable[[datetime], str] = date) -> Safe:
    """Return the sentence as Slack markup, in which its people are mentioned and its text is literal.

    `moments` is `utc` where that is what everything around the sentence is told in.
    """
    return line(*(_marked(part, moments) for part in parts))


def sentence(label: str, parts: tuple[Part, ...], *follows: Block | None) -> Message:
    """Return the message that says it of an incident, with what follows beneath."""
    return message(line(label, ": ", as_markup(parts, moments=utc)), section(as_markup(parts)), *follows)


def marked_by(users: Sequence[UserId]) -> tuple[Safe, ...]:
    """Return, as it follows a message's link, who finds the message worth keeping; of a pin that is not always told."""
    if not users:
        return (line(", marked"),)
    others = f" and {len(users) - 1} more" if len(users) > 1 else ""
    return (line(", marked by ", mention(users[0]), others),)


def with_names(text: str, names: Mapping[UserId, str]) -> str:
    """Return text with "@name" in the place of every mention."""
    return _PERSON_IN_TEXT.sub(lambda found: f"@{names.get(UserId(found.group(1)), found.group(1))}", text)


def _plain(part: Part, names: Mapping[UserId, str]) -> str:
    match part:
        case Person(user=user):
            return names.get(user, user) if user else "Muster"
        case When(at=at):
            return utc(at)
        case Linked(name=name):
            return name
        case str():
            return with_names(part, names)


def _marked(part: Part, moments: Callable[[datetime], str]) -> str:
    match part:
        case Person(user=user):
            return mention(user) if user else "Muster"
        case When(at=at):
            return moments(at)
        case Linked(name=name, url=url):
            return link(url, name)
        case str():
            return part


def quoted(text: str) -> str:
    """Return a person's words on one line, cut to a sentence's measure."""
    return one_line(text, QUOTED_LIMIT)
