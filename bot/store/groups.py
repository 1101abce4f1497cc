"""Groups, as rows: of one key one after another, the newest being the one that alerts may still join.

Locks are taken in one order, everywhere: alerts, groups, storms, incidents, lanes, effects, and of each kind in the
order of its names. Whoever changes a member holds its group.
"""

import asyncio
from collections.abc import Collection, Sequence

from sqlalchemy import Integer, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts_model import AlertStatus
from bot.domain.group_work import CloseDigest
from bot.domain.groups_model import GRAVEST_FIRST, Group
from bot.domain.ids import GroupId
from bot.store.bodies import dump, group_body, read
from bot.store.tables import OF_A_DIGEST, groups


async def load(connection: AsyncConnection, group: GroupId, *, lock: bool = False) -> Group | None:
    """Return a group, locked until the transaction ends when asked."""
    body = (await connection.execute(_LOCKED if lock else _ONE, {"group": group})).scalar()
    return read(group_body, body) if body else None


_ONE = select(groups.c.body).where(groups.c.id == bindparam("group"))
_LOCKED = _ONE.with_for_update()


async def lock(connection: AsyncConnection, group: GroupId) -> None:
    """Lock a group until the transaction ends; SQLite's one writer needs no lock."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(groups.c.id).where(groups.c.id == group).with_for_update())


async def around(connection: AsyncConnection, wanted: Collection[GroupId], keys: Collection[str]) -> list[Group]:
    """Return groups by their ids and the newest of each of these keys, locked."""
    rows = await connection.execute(_AROUND, {"wanted": list(wanted), "keys": list(keys)})
    return [read(group_body, body) for body in rows.scalars()]


_LATER = groups.alias("later")
_LAST = select(func.max(_LATER.c.number)).where(_LATER.c.key == groups.c.key).scalar_subquery()
_AROUND = (
    select(groups.c.body)
    .where(
        or_(
            groups.c.id.in_(bindparam("wanted", expanding=True)),
            groups.c.key.in_(bindparam("keys", expanding=True)) & (groups.c.number == _LAST),
        )
    )
    .order_by(groups.c.id)
    .with_for_update()
)


async def load_all(connection: AsyncConnection, wanted: Collection[GroupId]) -> dict[GroupId, Group]:
    """Return groups by their ids."""
    rows = await connection.execute(_ALL, {"wanted": list(wanted)})
    return {GroupId(row.id): read(group_body, row.body) for row in rows}


_ALL = select(groups.c.id, groups.c.body).where(groups.c.id.in_(bindparam("wanted", expanding=True)))


async def firing(connection: AsyncConnection) -> tuple[Group, ...]:
    """Return the groups in which something fires now, found without passing over the others."""
    bodies = (await connection.execute(_FIRING)).scalars().all()
    # In a storm there are thousands: nobody who clicks waits until they are read.
    return await asyncio.to_thread(lambda: tuple(read(group_body, body) for body in bodies))


_FIRING = select(groups.c.body).where(groups.c.status == AlertStatus.FIRING.value)


async def called(connection: AsyncConnection, name: str, at_most: int) -> tuple[Group, ...]:
    """Return the groups whose ids begin so, in hexadecimal digits; at most so many."""
    # Up to "g", the letter after the last digit: so the primary key's index is used, whatever the collation.
    bodies = await connection.execute(_CALLED, {"name": name, "end": f"{name}g", "most": at_most})
    return tuple(read(group_body, body) for body in bodies.scalars())


_CALLED = (
    select(groups.c.body)
    .where(groups.c.id >= bindparam("name"), groups.c.id < bindparam("end"))
    .order_by(groups.c.id)
    .limit(bindparam("most", type_=Integer))
)


async def of_digest(connection: AsyncConnection, work: CloseDigest, at_most: int) -> tuple[Group, ...]:
    """Return the next groups that a digest may tell of, locked: those of which something is new, or that fire."""
    asked = {"of": _digest(work.channel, work.digest), "after": work.after or "", "most": at_most}
    rows = await connection.execute(_OF_DIGEST, asked)
    return tuple(read(group_body, body) for body in rows.scalars())


_OF_DIGEST = (  # named as its index has it: of a parameter SQLite cannot tell that it is not empty
    select(groups.c.body)
    .where(OF_A_DIGEST, groups.c.digest == bindparam("of"), groups.c.id > bindparam("after"))
    .order_by(groups.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update()
)


def _digest(channel: str, digest: str) -> str:
    return f"{channel} {digest}"


async def save(connection: AsyncConnection, new: Sequence[Group], changed: Sequence[Group]) -> None:
    """Write groups: those that are not there yet, and those that are.

    Raises:
        IntegrityError: another replica opened the same one meanwhile; look again.
    """
    if new:
        await connection.execute(insert(groups), [{"id": one.id, **_values(one)} for one in sorted(new, key=_by_id)])
    if changed:
        await connection.execute(_CHANGE, [{"group": one.id, **_values(one)} for one in changed])


_COLUMNS = ("key", "number", "status", "channel", "firing", "total", "storm", "digest", "grade", "body")
_CHANGE = update(groups).where(groups.c.id == bindparam("group")).values({name: bindparam(name) for name in _COLUMNS})


def _by_id(group: Group) -> str:
    return group.id


def _values(group: Group) -> dict[str, object]:
    return {
        "key": group.key,
        "number": group.number,
        "status": group.status.value,
        "channel": group.channel,
        "firing": group.firing,
        "total": group.total,
        "storm": group.storm or "",
        "digest": _digest(group.channel, group.digest) if group.digest and (group.news or not group.is_over) else "",
        "grade": GRAVEST_FIRST.index(group.severity) + 1,
        "body": dump(group_body, group),
    }
