"""Alerts, as rows: one an episode; the newest of a series is the one that reports are held against."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Integer, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts import identity
from bot.domain.alerts_model import Alert, AlertStatus
from bot.domain.groups_model import GRAVEST_FIRST
from bot.domain.ids import AlertId, GroupId, IncidentId, SourceName
from bot.store.bodies import alert_body, dump, read
from bot.store.tables import FIRING, INHIBITING, LAPSING, WITH_KIN, Instant, alerts


async def load(connection: AsyncConnection, alert: AlertId, *, lock: bool = False) -> Alert | None:
    """Return an alert."""
    body = (await connection.execute(_LOCKED if lock else _ONE, {"alert": alert})).scalar()
    return read(alert_body, body) if body else None


_ONE = select(alerts.c.body).where(alerts.c.id == bindparam("alert"))
_LOCKED = _ONE.with_for_update()


async def newest(connection: AsyncConnection, series: Collection[str]) -> dict[str, Alert]:
    """Return the newest episode of each of these series (`identity`), locked in one order."""
    rows = await connection.execute(_NEWEST, {"series": list(series)})
    return {row.identity: _read_before(row.body) for row in rows}


@lru_cache(maxsize=2_048)  # what fires is told again and again: it is held against what it was held against before
def _read_before(body: str) -> Alert:
    return read(alert_body, body)


_LATER = alerts.alias("later")
_LAST = select(func.max(_LATER.c.starts_at)).where(_LATER.c.identity == alerts.c.identity).scalar_subquery()
_NEWEST = (
    select(alerts.c.identity, alerts.c.body)
    .where(alerts.c.identity.in_(bindparam("series", expanding=True)), alerts.c.starts_at == _LAST)
    .order_by(alerts.c.identity)
    .with_for_update()
)


async def firing(connection: AsyncConnection, source: SourceName, integration: str) -> tuple[Alert, ...]:
    """Return the episodes of a sender that fire now."""
    bodies = (await connection.execute(_FIRING)).scalars().all()

    def ours() -> tuple[Alert, ...]:
        held = (read(alert_body, body) for body in bodies)
        return tuple(one for one in held if (one.report.source, one.report.integration) == (source, integration))

    # In a storm there are thousands: nobody who clicks waits until they are read.
    return await asyncio.to_thread(ours)


_FIRING = select(alerts.c.body).where(FIRING)


async def all_firing(connection: AsyncConnection) -> tuple[Alert, ...]:
    """Return every episode that fires now."""
    bodies = (await connection.execute(_FIRING)).scalars().all()
    return await asyncio.to_thread(_all_read, bodies)


async def firing_in_parts(connection: AsyncConnection, at_once: int) -> AsyncIterator[tuple[Alert, ...]]:
    """Yield every episode that fires now, so many at once."""
    wanted = (await connection.execute(_FIRING_IDS)).scalars().all()
    for first in range(0, len(wanted), at_once):
        part = {"ids": wanted[first : first + at_once]}
        bodies = (await connection.execute(_BY_IDS, part)).scalars().all()
        yield await asyncio.to_thread(_all_read, bodies)


def _all_read(bodies: Sequence[str]) -> tuple[Alert, ...]:
    return tuple(read(alert_body, body) for body in bodies)


_FIRING_IDS = select(alerts.c.id).where(FIRING)
_BY_IDS = select(alerts.c.body).where(alerts.c.id.in_(bindparam("ids", expanding=True)))


async def inhibiting(connection: AsyncConnection) -> tuple[Alert, ...]:
    """Return what fires and may keep others quiet."""
    return tuple(read(alert_body, body) for body in (await connection.execute(_INHIBITING)).scalars())


_INHIBITING = select(alerts.c.body).where(INHIBITING).order_by(alerts.c.id)


async def load_all(connection: AsyncConnection, wanted: Collection[AlertId]) -> dict[AlertId, Alert]:
    """Return alerts by their ids."""
    query = select(alerts.c.id, alerts.c.body).where(alerts.c.id.in_(wanted))
    return {AlertId(row.id): read(alert_body, row.body) for row in await connection.execute(query)}


async def of_incidents(
    connection: AsyncConnection, numbers: Collection[IncidentId]
) -> dict[IncidentId, tuple[Alert, ...]]:
    """Return the alerts that belong to incidents, the earliest first."""
    found: dict[IncidentId, list[Alert]] = {number: [] for number in numbers}
    for row in await connection.execute(_OF_INCIDENTS, {"numbers": list(numbers)}):
        found[IncidentId(row.incident)].append(read(alert_body, row.body))
    return {number: tuple(attached) for number, attached in found.items()}


_OF_INCIDENTS = (
    select(alerts.c.incident, alerts.c.body)
    .where(alerts.c.incident.in_(bindparam("numbers", expanding=True)))
    .order_by(alerts.c.starts_at, alerts.c.id)
)


async def locked_of(connection: AsyncConnection, number: IncidentId) -> tuple[Alert, ...]:
    """Return the alerts that belong to an incident, locked, in the order of the series."""
    query = select(alerts.c.body).where(alerts.c.incident == number).order_by(alerts.c.identity, alerts.c.id)
    return tuple(read(alert_body, body) for body in (await connection.execute(query.with_for_update())).scalars())


async def lock_firing(connection: AsyncConnection, group: GroupId) -> None:
    """Lock what fires in a group, in the order of the series; SQLite's one writer needs no lock."""
    if connection.dialect.name == "postgresql":
        query = select(alerts.c.id).where(*_firing_in(group)).order_by(alerts.c.identity)
        await connection.execute(query.with_for_update())


