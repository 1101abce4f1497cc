"""What the timeline knows of the messages in an incident's channel, so that none is recorded twice.

A message may be told by an event, by two, by a reading of the channel, or by all of these, in any order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from bot.domain.copying import replace
from bot.domain.events import Event
from bot.domain.ids import MessageTs, UserId
from bot.domain.keeping_events import How, MessageMarked, MessageUnmarked
from bot.domain.message_events import MemberMoved, MessageDeleted, MessageEdited, MessagePosted


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark that somebody put on a message, or took off again, at a moment."""

    how: How
    by: UserId | None
    at: datetime
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message: whether it is recorded, what it says now as far as we know, and what became of it.

    `text` is None as long as nothing told it; `edited_at` is when we learnt of its newest edit. An edit or a deletion
    may be known of a message that is not recorded: its own event was lost. `marks` are its newest, by their names.
    """

    posted: bool = False
    text: str | None = None
    edited_at: datetime | None = None
    deleted: bool = False
    marks: Mapping[str, Mark] = field(default_factory=dict)

    @property
    def marked_by(self) -> tuple[UserId, ...]:
        """Return who marked it and did not take that back, once each."""
        return tuple(dict.fromkeys(mark.by for mark in self.marks.values() if mark.on and mark.by))

    @property
    def is_marked(self) -> bool:
        """Tell whether anybody finds it worth keeping."""
        return any(mark.on for mark in self.marks.values())


UNHEARD_OF = Heard()
_OF_MESSAGES = (MessagePosted, MessageEdited, MessageDeleted, MessageMarked, MessageUnmarked, MemberMoved)


def heard(events: Iterable[Event]) -> dict[MessageTs, Heard]:
    """Return what events, in the timeline's order, tell of each message."""
    known: dict[MessageTs, Heard] = {}
    for event in events:
        if isinstance(event, _OF_MESSAGES):
            known[event.ts] = after(known.get(event.ts, UNHEARD_OF), event)
    return known


def mark_name(how: How, by: UserId | None) -> str:
    """Return what a mark is known by: a pin is the message's, whoever put it there; the others are a person's own."""
    return how if how == "pin" else f"{how}:{by}"


def after(
    known: Heard,
    event: MessagePosted | MessageEdited | MessageDeleted | MessageMarked | MessageUnmarked | MemberMoved,
) -> Heard:
    """Return what is known of a message after an event of it."""
    match event:
        case MessageMarked(how=how, by=by, at=at) | MessageUnmarked(how=how, by=by, at=at):
            mark = Mark(how=how, by=by, at=at, on=isinstance(event, MessageMarked))
            return replace(known, marks={**known.marks, mark_name(how, by): mark})
        case MessagePosted(text=text):  # an edit that we knew already is newer than what the message's own event says
            return replace(known, posted=True, text=text if known.edited_at is None else known.text)
        case MessageEdited(text=text, at=at):
            return replace(known, text=text, edited_at=at)
        case MessageDeleted():
            return replace(known, deleted=True)
        case MemberMoved():
            return replace(known, posted=True)
        case _:
            assert_never(event)
