"""The timeline.

Append-only, without gaps, each row chained to the one before, so that a changed past shows (RFC 6962 has the idea).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.events import Event, RoleAssigned, TimelineRow
from bot.domain.ids import IncidentId, MessageTs
from bot.domain.keeping_events import MessageMarked, MessageUnmarked
from bot.domain.message_events import MemberMoved, MessageDeleted, MessageEdited, MessagePosted
from bot.domain.note_events import NoteTaken
from bot.domain.undone import ChangeUndone
from bot.store.bodies import dump, event_body, read
from bot.store.tables import timeline

_OF_MESSAGES = tuple(
    str(one.__dataclass_fields__["kind"].default)
    for one in (MessagePosted, MessageEdited, MessageDeleted, MessageMarked, MessageUnmarked, MemberMoved)
)
_OF_ROLES = tuple(str(one.__dataclass_fields__["kind"].default) for one in (RoleAssigned, ChangeUndone))

_WORDS = tuple(str(one.__dataclass_fields__["kind"].default) for one in (MessagePosted, MessageEdited, NoteTaken))

_HASH = select(timeline.c.hash).where(timeline.c.incident == bindparam("number"), timeline.c.seq == bindparam("place"))
_ROWS = select(timeline).where(timeline.c.incident == bindparam("number")).order_by(timeline.c.seq)
_APPEND = insert(timeline)


def chain(previous: str, incident: IncidentId, seq: int, body: str) -> str:
    """Return the hash of a row: SHA-256 over the previous hash, the place and the event."""
    return hashlib.sha256(f"{previous}\n{incident}\n{seq}\n{body}".encode()).hexdigest()


async def append(connection: AsyncConnection, incident: IncidentId, before: int, events: Sequence[Event]) -> None:
    """Append events after the row `before` (0 for none)."""
    if not events:
        return
    previous = (await connection.execute(_HASH, {"number": incident, "place": before})).scalar() or ""
    rows = []
    for seq, event in enumerate(events, before + 1):
        body = dump(event_body, event)
        previous = chain(previous, incident, seq, body)
        rows.append(
            {"incident": incident, "seq": seq, "at": event.at, "kind": event.kind, "body": body, "hash": previous}
        )
    await connection.execute(_APPEND, rows)


async def rows_of(connection: AsyncConnection, incident: IncidentId) -> tuple[TimelineRow, ...]:
    """Return the whole timeline of an incident, in order."""
    return tuple(
        TimelineRow(incident=incident, seq=row.seq, event=read(event_body, row.body), hash=row.hash)
        for row in await connection.execute(_ROWS, {"number": incident})
    )


async def messages_of(
    connection: AsyncConnection, incident: IncidentId, ts: MessageTs | None = None
) -> tuple[Event, ...]:
    """Return what the timeline tells of messages in the incident's channel, or of one, in its order."""
    query = _MESSAGES
    if ts is not None:  # as `dump` writes it; a text that says the same has its quotes escaped
        query = query.where(timeline.c.body.contains(f'"ts":{json.dumps(ts)}', autoescape=True))
    bodies = (await connection.execute(query, {"number": incident})).scalars()
    return tuple(read(event_body, body) for body in bodies)


async def roles_given(connection: AsyncConnection, incident: IncidentId) -> tuple[RoleAssigned | ChangeUndone, ...]:
    """Return which roles were given, or given back when that was undone, in the timeline's order."""
    bodies = (await connection.execute(_ROLES, {"number": incident})).scalars()
    told = (read(event_body, body) for body in bodies)
    return tuple(event for event in told if isinstance(event, RoleAssigned | ChangeUndone) and event.role)


_ROLES = (
    select(timeline.c.body)
    .where(timeline.c.incident == bindparam("number"), timeline.c.kind.in_(_OF_ROLES))
    .order_by(timeline.c.seq)
)
_MESSAGES = (
    select(timeline.c.body)
    .where(timeline.c.incident == bindparam("number"), timeline.c.kind.in_(_OF_MESSAGES))
    .order_by(timeline.c.seq)
)


async def spoken_at(connection: AsyncConnection, incident: IncidentId) -> datetime | None:
    """Return when somebody last said something in an incident's channel, or of it."""
    found: datetime | None = (await connection.execute(_SPOKEN, {"number": incident})).scalar()
    return found


_SPOKEN = select(func.max(timeline.c.at, type_=timeline.c.at.type)).where(
    timeline.c.incident == bindparam("number"), timeline.c.kind.in_(_WORDS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A timeline, walked row by row: `broken_at` is the first row that does not follow from the one before."""

    rows: int
    ends_in: str
    broken_at: int | None


async def walk(connection: AsyncConnection, incident: IncidentId) -> Walked:
    """Walk along the chain of an incident's timeline from its first row to its last."""
    previous, broken_at, place = "", None, 0
    for place, row in enumerate(await connection.execute(_ROWS, {"number": incident}), 1):
        expected = chain(previous, incident, row.seq, row.body)
        if broken_at is None and (row.seq != place or row.hash != expected):
            broken_at = place
        previous = row.hash
    return Walked(rows=place, ends_in=previous, broken_at=broken_at)