async def firing_in(connection: AsyncConnection, group: GroupId) -> tuple[Alert, ...]:
    """Return what fires in a group, the earliest first."""
    query = select(alerts.c.body).where(*_firing_in(group)).order_by(alerts.c.starts_at, alerts.c.id)
    return tuple(read(alert_body, body) for body in (await connection.execute(query)).scalars())


def _firing_in(group: GroupId) -> tuple[ColumnElement[bool], ...]:
    return alerts.c.group_id == group, alerts.c.status == AlertStatus.FIRING.value


async def kin(connection: AsyncConnection, kins: Collection[str], groups: Collection[GroupId]) -> tuple[Alert, ...]:
    """Return the newest episodes of all series of a kin in these groups."""
    found = await connection.execute(_KIN, {"kins": list(kins), "groups": list(groups)})
    return tuple(read(alert_body, body) for body in found.scalars())


_KIN_LATER = alerts.alias("later")
_KIN_LAST = select(func.max(_KIN_LATER.c.starts_at)).where(_KIN_LATER.c.identity == alerts.c.identity)
_KIN = select(alerts.c.body).where(
    WITH_KIN,
    alerts.c.kin.in_(bindparam("kins", expanding=True)),
    alerts.c.group_id.in_(bindparam("groups", expanding=True)),
    alerts.c.starts_at == _KIN_LAST.scalar_subquery(),
)


async def were_in(
    connection: AsyncConnection, groups: Collection[GroupId], series: Collection[str], kins: Collection[str]
) -> set[tuple[GroupId, str]]:
    """Return which of these series and kins ever had an episode in which of these groups."""
    found: set[tuple[GroupId, str]] = set()
    if series:
        rows = await connection.execute(_GROUPS_OF_SERIES, {"series": list(series)})
        found |= {(GroupId(row.group_id), row.identity) for row in rows if row.group_id in groups}
    if kins:
        rows = await connection.execute(_GROUPS_OF_KIN, {"kins": list(kins), "groups": list(groups)})
        found |= {(GroupId(row.group_id), row.kin) for row in rows}
    return found


