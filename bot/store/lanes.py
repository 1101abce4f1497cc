"""Which lanes are next: those that are free, have something due, and stand at no closed gate; the gravest first.

A closed gate (domain/places.py) holds back all lanes that wait at it, for every replica, and costs each of them
nothing: who is turned away puts back what it took, and the others are not even asked.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import Integer, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.spots import Spot
from bot.domain.tracks import Track
from bot.store import upsert
from bot.store.tables import Instant, effects, gates, lanes

# How many lanes are looked at for each that is wanted, and how many of one gate are taken at once.
LOOKED_AT: Final = 4
THROUGH_A_GATE: Final = 4


async def tracks_due(connection: AsyncConnection, now: datetime) -> set[Track]:
    """Return the tracks that have a free lane with something due."""
    due = set((await connection.execute(_TRACKS_DUE, {"now": now})).scalars())
    return {track for track in Track if track.value in due}  # a newer version may have tracks of its own


async def due_lanes(
    connection: AsyncConnection, track: Track, now: datetime, at_most: int, *, but: Collection[str] = ()
) -> list[str]:
    """Return free lanes of a track with something due, the gravest first, locked against other replicas.

    Of those at one gate only a few: when it closes for one, the others were taken up in vain.
    """
    wanted = {"now": now, "of": track.value, "most": at_most * LOOKED_AT, "but": list(but)}
    through, found = Counter[str](), list[str]()
    for name, gate in await connection.execute(_DUE_LANES, wanted):
        through[gate] += bool(gate)
        if through[gate] <= THROUGH_A_GATE:
            found.append(name)
    return found[:at_most]


_NOW = bindparam("now", type_=Instant)
_FREE_AND_DUE = and_(
    lanes.c.next_due <= _NOW,
    or_(lanes.c.leased_until.is_(None), lanes.c.leased_until <= _NOW),
    lanes.c.gate.not_in(select(gates.c.name).where(gates.c.opens_at > _NOW)),
)
_TRACKS_DUE = select(lanes.c.track).where(_FREE_AND_DUE).distinct()
_DUE_LANES = (
    select(lanes.c.name, lanes.c.gate)
    .where(lanes.c.track == bindparam("of"), _FREE_AND_DUE, lanes.c.name.not_in(bindparam("but", expanding=True)))
    .order_by(lanes.c.urgency, lanes.c.next_due, lanes.c.name)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)


async def close_gate(connection: AsyncConnection, gate: str, until: datetime) -> None:
    """Let nothing through a gate before a moment."""
    later = func.greatest if connection.dialect.name == "postgresql" else func.max
    row = upsert.insert_into(connection.dialect.name, gates).values(name=gate, opens_at=until)
    latest = {"opens_at": later(gates.c.opens_at, row.excluded.opens_at)}
    await connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=latest))


@cache
def put_lane(dialect: str) -> Insert:
    """Return what adds a lane; one that is there wakes no later, and is no less urgent, than the new one says."""
    least = func.least if dialect == "postgresql" else func.min
    lane = upsert.insert_into(dialect, lanes)
    sooner = {
        "next_due": least(lanes.c.next_due, lane.excluded.next_due),
        "urgency": least(lanes.c.urgency, lane.excluded.urgency),
    }
    return lane.on_conflict_do_update(index_elements=["name"], set_=sooner)


async def move(connection: AsyncConnection, effect: int, spot: Spot, until: datetime) -> None:
    """Move an effect that waits until a moment into the lane of this spot."""
    urgency = select(effects.c.urgency).where(effects.c.id == effect).scalar_subquery()
    lane = {"name": spot.lane, "track": spot.track.value, "urgency": urgency, "next_due": until, "gate": spot.gate}
    await connection.execute(put_lane(connection.dialect.name).values(lane))
    await connection.execute(update(effects).where(effects.c.id == effect).values(lane=spot.lane))


async def release_all(connection: AsyncConnection) -> None:
    """Free every lane: for a process that knows itself alone (SQLite) after the one before it died."""
    await connection.execute(update(lanes).values(leased_until=None, token=None))


async def release(connection: AsyncConnection, worker: str) -> None:
    """Free the lanes of a worker that is dead for certain."""
    its = lanes.c.token.startswith(f"{worker}:", autoescape=True)
    await connection.execute(update(lanes).where(its).values(leased_until=None, token=None))
