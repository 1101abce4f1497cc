"""Puts up the stage: a sandbox, the real bot on a database that vanishes, two alerts; and takes it down again."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console

from bot import log, settings
from bot.clock import Clock, SystemChance, SystemClock
from bot.demo import words
from bot.demo.alerts import CHECKOUT, PAYMENTS, Monitoring
from bot.demo.story import Story
from bot.errors import ConfigError
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import BOT_TOKEN, SIGNING_SECRET
from bot.wiring import Running, running

HOST: Final = "127.0.0.1"
CONFIG: Final = Path(__file__).with_name("muster.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where bot and sandbox are to listen; one that is taken is replaced by a free one unless it is `fixed`."""

    bot: int
    sandbox: int
    bot_fixed: bool = False
    sandbox_fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything in its place."""

    slack: str
    muster: str
    monitoring: Monitoring
    running: Running


async def play(ports: Ports, *, story: bool, latency: timedelta, stop: asyncio.Event) -> int:
    """Run the demo until `stop` is set, or walk through the story; return the exit code.

    Every call to Slack takes `latency`: the demo shall feel like it, and what waits for what can be told apart.

    Raises:
        ConfigError: a port that was asked for is taken.
    """
    console, clock = Console(highlight=False), SystemClock()
    log.configure(now=clock.now, level="WARNING")
    async with stage(ports, latency, clock) as ready:
        if not story:
            words.welcome(console, slack=ready.slack)
            await _first(stop, ready.running.broken)
            words.farewell(console)
            return 1 if ready.running.broken.is_set() else 0
        async with People(ready.slack, clock=clock) as people:
            told = asyncio.create_task(Story(people, ready.monitoring, console, clock).tell())
            stopped = asyncio.create_task(_first(stop, ready.running.broken))
            await asyncio.wait([told, stopped], return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if not told.done():
                told.cancel()
                return 1
            return 0 if told.result() else 1


@asynccontextmanager
async def stage(ports: Ports, latency: timedelta, clock: Clock) -> AsyncIterator[Stage]:
    """Put everything up, with two alerts that fire; take it down at the end."""
    chance = SystemChance()
    token = chance.token(32)
    port = _free_port("--port", ports.bot, fixed=ports.bot_fixed)
    sandbox = Sandbox(clock, chance, f"http://{HOST}:{port}/slack/events", delay=latency)
    with TemporaryDirectory(prefix="muster-demo-") as folder:
        await sandbox.start(HOST, _free_port("--sandbox-port", ports.sandbox, fixed=ports.sandbox_fixed))
        try:
            environment = {
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_SIGNING_SECRET": SIGNING_SECRET,
                "SLACK_API_URL": f"{sandbox.url}/api/",
                "MUSTER_ALERTS_TOKEN": token,
                "MUSTER_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/muster.db",
            }
            configured = settings.load(CONFIG, environment)
            async with running(configured, host=HOST, port=port, clock=clock, chance=chance) as muster:
                address = f"http://{HOST}:{muster.port}"
                monitoring = Monitoring(address, token, clock)
                await monitoring.fire(PAYMENTS, CHECKOUT)
                yield Stage(slack=f"{sandbox.url}/", muster=address, monitoring=monitoring, running=muster)
        finally:
            await sandbox.stop()


def _free_port(option: str, wanted: int, *, fixed: bool) -> int:
    """Return the wanted port, or another one when it is taken and nobody insists."""
    for port in (wanted,) if fixed else (wanted, 0):
        try:
            with socket.create_server((HOST, port)) as probe:
                return int(probe.getsockname()[1])
        except OSError:
            continue
    raise ConfigError(
        [f"Port {wanted} is taken by another program: choose another one with {option}, or leave it out."]
    )


async def _first(*events: asyncio.Event) -> None:
    """Return when one of them is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
