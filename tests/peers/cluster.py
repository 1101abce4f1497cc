"""Real Alertmanagers that are peers of one cluster, stopped and started again, and fed as by a Prometheus."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from bot.clock import SystemClock
from tests.peers.alertmanager import PROGRAM, free_port, now
from tests.peers.until import until

# Prometheus does so every minute, and lets what it sends last for four.
RESEND_EVERY = timedelta(milliseconds=500)
LASTS = timedelta(minutes=4)
Labels = Mapping[str, str]


def configuration(url: str, token: str, *, max_alerts: int = 0, repeat: str = "1h") -> str:
    """Return one that sends everything to a webhook, a group an alertname; `cause` inhibits what has its `site`."""
    webhook = {
        "url": url,
        "send_resolved": True,
        "max_alerts": max_alerts,
        "http_config": {"authorization": {"type": "Bearer", "credentials": token}},
    }
    route = {
        "receiver": "muster",
        "group_by": ["alertname"],
        "group_wait": "0s",
        "group_interval": "1s",
        "repeat_interval": repeat,
        "routes": [{"receiver": "nobody", "matchers": ['team="other"']}],
    }
    inhibition = {
        "source_matchers": ['alertname="Cause"'],
        "target_matchers": ['alertname!="Cause"', 'site!=""'],
        "equal": ["site"],
    }
    # JSON is YAML: nothing in a URL or a token can break out of its place.
    return json.dumps(
        {
            "route": route,
            "inhibit_rules": [inhibition],
            "receivers": [{"name": "muster", "webhook_configs": [webhook]}, {"name": "nobody"}],
        }
    )


@dataclass(slots=True, kw_only=True)
class Peer:
    """One Alertmanager."""

    folder: Path
    port: int
    gossip: int
    others: tuple[int, ...]
    client: httpx2.AsyncClient
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, for the first time or again, and wait until it is ready."""
        here = f"127.0.0.1:{self.gossip}" if self.others else ""
        with (self.folder / "alertmanager.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                PROGRAM,
                f"--config.file={self.folder / 'alertmanager.yml'}",
                f"--storage.path={self.folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
                f"--cluster.listen-address={here}",
                *([f"--cluster.advertise-address={here}", "--cluster.gossip-interval=20ms"] if here else []),
                *(f"--cluster.peer=127.0.0.1:{other}" for other in self.others),
                "--cluster.peer-timeout=1s",
                stdout=log,
                stderr=log,
            )

        async def is_ready() -> bool:
            with suppress(httpx2.TransportError):
                return (await self.client.get(f"{self.url}/-/ready")).is_success
            return False

        await until(is_ready, what=f"{PROGRAM} being ready")

    async def stop(self) -> None:
        """Kill it: what it held in memory is gone."""
        if self.process and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def list(self) -> list[dict[str, Any]]:
        """Return its list of alerts."""
        answer: list[dict[str, Any]] = (await self.client.get(f"{self.url}/api/v2/alerts")).raise_for_status().json()
        return answer

    async def silence(self, **labels: str) -> None:
        """Silence all alerts with these labels for an hour."""
        matchers = [{"name": name, "value": value, "isRegex": False, "isEqual": True} for name, value in labels.items()]
        wanted = {
            "matchers": matchers,
            "startsAt": now().isoformat(),
            "endsAt": (now() + timedelta(hours=1)).isoformat(),
            "createdBy": "ana",
            "comment": "known",
        }
        (await self.client.post(f"{self.url}/api/v2/silences", json=wanted)).raise_for_status()


@dataclass(slots=True, kw_only=True)
class Cluster:
    """Peers, and the Prometheus that feeds all of them."""

    peers: tuple[Peer, ...]
    client: httpx2.AsyncClient
    _firing: dict[str, tuple[Labels, datetime]] = field(default_factory=dict)
    _over: list[dict[str, object]] = field(default_factory=list)

    @property
    def urls(self) -> list[str]:
        return [peer.url for peer in self.peers]

    async def fire(self, *alerts: Labels, started: timedelta = timedelta(minutes=1)) -> None:
        """Let alerts fire, for so long already."""
        for labels in alerts:
            self._firing[json.dumps(dict(labels), sort_keys=True)] = labels, now() - started
        await self.tell()

    async def resolve(self, *alerts: Labels) -> None:
        """Let alerts be over."""
        for labels in alerts:
            _, started = self._firing.pop(json.dumps(dict(labels), sort_keys=True))
            self._over.append({"labels": labels, "startsAt": started.isoformat(), "endsAt": now().isoformat()})
        await self.tell()

    async def tell(self) -> None:
        """Send every peer that is there all that fires, and all that was over lately."""
        until_then = (now() + LASTS).isoformat()
        firing = [
            {"labels": labels, "startsAt": started.isoformat(), "endsAt": until_then}
            for labels, started in self._firing.values()
        ]
        for peer in self.peers:
            with suppress(httpx2.TransportError):
                answer = await self.client.post(f"{peer.url}/api/v2/alerts", json=[*self._over, *firing])
                answer.raise_for_status()

    async def keep_telling(self) -> None:
        """Do so for ever, as Prometheus does."""
        clock = SystemClock()
        while True:
            await clock.sleep(RESEND_EVERY)
            await self.tell()

    async def firing(self) -> set[str]:
        """Return the fingerprints of all alerts that a peer shows, and that are meant for us."""
        shown = [alert for peer in self.peers for alert in await peer.list()]
        return {alert["fingerprint"] for alert in shown if {"name": "muster"} in alert["receivers"]}


@asynccontextmanager
async def cluster(size: int, configured: str, folder: Path) -> AsyncIterator[Cluster]:
    """Run so many peers until the block ends; one alone has no cluster."""
    gossip = [free_port() for _ in range(size)]
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx2.AsyncClient(timeout=5))
        peers = []
        for number in range(size):
            home = folder / f"alertmanager-{number}"
            home.mkdir()
            (home / "alertmanager.yml").write_text(configured)
            others = tuple(port for port in gossip if port != gossip[number])
            peer = Peer(folder=home, port=free_port(), gossip=gossip[number], others=others, client=client)
            stack.push_async_callback(peer.stop)
            await peer.start()
            peers.append(peer)
        ours = Cluster(peers=tuple(peers), client=client)
        telling = asyncio.create_task(ours.keep_telling())
        try:
            yield ours
        finally:
            telling.cancel()
            await asyncio.wait([telling])
