"""The company that is measured: the real bot as a process, a Slack and a pager here, which note when they were told."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from bench.bodies import Kind, alert, body
from bot.clock import SeededChance, SystemChance, SystemClock
from bot.domain.policy import Policy
from bot.engine.desk import EngineDesk
from bot.engine.handle import Engine
from bot.sandbox.delays import Delay
from bot.sandbox.journal import Entry
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.store.database import Database
from tests.e2e.house import ALERTS_TOKEN, Delivery, environment
from tests.e2e.processes import ROOT, Muster, clean_environment, muster_run
from tests.fakes.pagerduty import FakePagerDuty
from tests.peers.alertmanager import free_port
from tests.peers.until import until

CLOCK: Final = SystemClock()
# Probes go where the storm does not: Slack takes one post a second and channel.
CONFIG: Final = """
channels: {alerts: alerts, announcements: incidents, admin: muster-admin}
services:
  checkout: {owners: [U0ANA], on_call: [U0DMITRI], runbook: "https://runbooks.example.com/checkout"}
  payments: {owners: [U0CLEO], on_call: [U0CLEO], channel: payments-alerts}
declare:
  - {name: ledgers, matchers: ['service=~"ledger-.*"'], min_severity: critical}
"""
PATIENCE: Final = 120.0


class TimedPager(FakePagerDuty):
    """Notes when it was asked: `paged` has the moment (monotonic seconds) and the summary of each trigger."""

    def __init__(self) -> None:
        super().__init__()
        self.paged: list[tuple[float, str]] = []

    def _take(self, key: str, event: Mapping[str, object]) -> None:
        super()._take(key, event)
        if event["event_action"] == "trigger":
            payload = event.get("payload")
            summary = str(payload.get("summary", "")) if isinstance(payload, Mapping) else ""
            self.paged.append((CLOCK.monotonic(), summary))

    def asked(self, marker: str) -> float | None:
        """Return when it was first asked about what has this in its summary."""
        return next((at for at, summary in self.paged if marker in summary), None)


@dataclass(slots=True, kw_only=True)
class Company:
    """Everything, running."""

    sandbox: Sandbox
    people: People
    pager: TimedPager
    muster: Muster
    desk: EngineDesk
    session: aiohttp.ClientSession

    async def waiting(self) -> int:
        """Return how many webhooks are kept and not yet read."""
        return (await self.desk.backlog())["deliveries_waiting"]

    async def fires(self, number: int, *, service: str, summary: str) -> None:
        """Send one critical alert as Alertmanager does, a group of its own; what is not answered 202 is an error."""
        told = alert(Kind.WEBHOOK, number, rule=f"Probe{number}", service=service, summary=summary, severity="critical")
        content = body(Kind.WEBHOOK, [told])
        headers = {"Authorization": f"Bearer {ALERTS_TOKEN}"}
        url = f"{self.muster.url}/alerts/alertmanager"
        async with self.session.post(url, data=content, headers=headers) as answer:
            answer.raise_for_status()

    def call(self, method: str, wanted: Callable[[Entry], bool]) -> Entry | None:
        """Return the first call of that method to Slack that is wanted."""
        return next((one for one in self.sandbox.journal.calls(method) if wanted(one)), None)

    async def types(self, line: str, channel: str = "general") -> float:
        """Let somebody give a command; return how long its acknowledgement took, milliseconds."""
        before = len(self.sandbox.journal.deliveries("slash_command"))
        answer = await self.people.person("ana").command(line, channel=channel)
        entry = self.sandbox.journal.deliveries("slash_command")[before]
        if answer.get("error") or entry.ms is None:
            raise RuntimeError(f"{line}: {answer}")
        return entry.ms


@asynccontextmanager
async def company(
    folder: Path,
    database_url: str,
    delivery: Delivery = Delivery.HTTP,
    *,
    delay: Delay | None = None,
    limits: bool = True,
) -> AsyncIterator[Company]:
    """Open it; the bot is ready when this yields. With `delay` every call to Slack takes so long."""
    folder.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        port, pager = free_port(), await stack.enter_async_context(TimedPager())
        events_url = f"http://127.0.0.1:{port}/slack/events" if delivery is Delivery.HTTP else None
        sandbox = Sandbox(CLOCK, SeededChance(1), events_url, delay=delay, limits=limits)
        await stack.enter_async_context(sandbox)
        told = environment(sandbox, pager, database_url, delivery)
        muster = await stack.enter_async_context(muster_run(folder, port=port, config=CONFIG, environment=told))
        await muster.until_ready()
        database = Database(database_url)
        stack.push_async_callback(database.close)
        yield Company(
            sandbox=sandbox,
            people=await stack.enter_async_context(People(sandbox.url)),
            pager=pager,
            muster=muster,
            desk=EngineDesk(Engine(database, CLOCK, SystemChance(), Policy())),
            session=await stack.enter_async_context(aiohttp.ClientSession()),
        )


@asynccontextmanager
async def program(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `python -m …` until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, cwd=ROOT, env=clean_environment(), stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_listening(port: int) -> None:
    """Wait until somebody takes connections on that port."""

    async def is_listening() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    await until(is_listening, what=f"port {port}", timeout=PATIENCE)
