"""What the timeline knows of the messages in an incident's channel, so that none is recorded twice.

A message may be told by an event, by two, by a reading of the channel, or by all of these, in any order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.domain.copying import replace
from bot.domain.events import Event
from bot.domain.ids import MessageTs
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message: whether it is recorded, what it says now as far as we know, and what became of it.

    `text` is None as long as nothing told it; `edited_at` is when we learnt of its newest edit. An edit or a deletion
    may be known of a message that is not recorded: its own event was lost.
    """

    posted: bool = False
    text: str | None = None
    edited_at: datetime | None = None
    deleted: bool = False


UNHEARD_OF = Heard()


def heard(events: Iterable[Event]) -> dict[MessageTs, Heard]:
    """Return what events, in the timeline's order, tell of each message."""
    known: dict[MessageTs, Heard] = {}
    for event in events:
        if isinstance(event, (MessagePosted, MessageEdited, MessageDeleted)):
            known[event.ts] = _after(known.get(event.ts, UNHEARD_OF), event)
    return known


def _after(known: Heard, event: MessagePosted | MessageEdited | MessageDeleted) -> Heard:
    match event:
        case MessagePosted(text=text):  # an edit that we knew already is newer than what the message's own event says
            return replace(known, posted=True, text=text if known.edited_at is None else known.text)
        case MessageEdited(text=text, at=at):
            return replace(known, text=text, edited_at=at)
        case MessageDeleted():
            return replace(known, deleted=True)
        case _:
            assert_never(event)
