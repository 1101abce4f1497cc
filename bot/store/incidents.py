"""Incidents, as rows. The body is the whole value; columns beside it are what we search by.

What is asked all the time stands ready-made: SQLAlchemy takes longer to put a statement together than to send it.
"""

import json
from collections.abc import Callable, Collection, Sequence
from itertools import islice
from typing import Final

from sqlalchemy import Integer, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ChannelId, IncidentId, ServiceName
from bot.domain.model import Incident, Status
from bot.domain.searching import beginnings, says
from bot.store import numbering
from bot.store.bodies import dump, incident_body, read
from bot.store.tables import OF_COMMS, WITH_ACTIONS, incidents, posts
from bot.store.words import incidents_with

COUNTER = "incident"
# Named one by one: "not resolved" would read all that is closed.
OPEN = tuple(status.value for status in Status if status.is_open)
# No number is as high: numbers have at most nine digits.
BEYOND: Final = IncidentId(10**9)
# How many that have the words somebody looks for are read at once, and how many at most.
LOOKED_AT: Final = 50
CANDIDATES: Final = 10_000
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


async def told_in(connection: AsyncConnection, channel: ChannelId) -> Incident | None:
    """Return the incident for whose communications a channel is: the message at its top is about that."""
    key = (await connection.execute(_TOLD_HERE, {"here": channel})).scalar()
    return await load(connection, IncidentId(int(key.partition(":")[2]))) if key else None


async def owner_of(connection: AsyncConnection, channel: ChannelId) -> Incident | None:
    """Return the incident that uses a channel, for whichever purpose."""
    return await in_channel(connection, channel) or await told_in(connection, channel)


_TOLD_HERE = select(posts.c.key).where(posts.c.channel == bindparam("here"), OF_COMMS)


async def open_ones(connection: AsyncConnection) -> tuple[Incident, ...]:
    """Return what people work on now, the oldest first."""
    return tuple(read(incident_body, body) for body in (await connection.execute(OPEN_ONES)).scalars())


async def open_of(connection: AsyncConnection, service: ServiceName) -> Incident | None:
    """Return the gravest open incident of a service, the newest of several, locked; one in triage is the last.

    Whichever of the services that it affects this is. Never a private one: what everybody sees would lead there.
    """
    wanted = [one.id for one in await open_ones(connection) if service in one.services and not one.private]
    found = await load_all(connection, wanted, lock=True) if wanted else {}
    there = [one for one in found.values() if one.status.is_open]
    return min(there, key=lambda one: (not one.status.is_running, one.severity.rank, -one.id), default=None)


OPEN_ONES = select(incidents.c.body).where(incidents.c.status.in_(OPEN)).order_by(incidents.c.id)


async def with_open_actions(connection: AsyncConnection) -> tuple[Incident, ...]:
    """Return the incidents, over or not, of which something is still to do, the oldest first."""
    return tuple(read(incident_body, body) for body in (await connection.execute(_WITH_ACTIONS)).scalars())


_WITH_ACTIONS = select(incidents.c.body).where(WITH_ACTIONS).order_by(incidents.c.id)


async def numbers(connection: AsyncConnection) -> tuple[IncidentId, ...]:
    """Return the numbers of all incidents, in order."""
    return tuple((await connection.execute(select(incidents.c.id).order_by(incidents.c.id))).scalars())


async def newest(connection: AsyncConnection, at_most: int) -> tuple[Incident, ...]:
    """Return the newest incidents, open or not, the newest first."""
    query = select(incidents.c.body).order_by(incidents.c.id.desc()).limit(at_most)
    return tuple(read(incident_body, body) for body in (await connection.execute(query)).scalars())


async def ended(connection: AsyncConnection, at_most: int, wanted: Callable[[Incident], bool]) -> tuple[Incident, ...]:
    """Return the newest incidents that are over and wanted, the newest first."""
    found: list[Incident] = []
    before = BEYOND
    while len(found) < at_most:
        bodies = (await connection.execute(_ENDED, {"before": before, "most": at_most})).scalars().all()
        there = [read(incident_body, body) for body in bodies]
        found += [one for one in there if wanted(one)]
        if len(there) < at_most:
            break
        before = there[-1].id
    return tuple(found[:at_most])


_ENDED = (  # not "of these statuses": their index has them in another order, and all would be read to be sorted
    select(incidents.c.body)
    .where(incidents.c.id < bindparam("before"), incidents.c.status.not_in(OPEN))
    .order_by(incidents.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)


async def saying(
    connection: AsyncConnection, words: Sequence[str], wanted: Callable[[Incident], bool], *, among: int, at_most: int
) -> tuple[Incident, ...]:
    """Return wanted incidents of which these words were said, the newest first.

    Among the newest so many any part of a word is found, in a range of the primary key; beyond them words are, by how
    they begin. The one costs the same however many incidents there ever were, the other what has such words.
    """
    newest_number = (await connection.execute(select(func.max(incidents.c.id)))).scalar() or 0
    beyond = IncidentId(newest_number - among)
    found = await _newest_saying(connection, words, wanted, beyond, at_most)
    if len(found) < at_most and beyond > 0 and (starts := beginnings(words)):
        found += await _saying_before(connection, words, starts, wanted, beyond, at_most - len(found))
    return tuple(found)


async def _newest_saying(
    connection: AsyncConnection,
    words: Sequence[str],
    wanted: Callable[[Incident], bool],
    beyond: IncidentId,
    at_most: int,
) -> list[Incident]:
    """Look at each of the newest. Databases disagree on the lower case of letters beyond ASCII: those are read here."""
    plain = [json.dumps(word)[1:-1] for word in words if word.isascii()]
    query = select(incidents.c.body).where(
        incidents.c.id > beyond, *(incidents.c.body.icontains(one, autoescape=True) for one in plain)
    )
    rows = (await connection.execute(query.order_by(incidents.c.id.desc()))).scalars()
    found = (incident for body in rows if says(incident := read(incident_body, body), words))
    return list(islice(filter(wanted, found), at_most))


async def _saying_before(
    connection: AsyncConnection,
    words: Sequence[str],
    starts: Collection[str],
    wanted: Callable[[Incident], bool],
    last: IncidentId,
    at_most: int,
) -> list[Incident]:
    """Look at those alone that have such words: asked for once, since each question costs all that begin so."""
    found: list[Incident] = []
    numbers = await incidents_with(connection, starts, before=IncidentId(last + 1), at_most=CANDIDATES)
    for at in range(0, len(numbers), LOOKED_AT):
        page = numbers[at : at + LOOKED_AT]
        there = await load_all(connection, page)
        found += [one for number in page if says(one := there[number], words) and wanted(one)]
        if len(found) >= at_most:
            break
    return found[:at_most]


async def save(connection: AsyncConnection, incident: Incident, *, new: bool) -> None:
    """Write an incident."""
    values = {**columns_of(incident), "body": dump(incident_body, incident)}
    if new:
        await connection.execute(_NEW, {"id": incident.id, **values})
    else:
        await connection.execute(_CHANGED, {"number": incident.id, **values})


def columns_of(incident: Incident) -> dict[str, object]:
    """Return what stands beside an incident's body, so that it is found by it."""
    return {
        "status": incident.status.value,
        "severity": incident.severity.value,
        "channel": incident.channel or incident.adopts,
        "declared_at": incident.declared_at,
        "resolved_at": incident.resolved_at,
        "open_actions": len(incident.open_actions),
    }


_NEW = insert(incidents)
_CHANGED = update(incidents).where(incidents.c.id == bindparam("number"))