# By the series alone: a group may have a hundred thousand members, a series has its episodes.
_GROUPS_OF_SERIES = (
    select(alerts.c.group_id, alerts.c.identity)
    .where(alerts.c.identity.in_(bindparam("series", expanding=True)))
    .distinct()
)
_GROUPS_OF_KIN = (
    select(alerts.c.group_id, alerts.c.kin)
    .where(
        WITH_KIN,
        alerts.c.kin.in_(bindparam("kins", expanding=True)),
        alerts.c.group_id.in_(bindparam("groups", expanding=True)),
    )
    .distinct()
)


async def lapsed(connection: AsyncConnection, group: GroupId, now: datetime, at_most: int) -> tuple[Alert, ...]:
    """Return what fires in a group and may count as over, because nothing was heard of it for long."""
    found = await connection.execute(_LAPSED, {"of": group, "now": now, "most": at_most})
    return tuple(read(alert_body, body) for body in found.scalars())


async def next_lapse(connection: AsyncConnection, group: GroupId, after: datetime) -> datetime | None:
    """Return when the next of a group may count as over."""
    moment: datetime | None = (await connection.execute(_NEXT_LAPSE, {"of": group, "after": after})).scalar()
    return moment


async def lock_lapsed(connection: AsyncConnection, group: GroupId, now: datetime) -> None:
    """Lock what `lapsed` returns, in the order of the series; SQLite's one writer needs no lock."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_LOCK_LAPSED, {"of": group, "now": now})


_OF_GROUP = (alerts.c.group_id == bindparam("of"), LAPSING)
_IN_TIME = alerts.c.lapses_at <= bindparam("now", type_=Instant)
_LAPSED = (
    select(alerts.c.body)
    .where(*_OF_GROUP, _IN_TIME)
    .order_by(alerts.c.lapses_at, alerts.c.id)
    .limit(bindparam("most", type_=Integer))
)
_LOCK_LAPSED = select(alerts.c.id).where(*_OF_GROUP, _IN_TIME).order_by(alerts.c.identity).with_for_update()
_NEXT_LAPSE = select(func.min(alerts.c.lapses_at)).where(
    *_OF_GROUP, alerts.c.lapses_at > bindparam("after", type_=Instant)
)


async def some_of(connection: AsyncConnection, group: GroupId, at_most: int) -> tuple[Alert, ...]:
    """Return a few of a group's series, each as it stands now.

    What fires comes before what is over, then the graver before the others, then the later.
    """
    found: dict[str, Alert] = {}
    for row in await connection.execute(_SOME_OF, {"of": group, "most": at_most}):
        alert = read(alert_body, row.body)
        if not alert.is_unseen:
            found.setdefault(row.identity, alert)
    return tuple(found.values())


_SOME_OF = (
    select(alerts.c.identity, alerts.c.body)
    .where(alerts.c.group_id == bindparam("of"))
    .order_by(alerts.c.status, alerts.c.grade, alerts.c.starts_at.desc(), alerts.c.id)
    .limit(bindparam("most", type_=Integer))
)


async def save(connection: AsyncConnection, new: Sequence[Alert], changed: Sequence[Alert]) -> None:
    """Write alerts: those that are not there yet, and those that are."""
    if new:
        rows = [{"id": alert.id, "identity": identity(alert.report), **_values(alert)} for alert in new]
        await connection.execute(_NEW, rows)
    if changed:
        await connection.execute(_CHANGE, [{"alert": one.id, **_values(one)} for one in changed])


_NEW = insert(alerts)
_COLUMNS = ("starts_at", "status", "incident", "group_id", "inhibits", "grade", "lapses_at", "kin", "body")
_CHANGE = update(alerts).where(alerts.c.id == bindparam("alert")).values({name: bindparam(name) for name in _COLUMNS})


def _values(alert: Alert) -> dict[str, object]:
    return {
        "starts_at": alert.report.starts_at,
        "status": alert.status.value,
        "incident": alert.incident,
        "group_id": alert.group,
        "inhibits": int(alert.inhibits),
        "lapses_at": alert.lapses_at,
        "kin": alert.kin,
        "grade": GRAVEST_FIRST.index(alert.report.severity) + 1,
        "body": dump(alert_body, alert),
    }
