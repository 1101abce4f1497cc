"""A real Alertmanager that falls silent is missed, and no more than that."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.alerts_model import AlertStatus
from bot.store import inbox
from bot.store.bodies import alert_body, read
from bot.store.inbox import DeliveryStatus
from bot.store.tables import alerts
from tests.e2e.house import ALERTS_TOKEN, CONFIG, House, Tenant, house
from tests.peers.alertmanager import free_port, needs_alertmanager
from tests.peers.cluster import cluster, configuration
from tests.peers.until import until

pytestmark = [needs_alertmanager, pytest.mark.timeout(180)]

EXPECTED = "sources: {alertmanager: {watchdog: {every: 1s, grace: 4s}}}"


async def held(opened: House) -> list[tuple[str, AlertStatus]]:
    async with opened.database.reading() as connection:
        bodies = (await connection.execute(select(alerts.c.body).order_by(alerts.c.starts_at))).scalars()
        return [(one.report.title, one.status) for one in (read(alert_body, body) for body in bodies)]


async def heard(opened: House) -> bool:
    """Tell whether something that was delivered has been read."""
    async with opened.database.reading() as connection:
        return await inbox.count(connection, DeliveryStatus.READ) > 0


async def test_an_alertmanager_that_falls_silent_is_missed_until_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    configured = configuration(f"http://127.0.0.1:{port}/alerts/alertmanager", ALERTS_TOKEN, repeat="1s")
    url = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
    tenant = Tenant(config=CONFIG + EXPECTED, port=port)
    async with cluster(1, configured, tmp_path) as monitoring, house(tmp_path, url, tenant=tenant) as opened:
        (peer,) = monitoring.peers

        async def is_so(*wanted: tuple[str, AlertStatus]) -> None:
            async def look() -> bool:
                return await held(opened) == list(wanted)

            await until(look, what=f"{wanted}", timeout=40)

        missing = "HeartbeatMissing"
        await monitoring.fire({"alertname": "Watchdog"})
        await until(lambda: heard(opened), what="a heartbeat")
        await peer.stop()
        await is_so((missing, AlertStatus.FIRING))
        await opened.people.wait_for("No heartbeat from alertmanager/default since", "alerts")
        await peer.start()
        await is_so((missing, AlertStatus.RESOLVED))
