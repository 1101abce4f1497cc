"""A `muster run` that a zygote forks: it begins at once, dies by SIGKILL, and is started again as by a supervisor."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from bot.clock import SystemClock
from tests.e2e.processes import ROOT, Muster, clean_environment
from tests.peers.until import until
from tests.torture.zygote import Birth

# Ports that the kernel gives to nobody who asks for any: while a bot is dead its port stays its own.
PORTS: Final = range(20_000, 32_000)
MOST_LIVES: Final = 500


@dataclass(frozen=True, slots=True)
class Death:
    """Where a life ends: at the hit of that number of the point of that name."""

    point: str
    hit: int = 1

    def __str__(self) -> str:
        return f"{self.point} #{self.hit}"


NEVER: Final = Death("", 0)


class Zygote:
    """The process that forks. Use `zygote()`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def bear(self, birth: Birth) -> int:
        """Fork a life; return its process id."""
        assert self._process.stdin
        async with self._turn:
            self._process.stdin.write(json.dumps(birth).encode() + b"\n")
            return int(await self.answer())

    async def answer(self) -> bytes:
        assert self._process.stdout
        said = await self._process.stdout.readline()
        assert said, "the zygote is dead"
        return said


@asynccontextmanager
async def zygote() -> AsyncIterator[Zygote]:
    """Have a zygote until the block ends; its children end with it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.torture.zygote"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=clean_environment(),
    )
    try:
        ready = Zygote(process)
        await ready.answer()
        yield ready
    finally:
        process.kill()
        await process.wait()


class Forked(Muster):
    """One bot, forked anew for each of its lives and started again whenever it dies.

    Its lives end at `deaths`, one after the other, and those behind them when somebody kills it. `told` is where it
    writes the names of the points that it reaches. `restarts` are the seconds from each death to being ready again.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        environment: Mapping[str, str],
        zygote: Zygote,
        deaths: Sequence[Death] = (),
        told: Path | None = None,
    ) -> None:
        super().__init__(folder, port=port, environment=environment)
        self._zygote, self._deaths, self._told = zygote, list(deaths), told
        self._handle = -1
        self._number = 0
        self._dead, self._may_live = asyncio.Event(), asyncio.Event()
        self._may_live.set()
        self._supervisor: asyncio.Task[None] | None = None
        self._birth: asyncio.Task[None] | None = None
        self._died_at = SystemClock().monotonic()
        self._measured = 0
        self.lives = 0
        self.restarts: list[float] = []

    @property
    def pid(self) -> int:
        return self._number

    async def start(self) -> None:
        """Have it started now and after each death."""
        self._dead.set()
        self._supervisor = asyncio.create_task(self._supervise())

    async def _supervise(self) -> None:
        while self.lives < MOST_LIVES:
            await self._dead.wait()
            await self._may_live.wait()
            self._birth = asyncio.create_task(self._be_born(self._deaths.pop(0) if self._deaths else NEVER))
            await asyncio.shield(self._birth)  # once begun it ends: the zygote's answer belongs to it

    async def _be_born(self, death: Death) -> None:
        birth = Birth(
            arguments=["run", "--port", str(self.port), "--config", str(self._folder / "muster.yaml")],
            environment={**self._environment, "MUSTER_LOG_FORMAT": "json"},
            log=str(self._folder / "muster.log"),
            told=str(self._told) if self._told else "",
            death=death.point,
            hit=death.hit,
        )
        self._number = await self._zygote.bear(birth)
        self.lives += 1
        with suppress(ProcessLookupError):  # it is dead already
            self._handle = os.pidfd_open(self._number)
            self._dead.clear()
            asyncio.get_running_loop().add_reader(self._handle, self._died)

    def _died(self) -> None:
        asyncio.get_running_loop().remove_reader(self._handle)
        os.close(self._handle)
        self._handle = -1
        self._died_at = SystemClock().monotonic()
        self._dead.set()

    async def kill(self, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        """Kill -9; it is started again at once, or after `meanwhile`, when nobody changes anything."""
        lives = self.lives
        if not self._strike(signal.SIGKILL):
            return
        self.kills += 1
        if meanwhile:
            self._may_live.clear()
            await self._dead.wait()
            try:
                await meanwhile()
            finally:
                self._died_at = SystemClock().monotonic()
                self._may_live.set()
        await until(lambda: self.lives > lives, what="another life")

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it for good."""
        if self._supervisor:
            self._supervisor.cancel()
            await asyncio.wait({self._supervisor, *filter(None, [self._birth])})
        if self._strike(number):
            await asyncio.wait_for(self._dead.wait(), 30)
        return 0

    def _strike(self, number: signal.Signals) -> bool:
        """Send it a signal, if it lives; never to another process that has got its number."""
        if self._handle < 0:
            return False
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)
        return True

    async def until_ready(self) -> None:
        """Wait until it can do all of its work, in this life or in the next."""
        lives = self.lives
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:

            async def is_ready() -> bool:
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        return answer.ok
                except (aiohttp.ClientError, TimeoutError):
                    return False

            try:
                await until(is_ready, what="muster run being ready", timeout=60)
            except AssertionError as error:
                raise AssertionError(f"{error}; it says {self.output[-300:]} {self.log[-3:]}") from error
        if lives == self.lives != self._measured:  # ready for the first time in this life
            self._measured = lives
            self.restarts.append(SystemClock().monotonic() - self._died_at)


def own_port(number: int) -> int:
    """Return a port for the house of that number in this process, that nobody has."""
    for port in [PORTS[(os.getpid() * 131 + number * 17 + step) % len(PORTS)] for step in range(len(PORTS))]:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")
