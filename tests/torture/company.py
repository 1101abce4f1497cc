"""Replicas at work: several processes of the bot on one database, behind a front; one Slack, one pager.

What house.py is to one bot, this is to several; the checker looks at it in the same way.
"""

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import SeededChance, SystemChance, SystemClock
from bot.domain.policy import Policy
from bot.engine.desk import EngineDesk
from bot.engine.handle import Engine
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.store.database import Database
from tests.e2e.house import CONFIG, POLICY_ID, Delivery, House, Hurried, environment
from tests.e2e.processes import Muster, clean_environment
from tests.fakes.pagerduty import FakePagerDuty
from tests.fakes.pagerduty_rules import OnCall
from tests.peers.alertmanager import free_port
from tests.torture.front import Front
from tests.torture.replica import FREEZE, OLDER, SKEW

# Slack and the pager answer so late that freezes and deaths fall between a call and its answer.
LATENCY: Final = timedelta(milliseconds=80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What is special about the machine that a replica runs on, and about its version."""

    ahead: timedelta = timedelta()
    unknown: Sequence[str] = ()


class Replica(Muster):
    """One of them. `freezes` counts how often it stood still."""

    def __init__(self, folder: Path, *, port: int, environment: Mapping[str, str], machine: Machine) -> None:
        super().__init__(folder, port=port, environment=environment)
        self._folder, self._order = folder, folder / "freeze"
        self._told = {
            **environment,
            SKEW: str(machine.ahead.total_seconds()),
            OLDER: ",".join(machine.unknown),
            FREEZE: str(self._order),
        }
        self.freezes = 0

    async def start(self) -> None:
        with (self._folder / "muster.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.torture.replica", str(self._folder / "muster.yaml"), str(self.port)),
                stdout=log,
                stderr=log,
                env=clean_environment(**self._told, MUSTER_LOG_FORMAT="json"),
            )

    def is_frozen(self) -> bool:
        """Tell whether the kernel says that it stands still."""
        return Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "T"

    async def freeze(self, place: str | None, within: timedelta) -> None:
        """Stop it where it is, or when it reaches a place; should it not come there in time, where it is then."""
        if place is not None:
            self._order.write_text(place, encoding="utf-8")
            clock = SystemClock()
            until = clock.monotonic() + within.total_seconds()
            while not self.is_frozen() and clock.monotonic() < until:
                await clock.sleep(timedelta(milliseconds=10))
            self._order.unlink(missing_ok=True)
        os.kill(self.pid, signal.SIGSTOP)
        self.freezes += 1

    def thaw(self) -> None:
        """Let it go on as if nothing had been."""
        os.kill(self.pid, signal.SIGCONT)


class Everybody(Muster):
    """All of them to the checker: one log."""

    def __init__(self, replicas: Sequence[Replica]) -> None:
        self._replicas = replicas

    @property
    def log(self) -> list[Mapping[str, object]]:
        return list(itertools.chain.from_iterable(one.log for one in self._replicas))

    @property
    def output(self) -> str:
        return "\n".join(one.output for one in self._replicas)


@dataclass(slots=True, kw_only=True)
class Company:
    """Everything, running. `url` is where alerts go."""

    house: House
    replicas: Sequence[Replica]
    url: str


@asynccontextmanager
async def company(
    folder: Path, database_url: str, machines: Sequence[Machine], *, seen_at: str | None = None
) -> AsyncIterator[Company]:
    """Open the company; every replica is ready when this yields. `seen_at`: where the checker reads the database."""
    async with AsyncExitStack() as stack:
        front, pagerduty = free_port(), await stack.enter_async_context(FakePagerDuty())
        pagerduty.on_calls = [OnCall(policy=POLICY_ID, email="cleo@northwind.example")]
        sandbox = Sandbox(Hurried(), SeededChance(1), f"http://127.0.0.1:{front}/slack/events", delay=LATENCY)
        await stack.enter_async_context(sandbox)
        told = environment(sandbox, pagerduty, database_url, Delivery.HTTP)
        replicas = [_replica(folder / f"replica {n}", told, machine) for n, machine in enumerate(machines, 1)]
        opened = await stack.enter_async_context(Front([one.port for one in replicas], front))
        for one in replicas:
            stack.push_async_callback(one.stop, signal.SIGKILL)
            await one.start()
        for one in replicas:
            await one.until_ready()
        database = Database(seen_at or database_url)
        stack.push_async_callback(database.close)
        house = House(
            sandbox=sandbox,
            people=await stack.enter_async_context(People(sandbox.url)),
            pagerduty=pagerduty,
            muster=Everybody(replicas),
            desk=EngineDesk(Engine(database, SystemClock(), SystemChance(), Policy())),
            database=database,
        )
        yield Company(house=house, replicas=replicas, url=opened.url)


def _replica(folder: Path, told: Mapping[str, str], machine: Machine) -> Replica:
    folder.mkdir(parents=True)
    (folder / "muster.yaml").write_text(CONFIG, encoding="utf-8")
    return Replica(folder, port=free_port(), environment=told, machine=machine)
