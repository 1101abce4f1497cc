"""Storms, as rows: of one channel one after another, the newest being how the channel stands.

Locked after the groups whose place depends on them, and before incidents.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Integer, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts_model import AlertStatus
from bot.domain.groups_model import Group
from bot.domain.storms_model import Storm, StormId
from bot.store.bodies import dump, group_body, read, storm_body
from bot.store.tables import OF_A_STORM, groups, storms


async def load(connection: AsyncConnection, storm: StormId, *, lock: bool = False) -> Storm | None:
    """Return a storm, locked until the transaction ends when asked."""
    body = (await connection.execute(_LOCKED if lock else _ONE, {"storm": storm})).scalar()
    return read(storm_body, body) if body else None


_ONE = select(storms.c.body).where(storms.c.id == bindparam("storm"))
_LOCKED = _ONE.with_for_update()


async def newest(connection: AsyncConnection, channels: Collection[str]) -> dict[str, Storm]:
    """Return how these channels stand, locked in one order; one in which no group has come yet has nothing."""
    found = (read(storm_body, body) for body in (await connection.execute(_NEWEST, {"of": list(channels)})).scalars())
    return {storm.channel: storm for storm in found}


_LATER = storms.alias("later")
_LAST = select(func.max(_LATER.c.number)).where(_LATER.c.channel == storms.c.channel).scalar_subquery()
_NEWEST = (
    select(storms.c.body)
    .where(storms.c.channel.in_(bindparam("of", expanding=True)), storms.c.number == _LAST)
    .order_by(storms.c.id)
    .with_for_update()
)


async def lock(connection: AsyncConnection, storm: StormId) -> None:
    """Lock a storm until the transaction ends; SQLite's one writer needs no lock."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_LOCKED, {"storm": storm})


async def save(connection: AsyncConnection, new: Iterable[Storm], changed: Iterable[Storm]) -> None:
    """Write storms: those that are not there yet, and those that are.

    Raises:
        IntegrityError: another replica was first in the channel; look again.
    """
    if rows := [{"id": one.id, "number": one.number, **_values(one)} for one in sorted(new, key=lambda one: one.id)]:
        await connection.execute(insert(storms), rows)
    if rows := [{"storm": one.id, **_values(one)} for one in changed]:
        await connection.execute(_CHANGE, rows)


_CHANGE = update(storms).where(storms.c.id == bindparam("storm"))
_CHANGE = _CHANGE.values(channel=bindparam("channel"), body=bindparam("body"))


def _values(storm: Storm) -> dict[str, object]:
    return {"channel": storm.channel, "body": dump(storm_body, storm)}


async def firing(connection: AsyncConnection, storm: StormId, at_most: int) -> tuple[int, tuple[Group, ...]]:
    """Return how many groups of a storm fire, and a few of them, the gravest first."""
    count = (await connection.execute(_COUNT, {"of": storm})).scalar_one()
    bodies = (await connection.execute(_GRAVEST, {"of": storm, "most": at_most})).scalars()
    return count, tuple(read(group_body, body) for body in bodies)


_FIRING = (OF_A_STORM, groups.c.storm == bindparam("of"), groups.c.status == AlertStatus.FIRING.value)
_COUNT = select(func.count()).select_from(groups).where(*_FIRING)
_GRAVEST = (
    select(groups.c.body).where(*_FIRING).order_by(groups.c.grade, groups.c.id).limit(bindparam("most", type_=Integer))
)
