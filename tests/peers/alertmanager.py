"""A real Alertmanager on the loopback interface, with a configuration that the test writes and data that vanish."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from tests.peers.until import until

PROGRAM = "prometheus-alertmanager"
needs_alertmanager = pytest.mark.peer("alertmanager")
"""Skips a test where the program is missing, and says how to install it."""


def webhook(url: str, token: str) -> str:
    """Return a configuration that sends everything to one webhook, at once and again after a second."""
    # JSON is YAML: nothing in a URL or a token can break out of its place.
    return json.dumps(
        {
            "route": {
                "receiver": "muster",
                "group_by": ["alertname"],
                "group_wait": "0s",
                "group_interval": "1s",
                "repeat_interval": "1h",
            },
            "receivers": [
                {
                    "name": "muster",
                    "webhook_configs": [
                        {
                            "url": url,
                            "send_resolved": True,
                            "http_config": {"authorization": {"type": "Bearer", "credentials": token}},
                        }
                    ],
                }
            ],
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alertmanager:
    """One that runs; what Prometheus does to it, the test does through its API, version 2."""

    client: httpx2.AsyncClient

    async def fire(self, labels: Mapping[str, str], *, starts_at: datetime, **annotations: str) -> None:
        """Hand in an alert that fires."""
        await self._post({"labels": labels, "annotations": annotations, "startsAt": starts_at.isoformat()})

    async def resolve(self, labels: Mapping[str, str], *, starts_at: datetime, ends_at: datetime) -> None:
        """Hand in the same alert with its end."""
        await self._post({"labels": labels, "startsAt": starts_at.isoformat(), "endsAt": ends_at.isoformat()})

    async def metric(self, name: str) -> float:
        """Return what one of its own counters says of webhooks, summed over its other labels."""
        page = (await self.client.get("/metrics")).text
        lines = (line for line in page.splitlines() if line.startswith((f"{name} ", f"{name}{{")))
        return sum(float(line.rpartition(" ")[2]) for line in lines if 'integration="webhook"' in line)

    async def _post(self, alert: Mapping[str, object]) -> None:
        answer = await self.client.post("/api/v2/alerts", json=[alert])
        answer.raise_for_status()


@asynccontextmanager
async def alertmanager(configuration: str, folder: Path) -> AsyncIterator[Alertmanager]:
    """Run one until the block ends; `folder` holds its configuration, its data and its log."""
    port = free_port()
    (folder / "alertmanager.yml").write_text(configuration)
    with (folder / "alertmanager.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            PROGRAM,
            f"--config.file={folder / 'alertmanager.yml'}",
            f"--storage.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",  # alone: no gossip
            stdout=log,
            stderr=log,
        )
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=5) as client:

            async def is_ready() -> bool:
                if process.returncode is not None:
                    pytest.fail(f"{PROGRAM} ended:\n{(folder / 'alertmanager.log').read_text()[-2_000:]}")
                try:
                    return (await client.get("/-/ready")).is_success
                except httpx2.TransportError:
                    return False

            await until(is_ready, what=f"{PROGRAM} being ready")
            yield Alertmanager(client=client)
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 10)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def now() -> datetime:
    """Return the present as Alertmanager will tell it: it compares what it is told with its own clock."""
    return datetime.now(UTC)  # noqa: TID251 - the peer lives in real time
