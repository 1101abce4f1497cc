"""The effects that wait, and who is at work on which lane.

A worker leases a lane, not an effect: so effects of one lane never overtake each other, whichever of many replicas
does them. A lease carries a token that is never used twice; it is checked in the transaction that writes a result, so
a worker that was frozen and woke up late changes nothing. A claim marks the head as sent in the same transaction:
whoever finds the mark later knows that the call may have been made. An effect is removed by (id, version), so that a
newer decision made during its delivery survives. An empty lane is removed: the tables grow with what waits, not with
what was. Which lane is next is chosen in lanes.py.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, func, select, update
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.explaining import Waiting
from bot.domain.places import incident_of, place
from bot.domain.spots import Spot
from bot.domain.work import Effect, Work
from bot.errors import FromNewer
from bot.store import upsert
from bot.store.at_once import Write
from bot.store.bodies import dump, read, work_body
from bot.store.lanes import put_lane
from bot.store.tables import effects, lanes


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The head of a leased lane. `first_sent_at` is set when an earlier try may have been applied."""

    id: int
    key: str
    lane: str
    token: str
    version: int
    attempt: int
    failures: int
    work: Work
    first_sent_at: datetime | None
    last_sent_at: datetime | None
    leased_until: datetime


async def put(connection: AsyncConnection, wanted: Sequence[Effect]) -> None:
    """Add effects in the caller's transaction; one that waits under the same kind and key is replaced."""
    for statement, rows in puts(connection.dialect.name, wanted):
        await connection.execute(statement, rows)


def puts(dialect: str, wanted: Sequence[Effect]) -> Sequence[Write]:
    """Return what adds effects.

    Lanes are locked before effects, and in one order, everywhere: so two transactions never wait for each other.
    Two statements, however many there are: a storm puts hundreds at once.
    """
    if not wanted:
        return ()
    places = [(place(effect.work), effect) for effect in wanted]
    by_lane: dict[str, list[tuple[Spot, Effect]]] = {}
    for spot, effect in places:
        by_lane.setdefault(spot.lane, []).append((spot, effect))
    # Of what is decided twice the last counts, in the first one's place.
    rows = {(effect.work.kind, spot.key): _row(spot, effect) for spot, effect in places}
    return (
        (put_lane(dialect), [_lane(by_lane[name]) for name in sorted(by_lane)]),
        (_put_effect(dialect), list(rows.values())),
    )


def _lane(waiting: Sequence[tuple[Spot, Effect]]) -> dict[str, object]:
    spot, _ = waiting[0]
    urgency, due = min(effect.urgency for _, effect in waiting), min(effect.due for _, effect in waiting)
    return {"name": spot.lane, "track": spot.track.value, "urgency": urgency, "next_due": due, "gate": spot.gate}


def _row(spot: Spot, effect: Effect) -> dict[str, object]:
    return {
        "kind": effect.work.kind,
        "key": spot.key,
        "lane": spot.lane,
        "incident": incident_of(effect.work),
        "urgency": effect.urgency,
        "work": dump(work_body, effect.work),
        "due": effect.due,
    }


@cache
def _put_effect(dialect: str) -> Insert:
    latest = func.greatest if dialect == "postgresql" else func.max
    row = upsert.insert_into(dialect, effects)
    # One that is being retried keeps its wait (Retry-After is for all replicas); any other is due as newly decided.
    waits = case((effects.c.attempts > 0, latest(effects.c.due, row.excluded.due)), else_=row.excluded.due)
    newer = {
        "work": row.excluded.work,
        "due": waits,
        "urgency": row.excluded.urgency,
        "version": effects.c.version + 1,
        "failures": case((effects.c.quarantined_at.is_not(None), 0), else_=effects.c.failures),
        "quarantined_at": None,
    }
    return row.on_conflict_do_update(index_elements=["kind", "key"], set_=newer)


async def take_heads(
    connection: AsyncConnection, names: Mapping[str, str], now: datetime, until: datetime
) -> tuple[list[Claimed], list[str]]:
    """Lease lanes and mark their heads as sent; give those back in which nothing is due. `names`: each lane's token.

    Return what was leased, and the lanes whose heads only a newer version can read: those are given back as they were.
    """
    heads = await _heads(connection, names)
    if empty := [name for name in names if name not in heads]:
        await connection.execute(_REMOVE, {"of": empty})
    if early := [head for head in heads.values() if head.due > now]:
        await connection.execute(_RELEASE, [{"lane": one.lane, "at": one.due, "grave": one.urgency} for one in early])
    due, unread = list[Claimed](), list[str]()
    for name in names:
        if name in heads and heads[name].due <= now:
            try:
                due.append(_claimed(heads[name], names[name], until))
            except FromNewer:
                unread.append(name)
    if unread:
        await connection.execute(_FREE, {"of": unread})
    if due:
        await connection.execute(_LEASE, [{"lane": one.lane, "until": until, "fence": one.token} for one in due])
        await connection.execute(
            _MARK,
            [{"effect": one.id, "since": one.first_sent_at or now, "last": now} for one in due],
        )
    return due, unread


async def leave(connection: AsyncConnection, claimed: Claimed) -> None:
    """Give a lane back as it was before it was leased."""
    mark = {"effect": claimed.id, "since": claimed.first_sent_at, "last": claimed.last_sent_at}
    await connection.execute(_MARK, [mark])
    await connection.execute(_FREE, {"of": [claimed.lane]})


