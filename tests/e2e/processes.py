"""The real `muster run` as a process: started, killed without warning, started again on the same port and database."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Protocol

import aiohttp

from tests.peers.until import until

ROOT: Final = Path(__file__).parent.parent.parent
OURS: Final = ("MUSTER_", "SLACK_", "PAGERDUTY_")
READY_WITHIN: Final = 60.0


def clean_environment(**more: str) -> dict[str, str]:
    """Return this process's environment without what configures a Muster, and what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


class Muster:
    """One bot; `kills` counts how often it died."""

    def __init__(self, folder: Path, *, port: int, environment: Mapping[str, str]) -> None:
        self.port = port
        self.kills = 0
        self._folder = folder
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Return the number of the process, for whoever asks the kernel about it."""
        return self._running().pid

    @property
    def log(self) -> list[Mapping[str, object]]:
        """Return what it has logged, over all its lives."""
        lines = (self._folder / "muster.log").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    @property
    def output(self) -> str:
        """Return what it has written to the terminal, over all its lives, and whatever is no log."""
        text = (self._folder / "muster.log").read_text(encoding="utf-8")
        return "\n".join(line for line in text.splitlines() if not line.startswith("{"))

    async def start(self) -> None:
        """Start it; it is not ready yet when this returns."""
        with (self._folder / "muster.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--port", str(self.port)),
                *("--config", str(self._folder / "muster.yaml")),
                stdout=log,
                stderr=log,
                env=clean_environment(**self._environment, MUSTER_LOG_FORMAT="json"),
            )

    async def kill(self) -> None:
        """Kill -9."""
        process = self._running()
        process.send_signal(signal.SIGKILL)
        await process.wait()
        self.kills += 1

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and return its exit code."""
        process = self._running()
        if process.returncode is None:
            process.send_signal(number)
        return await asyncio.wait_for(process.wait(), 30)

    async def until_ready(self) -> None:
        """Wait until it can do all of its work."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:

            async def is_ready() -> bool:
                assert self._running().returncode is None, f"muster run ended:\n{self.output}"
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        return answer.ok
                except (aiohttp.ClientError, TimeoutError):
                    return False

            await until(is_ready, what="muster run being ready", timeout=READY_WITHIN)

    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "it was never started"
        return self._process


class Make(Protocol):
    """Makes a bot that is not started yet."""

    def __call__(self, folder: Path, *, port: int, environment: Mapping[str, str]) -> Muster: ...


@asynccontextmanager
async def muster_run(
    folder: Path, *, port: int, config: str, environment: Mapping[str, str], make: Make = Muster
) -> AsyncIterator[Muster]:
    """Run one until the block ends, with `config` as its muster.yaml; `folder` holds that, its log, its database."""
    (folder / "muster.yaml").write_text(config, encoding="utf-8")
    muster = make(folder, port=port, environment=environment)
    await muster.start()
    try:
        yield muster
    finally:
        await muster.stop(signal.SIGKILL)


async def muster_says(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run a command of the command line; return its exit code, what it printed, and what it complained of."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=clean_environment(**environment),
    )
    printed, complained = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, printed.decode(), complained.decode()
