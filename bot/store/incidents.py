"""Incidents, as rows. The body is the whole value; columns beside it are what we search by.

What is asked all the time stands ready-made: SQLAlchemy takes longer to put a statement together than to send it.
"""

import json
from collections.abc import Collection, Sequence
from itertools import islice

from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ChannelId, IncidentId, ServiceName
from bot.domain.model import Incident, Status
from bot.domain.searching import says
from bot.store import numbering
from bot.store.bodies import dump, incident_body, read
from bot.store.tables import incidents

COUNTER = "incident"
# Named one by one: "not resolved" would read all that is closed.
OPEN = tuple(status.value for status in Status if status.is_open)
OVER = tuple(status.value for status in Status if not status.is_open)
# In triage no clock runs.
RUNNING = tuple(status.value for status in Status if status.is_running)


async def next_number(connection: AsyncConnection) -> IncidentId:
    """Take the next incident number; it is given back when the transaction fails, so numbers have no gaps."""
    return IncidentId(await numbering.next_number(connection, COUNTER))


async def hold_numbers(connection: AsyncConnection) -> None:
    """Let nobody else declare an incident until the transaction ends: whoever looks now sees all there will be."""
    await numbering.hold(connection, COUNTER)


async def load(connection: AsyncConnection, number: IncidentId, *, lock: bool = False) -> Incident | None:
    """Return an incident, locked until the transaction ends when asked."""
    body = (await connection.execute(_LOCKED if lock else _ONE, {"number": number})).scalar()
    return read(incident_body, body) if body else None


_ONE = select(incidents.c.body).where(incidents.c.id == bindparam("number"))
_LOCKED = _ONE.with_for_update()


async def lock(connection: AsyncConnection, number: IncidentId) -> None:
    """Lock an incident until the transaction ends; SQLite's one writer needs no lock."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(incidents.c.id).where(incidents.c.id == number).with_for_update())


async def load_all(
    connection: AsyncConnection, numbers: Collection[IncidentId], *, lock: bool = False
) -> dict[IncidentId, Incident]:
    """Return incidents by their numbers, locked in the order of those when asked."""
    rows = await connection.execute(_ALL_LOCKED if lock else _ALL, {"numbers": list(numbers)})
    return {IncidentId(row.id): read(incident_body, row.body) for row in rows}


_WANTED = incidents.c.id.in_(bindparam("numbers", expanding=True))
_ALL = select(incidents.c.id, incidents.c.body).where(_WANTED).order_by(incidents.c.id)
_ALL_LOCKED = _ALL.with_for_update()


async def in_channel(connection: AsyncConnection, channel: ChannelId, *, lock: bool = False) -> Incident | None:
    """Return the incident that a channel belongs to."""
    body = (await connection.execute(_HERE_LOCKED if lock else _HERE, {"here": channel})).scalar()
    return read(incident_body, body) if body else None


_HERE = select(incidents.c.body).where(incidents.c.channel == bindparam("here"))
_HERE_LOCKED = _HERE.with_for_update()


async def open_ones(connection: AsyncConnection) -> tuple[Incident, ...]:
    """Return what people work on now, the oldest first."""
    return tuple(read(incident_body, body) for body in (await connection.execute(open_query())).scalars())


async def open_of(connection: AsyncConnection, service: ServiceName) -> Incident | None:
    """Return the gravest open incident of a service, the newest of several, locked; one in triage is the last."""
    wanted = [one.id for one in await open_ones(connection) if one.service == service]
    found = await load_all(connection, wanted, lock=True) if wanted else {}
    there = [one for one in found.values() if one.status.is_open]
    return min(there, key=lambda one: (not one.status.is_running, one.severity.rank, -one.id), default=None)


def open_query() -> Select[str]:
    """Return the query for what is open."""
    return select(incidents.c.body).where(incidents.c.status.in_(OPEN)).order_by(incidents.c.id)


async def numbers(connection: AsyncConnection) -> tuple[IncidentId, ...]:
    """Return the numbers of all incidents, in order."""
    return tuple((await connection.execute(select(incidents.c.id).order_by(incidents.c.id))).scalars())


async def newest(connection: AsyncConnection, at_most: int) -> tuple[Incident, ...]:
    """Return the newest incidents, open or not, the newest first."""
    query = select(incidents.c.body).order_by(incidents.c.id.desc()).limit(at_most)
    return tuple(read(incident_body, body) for body in (await connection.execute(query)).scalars())


async def ended(connection: AsyncConnection, at_most: int) -> tuple[Incident, ...]:
    """Return the newest incidents that are over, the newest first."""
    query = select(incidents.c.body).where(incidents.c.status.in_(OVER)).order_by(incidents.c.id.desc()).limit(at_most)
    return tuple(read(incident_body, body) for body in (await connection.execute(query)).scalars())


async def saying(
    connection: AsyncConnection, words: Sequence[str], *, among: int, at_most: int
) -> tuple[Incident, ...]:
    """Return incidents of which these words were said, of the newest so many, the newest first.

    The range is the primary key's, so it costs the same however many there ever were. Databases disagree on the lower
    case of letters beyond ASCII: such words are compared here only.
    """
    newest_number = (await connection.execute(select(func.max(incidents.c.id)))).scalar() or 0
    plain = [json.dumps(word)[1:-1] for word in words if word.isascii()]
    query = select(incidents.c.body).where(
        incidents.c.id > newest_number - among, *(incidents.c.body.icontains(one, autoescape=True) for one in plain)
    )
    rows = (await connection.execute(query.order_by(incidents.c.id.desc()))).scalars()
    found = (incident for body in rows if says(incident := read(incident_body, body), words))
    return tuple(islice(found, at_most))


async def save(connection: AsyncConnection, incident: Incident, *, new: bool) -> None:
    """Write an incident."""
    values = {
        "status": incident.status.value,
        "severity": incident.severity.value,
        "channel": incident.channel,
        "declared_at": incident.declared_at,
        "resolved_at": incident.resolved_at,
        "body": dump(incident_body, incident),
    }
    if new:
        await connection.execute(_NEW, {"id": incident.id, **values})
    else:
        await connection.execute(_CHANGED, {"number": incident.id, **values})


_NEW = insert(incidents)
_CHANGED = update(incidents).where(incidents.c.id == bindparam("number"))
