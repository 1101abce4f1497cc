"""Takes the picture of the database, in one transaction that sees one moment."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import LargeBinary, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.domain.deploys import Deploy
from bot.domain.events import Event
from bot.domain.ids import IncidentId, ServiceName
from bot.domain.model import Incident
from bot.store import audit, silences, tables
from bot.store.bodies import alert_body, event_body, group_body, storm_body
from bot.store.database import Database
from bot.store.tables import alerts, deliveries, effects, groups, incidents, lanes, metadata, storms, timeline
from tests.invariants.picture import Lane, Picture, Row, Waiting


async def of_database(database: Database, clock: Clock, *, secrets: Sequence[str] = ()) -> Picture:
    """Return what the database shows; its text is only read when there are secrets to look for."""
    async with database.reading() as connection:
        await audit.freeze(connection)
        found, unreadable, disagreeing = await _incidents(connection)
        aside = {str(row.status): int(row[1]) for row in await connection.execute(_by_status())}
        bodies = await connection.execute(select(alerts.c.body))
        of_groups = await connection.execute(select(groups.c.body))
        of_storms = await connection.execute(select(storms.c.body))
        numbers = (await connection.execute(select(tables.silences.c.id))).scalars().all()
        return Picture(
            now=clock.now(),
            incidents=found,
            unreadable=unreadable,
            disagreeing=disagreeing,
            timelines=await _timelines(connection),
            alerts=tuple(alert_body.validate_json(body) for body in bodies.scalars()),
            groups=tuple(group_body.validate_json(body) for body in of_groups.scalars()),
            storms=tuple(storm_body.validate_json(body) for body in of_storms.scalars()),
            silences=await silences.load_all(connection, numbers),
            deploys=tuple([_deploy(row) for row in await connection.execute(select(tables.deploys))]),
            effects=tuple([_waiting(row) for row in await connection.execute(select(effects))]),
            lanes=tuple([_lane(row) for row in await connection.execute(select(lanes))]),
            deliveries=Counter(aside),
            written=await _texts(connection) if secrets else {},
            secrets=tuple(secrets),
        )


def _by_status() -> Select[str, int]:
    return select(deliveries.c.status, func.count()).group_by(deliveries.c.status)


async def _incidents(
    connection: AsyncConnection,
) -> tuple[dict[IncidentId, Incident], frozenset[IncidentId], frozenset[IncidentId]]:
    found, unreadable, disagreeing = dict[IncidentId, Incident](), set[IncidentId](), set[IncidentId]()
    for number in (await connection.execute(select(incidents.c.id))).scalars().all():
        stored = await audit.stored_incident(connection, IncidentId(number))
        if stored is None or stored.incident is None:
            unreadable.add(IncidentId(number))
            continue
        found[IncidentId(number)] = stored.incident
        if not stored.columns_agree:
            disagreeing.add(IncidentId(number))
    return found, frozenset(unreadable), frozenset(disagreeing)


async def _timelines(connection: AsyncConnection) -> dict[IncidentId, tuple[Row, ...]]:
    kept: dict[IncidentId, list[Row]] = {}
    for row in await connection.execute(select(timeline).order_by(timeline.c.incident, timeline.c.seq)):
        read = Row(seq=row.seq, at=row.at, kind=row.kind, body=row.body, hash=row.hash, event=_event(row.body))
        kept.setdefault(IncidentId(row.incident), []).append(read)
    return {number: tuple(rows) for number, rows in kept.items()}


def _event(body: str) -> Event | None:
    try:
        return event_body.validate_json(body)
    except ValueError:
        return None


def _waiting(row) -> Waiting:  # type: ignore[no-untyped-def] # a row of `effects`
    return Waiting(
        id=row.id,
        kind=row.kind,
        key=row.key,
        lane=row.lane,
        incident=None if row.incident is None else IncidentId(row.incident),
        due=row.due,
        quarantined=row.quarantined_at is not None,
        attempts=row.attempts,
        error=row.error,
    )


def _deploy(row) -> Deploy:  # type: ignore[no-untyped-def] # a row of `deploys`
    return Deploy(id=row.id, service=ServiceName(row.name), version=row.version, at=row.at)


def _lane(row) -> Lane:  # type: ignore[no-untyped-def] # a row of `lanes`
    return Lane(name=row.name, next_due=row.next_due, leased_until=row.leased_until, token=row.token)


async def _texts(connection: AsyncConnection) -> dict[str, str]:
    """Return every column's content as text; deliveries are bytes that others sent, and are looked at too."""
    texts: dict[str, str] = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            values = (await connection.execute(select(column))).scalars().all()
            binary = isinstance(column.type, LargeBinary)
            texts[f"{table.name}.{column.name}"] = "\n".join(
                value.decode(errors="replace") if binary else str(value) for value in values
            )
    return texts
