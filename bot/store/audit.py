"""What the auditor asks the database. Each question costs what is open, waits or is new, never what once was.

Nothing here writes, and no answer holds what people wrote: ids, names of work, and how late it is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Executable, and_, case, distinct, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts_model import AlertStatus
from bot.domain.ids import GroupId, IncidentId, SourceName
from bot.domain.model import Incident
from bot.domain.tracks import Track
from bot.store.bodies import incident_body
from bot.store.inbox import DeliveryStatus
from bot.store.incidents import COUNTER, OPEN, RUNNING, columns_of
from bot.store.tables import (
    alerts,
    deliveries,
    effects,
    gates,
    groups,
    incidents,
    lanes,
    numbers,
    receipts,
    timeline,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An effect that waits, or was set aside."""

    kind: str
    key: str
    lane: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIncident:
    """An incident's row: the value, None when it cannot be read, and whether the columns beside it say the same."""

    incident: Incident | None
    columns_agree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """A row of the timeline as it is stored, unread."""

    seq: int
    at: datetime
    kind: str
    body: str
    hash: str


async def freeze(connection: AsyncConnection) -> None:
    """See one moment in all that follows: on PostgreSQL each statement has a picture of its own unless told so."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


async def overdue(
    connection: AsyncConnection, now: datetime, before: datetime, at_most: int, *, held: Collection[Track] = ()
) -> tuple[Waiting, ...]:
    """Return the heads of free lanes (or of none at all) that were due `before`: nobody takes them up.

    What stands behind a head that waits for its next try waits rightly, and so does what waits at a gate that is
    closed, or was a moment ago, and what is of a track that is `held` back; what is set aside is counted elsewhere.
    """
    opened = select(gates.c.name).where(gates.c.opens_at > before)
    ahead = effects.alias("ahead")
    first = select(func.min(ahead.c.id)).where(ahead.c.lane == effects.c.lane, ahead.c.quarantined_at.is_(None))
    query = (
        select(effects.c.kind, effects.c.key, effects.c.lane, effects.c.due)
        .select_from(effects.outerjoin(lanes, lanes.c.name == effects.c.lane))
        .where(
            effects.c.quarantined_at.is_(None),
            effects.c.due < before,
            or_(lanes.c.leased_until.is_(None), lanes.c.leased_until <= now),
            func.coalesce(lanes.c.gate, "").not_in(opened),
            func.coalesce(lanes.c.track, "").not_in([track.value for track in held]),
            effects.c.id == first.scalar_subquery(),
        )
        .order_by(effects.c.due)
        .limit(at_most)
    )
    return await _all(connection, query)


async def set_aside(connection: AsyncConnection, at_most: int) -> tuple[Waiting, ...]:
    """Return the effects in quarantine."""
    columns = select(effects.c.kind, effects.c.key, effects.c.lane, effects.c.due)
    query = columns.where(effects.c.quarantined_at.is_not(None)).order_by(effects.c.id).limit(at_most)
    return await _all(connection, query)


async def abandoned(connection: AsyncConnection, before: datetime, at_most: int) -> tuple[str, ...]:
    """Return the lanes whose lease ended `before`, and that nobody took over or gave back."""
    query = select(lanes.c.name).where(lanes.c.leased_until < before).order_by(lanes.c.leased_until).limit(at_most)
    return tuple((await connection.execute(query)).scalars())


async def unread(connection: AsyncConnection, source: SourceName, before: datetime) -> int:
    """Return how many deliveries of a source came in `before` and are not read yet."""
    return await _deliveries(connection, source, DeliveryStatus.WAITING, deliveries.c.received_at < before)


async def not_understood(connection: AsyncConnection, source: SourceName, since: datetime) -> int:
    """Return how many deliveries of a source came in `since` and are in quarantine."""
    return await _deliveries(connection, source, DeliveryStatus.QUARANTINED, deliveries.c.received_at >= since)


async def open_ones(connection: AsyncConnection, at_most: int) -> tuple[IncidentId, ...]:
    """Return the open incidents, the oldest first."""
    query = select(incidents.c.id).where(incidents.c.status.in_(OPEN)).order_by(incidents.c.id).limit(at_most)
    return tuple(IncidentId(number) for number in (await connection.execute(query)).scalars())


async def running_ones(connection: AsyncConnection, at_most: int) -> tuple[IncidentId, ...]:
    """Return the open incidents that are not in triage, the oldest first."""
    query = select(incidents.c.id).where(incidents.c.status.in_(RUNNING)).order_by(incidents.c.id).limit(at_most)
    return tuple(IncidentId(number) for number in (await connection.execute(query)).scalars())


async def without_channel(connection: AsyncConnection, before: datetime, at_most: int) -> tuple[IncidentId, ...]:
    """Return the open incidents that were declared `before` and have no channel."""
    query = select(incidents.c.id).where(
        incidents.c.status.in_(OPEN), incidents.c.channel.is_(None), incidents.c.declared_at < before
    )
    found = await connection.execute(query.order_by(incidents.c.id).limit(at_most))
    return tuple(IncidentId(number) for number in found.scalars())


async def present(connection: AsyncConnection, kind: str, keys: Sequence[str]) -> frozenset[str]:
    """Return which of these effects there are, waiting or set aside."""
    query = select(effects.c.key).where(effects.c.kind == kind, effects.c.key.in_(keys))
    return frozenset((await connection.execute(query)).scalars())


async def miscounted(connection: AsyncConnection, at_most: int) -> tuple[tuple[GroupId, int, int], ...]:
    """Return the groups that fire, and in which another number of alerts does than they say: theirs, and that."""
    series = case((alerts.c.kin == "", alerts.c.id), else_=alerts.c.kin)
    members = select(func.count(distinct(series))).where(
        alerts.c.group_id == groups.c.id, alerts.c.status == AlertStatus.FIRING.value
    )
    counted = members.scalar_subquery()
    query = select(groups.c.id, groups.c.firing, counted).where(
        groups.c.status == AlertStatus.FIRING.value, groups.c.firing != counted
    )
    return tuple((GroupId(row[0]), row[1], row[2]) for row in await connection.execute(query.limit(at_most)))


async def oldest_receipt(connection: AsyncConnection) -> datetime | None:
    """Return when the oldest receipt was written."""
    moment: datetime | None = (await connection.execute(select(func.min(receipts.c.at)))).scalar()
    return moment


async def newest_row(connection: AsyncConnection) -> int:
    """Return the id of the timeline's newest row of all, 0 when there is none."""
    return (await connection.execute(select(func.max(timeline.c.id)))).scalar() or 0


