"""Real Alertmanagers and the real bot: in the end every alert stands as it stands there, whatever no webhook told."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.alerts_model import Alert, AlertStatus
from bot.store.bodies import alert_body, read
from bot.store.tables import alerts
from tests.e2e.house import ALERTS_TOKEN, CONFIG, House, Tenant, house
from tests.peers.alertmanager import free_port, needs_alertmanager
from tests.peers.cluster import Cluster, cluster, configuration
from tests.peers.until import until

pytestmark = [needs_alertmanager, pytest.mark.timeout(300)]

# As often as can be set, and so short that a test need not wait: what is absent for three seconds is gone.
RECONCILE = "sources: {{alertmanager: {{reconcile: {{urls: {urls}, every: 1s, gone_after: 3s}}}}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A company with monitoring."""

    opened: House
    monitoring: Cluster

    async def held(self) -> Sequence[Alert]:
        """Return every episode that the bot knows."""
        async with self.opened.database.reading() as connection:
            bodies = (await connection.execute(select(alerts.c.body))).scalars()
            return [read(alert_body, body) for body in bodies]

    async def firing(self) -> set[str]:
        return {one.report.fingerprint for one in await self.held() if one.status is AlertStatus.FIRING}

    async def agrees(self) -> bool:
        """Tell whether all alerts stand as they stand there."""
        return await self.firing() == await self.monitoring.firing()

    async def has(self, count: int, status: AlertStatus) -> bool:
        return sum(one.status is status for one in await self.held()) == count

    async def until_firing(self, count: int) -> None:
        async def there() -> bool:
            return len(await self.firing()) == count and await self.agrees()

        await until(there, what=f"{count} alerts firing here as there", timeout=40)


@asynccontextmanager
async def place(folder: Path, *, peers: int = 1, max_alerts: int = 0) -> AsyncIterator[Place]:
    port = free_port()
    configured = configuration(f"http://127.0.0.1:{port}/alerts/alertmanager", ALERTS_TOKEN, max_alerts=max_alerts)
    async with cluster(peers, configured, folder) as monitoring:
        config = CONFIG + RECONCILE.format(urls=json.dumps(monitoring.urls))
        url = f"sqlite+aiosqlite:///{folder / 'muster.db'}"
        async with house(folder, url, tenant=Tenant(config=config, port=port)) as opened:
            yield Place(opened=opened, monitoring=monitoring)


async def test_what_no_webhook_tells_is_found(tmp_path: Path) -> None:
    """The members beyond `max_alerts`, and what is over while it is silenced or inhibited."""
    disks = [{"alertname": "DiskFull", "disk": f"sd{letter}"} for letter in "abcdefghijkl"]
    quiet, held_down = {"alertname": "Latency", "site": "north"}, {"alertname": "Errors", "site": "south"}
    cause, others = {"alertname": "Cause", "site": "south"}, {"alertname": "Latency", "team": "other"}
    async with place(tmp_path, max_alerts=3) as here:
        await here.monitoring.fire(*disks, quiet, held_down, others)
        await here.until_firing(14)

        await here.monitoring.peers[0].silence(alertname="Latency", site="north")
        await here.monitoring.fire(cause)
        await here.until_firing(15)
        await here.monitoring.resolve(quiet, held_down, disks[0])
        await here.until_firing(12)
        assert await here.has(3, AlertStatus.RESOLVED)


async def test_what_happened_while_the_bot_was_down_is_known_as_far_as_it_can_be(tmp_path: Path) -> None:
    fires_on, fires_again, is_over, comes_and_goes, comes = (
        {"alertname": name} for name in ("FiresOn", "FiresAgain", "IsOver", "ComesAndGoes", "Comes")
    )
    async with place(tmp_path) as here:
        await here.monitoring.fire(fires_on, fires_again, is_over)
        await here.until_firing(3)

        await here.opened.muster.kill()
        await here.monitoring.resolve(fires_again, is_over)
        await here.monitoring.fire(comes, comes_and_goes)
        await here.monitoring.resolve(comes_and_goes)
        await here.monitoring.fire(fires_again, started=timedelta(0))
        await here.opened.muster.start()
        await here.opened.muster.until_ready()
        await here.until_firing(3)
        assert {one.report.title for one in await here.held() if one.status is AlertStatus.RESOLVED} >= {"IsOver"}


async def test_three_peers_that_die_and_come_back_end_nothing_that_fires(tmp_path: Path) -> None:
    alerts_there = [{"alertname": "Pods", "pod": f"web-{number}"} for number in range(5)]
    async with place(tmp_path, peers=3) as here:
        await here.monitoring.fire(*alerts_there)
        await here.until_firing(5)
        episodes = {one.id for one in await here.held()}

        first, *rest = here.monitoring.peers
        for peer in rest:
            await peer.stop()
        await here.monitoring.resolve(alerts_there[0])
        await until(lambda: here.has(1, AlertStatus.RESOLVED), what="the end that the one peer left tells", timeout=40)
        for peer in rest:
            await peer.start()
        await first.stop()
        await first.start()
        await here.until_firing(4)
        await here.monitoring.peers[1].silence(alertname="Pods")
        await here.monitoring.resolve(*alerts_there[1:3])
        await here.until_firing(2)
        assert {one.id for one in await here.held()} == episodes, "no episode was ended and begun anew"
