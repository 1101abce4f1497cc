"""The audit log, as rows: who did what, where, and whether they might. Written once, never changed."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.acted import Acted, Result
from bot.domain.ids import IncidentId, UserId
from bot.store.tables import acts


async def write(connection: AsyncConnection, one: Acted) -> None:
    """Write an act down."""
    row = {
        "at": one.at,
        "actor": one.actor,
        "surface": one.surface,
        "act": one.act,
        "what": one.what,
        "incident": one.incident,
        "result": one.result.value,
        "reason": one.reason,
    }
    await connection.execute(_WRITE, row)


_WRITE = insert(acts)


async def newest(
    connection: AsyncConnection, at_most: int, *, actor: UserId | None = None, incident: IncidentId | None = None
) -> tuple[Acted, ...]:
    """Return the newest acts, of one person or about one incident when asked, the newest first."""
    query = select(acts).order_by(acts.c.id.desc()).limit(at_most)
    if actor is not None:
        query = query.where(acts.c.actor == actor)
    if incident is not None:
        query = query.where(acts.c.incident == incident)
    found = await connection.execute(query)
    return tuple(
        _acted(row.at, row.actor, row.surface, row.act, row.what, row.incident, row.result, row.reason) for row in found
    )


def _acted(
    at: datetime, actor: str, surface: str, act: str, what: str, incident: int | None, result: str, reason: str
) -> Acted:
    return Acted(
        at=at,
        actor=UserId(actor),
        surface=surface,
        act=act,
        what=what,
        incident=None if incident is None else IncidentId(incident),
        result=Result(result),
        reason=reason,
    )