_THESE = lanes.c.name.in_(bindparam("of", expanding=True))
_REMOVE = delete(lanes).where(_THESE)
_FREE = update(lanes).where(_THESE).values(leased_until=None, token=None)
_RELEASE = (
    update(lanes)
    .where(lanes.c.name == bindparam("lane"))
    .values(leased_until=None, token=None, next_due=bindparam("at"), urgency=bindparam("grave"))
)
_LEASE = (
    update(lanes)
    .where(lanes.c.name == bindparam("lane"))
    .values(leased_until=bindparam("until"), token=bindparam("fence"))
)
_MARK = (
    update(effects)
    .where(effects.c.id == bindparam("effect"))
    .values(first_sent_at=bindparam("since"), last_sent_at=bindparam("last"))
)


def _claimed(head: Row[Any], token: str, until: datetime) -> Claimed:
    return Claimed(
        id=head.id,
        key=head.key,
        lane=head.lane,
        token=token,
        version=head.version,
        attempt=head.attempts + 1,
        failures=head.failures,
        work=read(work_body, head.work),
        first_sent_at=head.first_sent_at,
        last_sent_at=head.last_sent_at,
        leased_until=until,
    )


async def still_leased(connection: AsyncConnection, claimed: Claimed) -> bool:
    """Tell whether the lane is still leased under this claim's token, and lock it: the fence."""
    return (await connection.execute(_TOKEN, {"lane": claimed.lane})).scalar() == claimed.token


_TOKEN = select(lanes.c.token).where(lanes.c.name == bindparam("lane")).with_for_update()


async def finish(connection: AsyncConnection, claimed: Claimed) -> None:
    """Remove an effect that happened; if it was decided again meanwhile, let the newer one go ahead afresh."""
    gone = await connection.execute(_FINISH, {"effect": claimed.id, "known": claimed.version})
    if gone.rowcount == 0:
        fresh = {"first_sent_at": None, "last_sent_at": None, "attempts": 0, "failures": 0, "error": None}
        await connection.execute(_CHANGE, {"effect": claimed.id, **fresh})


_FINISH = delete(effects).where(effects.c.id == bindparam("effect"), effects.c.version == bindparam("known"))
# What is changed is named by the values that are handed in.
_CHANGE = update(effects).where(effects.c.id == bindparam("effect"))


async def postpone(
    connection: AsyncConnection, claimed: Claimed, until: datetime, error: str, *, uncertain: bool
) -> None:
    """Let an effect wait.

    Its lane waits behind it. When it surely did not happen, the mark of having been sent is taken back. Only a try that
    came to an end counts: a process that dies makes no wait longer.
    """
    values: dict[str, object] = {"due": until, "error": error[:2000], "attempts": claimed.attempt}
    if not uncertain:
        values |= {"first_sent_at": claimed.first_sent_at, "last_sent_at": claimed.last_sent_at}
    await connection.execute(_CHANGE, {"effect": claimed.id, **values})


async def count_failure(connection: AsyncConnection, claimed: Claimed) -> None:
    """Count a failure that nobody foresaw; too many of them poison an effect."""
    row = update(effects).where(effects.c.id == claimed.id)
    await connection.execute(row.values(failures=effects.c.failures + 1))


async def quarantine(connection: AsyncConnection, claimed: Claimed, now: datetime, error: str) -> None:
    """Set a poisoned effect aside, visible, and let its lane go on."""
    values = {"quarantined_at": now, "error": error[:2000]}
    await connection.execute(_CHANGE, {"effect": claimed.id, **values})


async def kinds(connection: AsyncConnection) -> list[str]:
    """Return the kinds of the effects that wait, in their order."""
    query = select(effects.c.kind).where(effects.c.quarantined_at.is_(None)).order_by(effects.c.id)
    return list((await connection.execute(query)).scalars())


async def count(connection: AsyncConnection, *, quarantined: bool) -> int:
    """Return how many effects wait, or are set aside."""
    aside = effects.c.quarantined_at.is_not(None) if quarantined else effects.c.quarantined_at.is_(None)
    return (await connection.execute(select(func.count()).select_from(effects).where(aside))).scalar_one()


async def waiting(connection: AsyncConnection, works: Collection[Work]) -> tuple[Waiting, ...]:
    """Return how those of these works stand that are not done yet."""
    names = [(work.kind, place(work).key) for work in works]
    asked = {"kinds": sorted({kind for kind, _ in names}), "keys": sorted({key for _, key in names})}
    return tuple(
        Waiting(
            kind=row.kind,
            due=row.due,
            attempts=row.attempts,
            error=row.error or "",
            given_up=row.quarantined_at is not None,
        )
        for row in await connection.execute(_WAITING, asked)
    )


_WAITING = (
    select(effects)
    .where(effects.c.kind.in_(bindparam("kinds", expanding=True)), effects.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(effects.c.due, effects.c.id)
)


async def _heads(connection: AsyncConnection, names: Iterable[str]) -> dict[str, Row[Any]]:
    """Return the first effect of each lane that has one."""
    match wanted := list(names):
        case [lane]:  # after each piece of work: what is behind it
            rows = await connection.execute(_HEAD, {"lane": lane})
        case _:
            rows = await connection.execute(_HEADS, {"of": wanted})
    return {row.lane: row for row in rows}


_HEAD = (
    select(effects)
    .where(effects.c.lane == bindparam("lane"), effects.c.quarantined_at.is_(None))
    .order_by(effects.c.id)
    .limit(1)
)


_AHEAD = effects.alias("ahead")
_FIRST = select(func.min(_AHEAD.c.id)).where(
    _AHEAD.c.lane.in_(bindparam("of", expanding=True)), _AHEAD.c.quarantined_at.is_(None)
)
_HEADS = select(effects).where(effects.c.id.in_(_FIRST.group_by(_AHEAD.c.lane)))
