"""Alerts, as rows: one an episode; the newest of a series is the one that reports are held against."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts import identity
from bot.domain.model import Alert, AlertId, IncidentId
from bot.store.bodies import alert_body, dump
from bot.store.tables import alerts


async def load(connection: AsyncConnection, alert: AlertId, *, lock: bool = False) -> Alert | None:
    """Return an alert."""
    query = select(alerts.c.body).where(alerts.c.id == alert)
    body = (await connection.execute(query.with_for_update() if lock else query)).scalar()
    return alert_body.validate_json(body) if body else None


async def newest(connection: AsyncConnection, series: str) -> Alert | None:
    """Return the newest episode of a series (`identity`), locked."""
    query = select(alerts.c.body).where(alerts.c.identity == series).order_by(alerts.c.starts_at.desc()).limit(1)
    body = (await connection.execute(query.with_for_update())).scalar()
    return alert_body.validate_json(body) if body else None


async def of_incident(connection: AsyncConnection, incident: IncidentId) -> tuple[Alert, ...]:
    """Return the alerts that belong to an incident, the earliest first."""
    query = select(alerts.c.body).where(alerts.c.incident == incident).order_by(alerts.c.starts_at, alerts.c.id)
    return tuple(alert_body.validate_json(body) for body in (await connection.execute(query)).scalars())


async def save(connection: AsyncConnection, alert: Alert, *, new: bool) -> None:
    """Write an alert."""
    values = {"status": alert.status.value, "incident": alert.incident, "body": dump(alert_body, alert)}
    if new:
        series = identity(alert.report)
        await connection.execute(
            insert(alerts).values(id=alert.id, identity=series, starts_at=alert.report.starts_at, **values)
        )
    else:
        await connection.execute(update(alerts).where(alerts.c.id == alert.id).values(**values))