async def changed_since(connection: AsyncConnection, row: int, at_most: int) -> tuple[tuple[int, IncidentId], ...]:
    """Return the timeline's rows after a row: their ids, and whose they are."""
    query = select(timeline.c.id, timeline.c.incident).where(timeline.c.id > row).order_by(timeline.c.id)
    return tuple((found.id, IncidentId(found.incident)) for found in await connection.execute(query.limit(at_most)))


async def next_incident(connection: AsyncConnection, after: IncidentId) -> IncidentId | None:
    """Return the incident with the next higher number, open or not."""
    query = select(incidents.c.id).where(incidents.c.id > after).order_by(incidents.c.id).limit(1)
    found = (await connection.execute(query)).scalar()
    return None if found is None else IncidentId(found)


async def last_number(connection: AsyncConnection) -> IncidentId:
    """Return the highest incident number that was given, 0 when none was."""
    found = (await connection.execute(select(numbers.c.last).where(numbers.c.name == COUNTER))).scalar()
    return IncidentId(found or 0)


async def stored_incident(connection: AsyncConnection, number: IncidentId) -> StoredIncident | None:
    """Return an incident's row."""
    row = (await connection.execute(select(incidents).where(incidents.c.id == number))).mappings().first()
    if row is None:
        return None
    try:
        found = incident_body.validate_json(row["body"])
    except ValueError:
        return StoredIncident(incident=None, columns_agree=False)
    within = {"id": found.id, **columns_of(found)}
    return StoredIncident(incident=found, columns_agree=all(row[name] == value for name, value in within.items()))


async def rows_after(connection: AsyncConnection, number: IncidentId, seq: int, at_most: int) -> tuple[StoredRow, ...]:
    """Return an incident's timeline after the row `seq`, in its order."""
    query = select(timeline).where(and_(timeline.c.incident == number, timeline.c.seq > seq))
    return tuple(
        StoredRow(seq=row.seq, at=row.at, kind=row.kind, body=row.body, hash=row.hash)
        for row in await connection.execute(query.order_by(timeline.c.seq).limit(at_most))
    )


async def _all(connection: AsyncConnection, query: Executable) -> tuple[Waiting, ...]:
    rows = await connection.execute(query)
    return tuple(Waiting(kind=row.kind, key=row.key, lane=row.lane, due=row.due) for row in rows)


async def _deliveries(
    connection: AsyncConnection, source: SourceName, status: DeliveryStatus, when: ColumnElement[bool]
) -> int:
    there = and_(deliveries.c.source == source, deliveries.c.status == status.value)
    query = select(func.count()).select_from(deliveries).where(there, when)
    return (await connection.execute(query)).scalar_one()
