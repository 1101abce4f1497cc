"""A company for one test: Slack (the sandbox), PagerDuty (the fake), monitoring, and the real bot as a process."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol

import aiohttp

from bot.clock import SeededChance, SystemChance, SystemClock
from bot.domain.events import Event
from bot.domain.ids import IncidentId
from bot.domain.policy import Policy
from bot.engine.desk import EngineDesk
from bot.engine.handle import Engine
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from bot.store.database import Database
from tests.e2e.processes import Make, Muster, muster_run
from tests.fakes.pagerduty import API_KEY, ROUTING_KEY, FakePagerDuty
from tests.fakes.pagerduty_rules import OnCall
from tests.peers.alertmanager import free_port

ALERTS_TOKEN: Final = "a-token-for-alerts"
POLICY_ID: Final = "PCHECK1"
N: Final = IncidentId(1)
SUMMARY: Final = "Checkout fails for 4.8 % of requests"
SETTLE_SECONDS: Final = "0.5"
CONFIG: Final = f"""
channels: {{alerts: alerts, announcements: incidents, admin: muster-admin}}
services:
  checkout:
    owners: [U0ANA]
    on_call: [U0DMITRI]
    runbook: https://runbooks.example.com/checkout
    escalation_policy: {POLICY_ID}
"""


class NotTaken(Exception):
    """Somebody was told that the bot did not take it."""


class Delivery(StrEnum):
    """How Slack reaches the bot."""

    HTTP = "http"
    SOCKET_MODE = "socket mode"


class Hurried(SystemClock):
    """The sandbox's clock: an event's second and third retry come after 3 and 15 seconds, not after 1 and 5 minutes."""

    async def sleep(self, delay: timedelta) -> None:
        await super().sleep(min(delay, timedelta(seconds=4)) if delay < timedelta(seconds=30) else delay / 20)


class Monitoring(Protocol):
    """Who tells the bot of alerts."""

    async def fire(self) -> None:
        """Checkout fails."""

    async def resolve(self) -> None:
        """It does not any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """What a house is like when it is not like every other: who runs the bot, and what it is told."""

    config: str = CONFIG
    environment: Mapping[str, str] = field(default_factory=dict)
    make: Make = Muster
    port: int | None = None
    seed: int = 1
    limits: bool = True


@dataclass(slots=True, kw_only=True)
class House:
    """Everything, running."""

    sandbox: Sandbox
    people: People
    pagerduty: FakePagerDuty
    muster: Muster
    desk: EngineDesk
    database: Database
    monitoring: Monitoring = field(init=False)

    async def events(self) -> list[Event]:
        """Return the first incident's timeline, from the bot's own record."""
        return [row.event for row in await self.desk.timeline(N)]


class Webhook:
    """Sends alerts as Alertmanager does."""

    def __init__(self, url: str, started: datetime) -> None:
        self._url, self._started = url, started

    async def fire(self) -> None:
        await self._once("firing")

    async def resolve(self) -> None:
        await self._once("resolved")

    async def _once(self, status: str) -> None:
        answered = await self.send(status)
        if answered != HTTPStatus.ACCEPTED:
            raise NotTaken(f"HTTP {answered}")

    async def send(self, status: str, *, token: str = ALERTS_TOKEN, number: int = 1) -> int:
        """Send an alert; return the HTTP status."""
        member = {
            "status": status,
            "labels": {"alertname": f"CheckoutFails{number}", "service": "checkout", "severity": "critical"},
            "annotations": {"summary": SUMMARY if number == 1 else f"Alert number {number}"},
            "startsAt": self._started.isoformat(),
            "endsAt": SystemClock().now().isoformat() if status == "resolved" else "0001-01-01T00:00:00Z",
            "fingerprint": f"00000000000000{number:02}",
        }
        return await self.post({"status": status, "alerts": [member]}, token=token)

    async def post(self, body: object, *, token: str = ALERTS_TOKEN) -> int:
        """Send any body; return the HTTP status."""
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=5)) as session,
            session.post(f"{self._url}/alerts/alertmanager", json=body) as answer,
        ):
            return answer.status


@asynccontextmanager
async def house(
    folder: Path,
    database_url: str,
    delivery: Delivery = Delivery.HTTP,
    *,
    delay: timedelta | None = None,
    tenant: Tenant | None = None,
) -> AsyncIterator[House]:
    """Open the house; with `delay` every call to Slack takes so long. The bot is ready when this yields."""
    tenant = tenant or Tenant()
    async with AsyncExitStack() as stack:
        port, pagerduty = tenant.port or free_port(), await stack.enter_async_context(FakePagerDuty())
        pagerduty.on_calls = [OnCall(policy=POLICY_ID, email="cleo@northwind.example")]
        events_url = f"http://127.0.0.1:{port}/slack/events" if delivery is Delivery.HTTP else None
        sandbox = Sandbox(Hurried(), SeededChance(tenant.seed), events_url, delay=delay, limits=tenant.limits)
        await stack.enter_async_context(sandbox)
        database = Database(database_url)
        stack.push_async_callback(database.close)
        told = {**environment(sandbox, pagerduty, database_url, delivery), **tenant.environment}
        muster = await stack.enter_async_context(
            muster_run(folder, port=port, config=tenant.config, environment=told, make=tenant.make)
        )
        await muster.until_ready()
        opened = House(
            sandbox=sandbox,
            people=await stack.enter_async_context(People(sandbox.url)),
            pagerduty=pagerduty,
            muster=muster,
            desk=EngineDesk(Engine(database, SystemClock(), SystemChance(), Policy())),
            database=database,
        )
        opened.monitoring = Webhook(muster.url, SystemClock().now() - timedelta(minutes=3))
        await pagerduty.has_had(1)  # who is on call is known
        yield opened


def environment(sandbox: Sandbox, pagerduty: FakePagerDuty, database_url: str, delivery: Delivery) -> dict[str, str]:
    """Return what the bot is told by its environment."""
    way = {"SLACK_SIGNING_SECRET": SIGNING_SECRET} if delivery is Delivery.HTTP else {"SLACK_APP_TOKEN": APP_TOKEN}
    return {
        **way,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": f"{sandbox.url}/api/",
        "MUSTER_ALERTS_TOKEN": ALERTS_TOKEN,
        "MUSTER_DATABASE_URL": database_url,
        "MUSTER_SETTLE_SECONDS": SETTLE_SECONDS,
        "PAGERDUTY_ROUTING_KEY": ROUTING_KEY,
        "PAGERDUTY_API_KEY": API_KEY,
        "PAGERDUTY_EVENTS_URL": pagerduty.url,
        "PAGERDUTY_API_URL": pagerduty.url,
    }
