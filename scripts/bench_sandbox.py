"""How fast the Slack sandbox is: calls a second in process and over HTTP, and what a fresh workspace costs.

Prints a table of medians. The sandbox is kept on one core, and over HTTP the client, another process, on another. "CPU"
counts the seconds that the sandbox's process computed: on a machine that does other work, too, it is the truer figure.

    python scripts/bench_sandbox.py [--repeats 5] [--calls 3000]
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.clock import SeededChance, SystemClock
from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.delivery.payloads import Delivery
from bot.sandbox.inprocess import InProcess
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import BOT_TOKEN

CLOCK = SystemClock()
# What is called; a post also becomes an event that an app acknowledges.
CALLS = {
    "auth.test": {},
    "chat.postMessage": {
        "channel": "C0GENERAL",
        "text": "Checkout fails for 4.8 % of requests",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "*Checkout* fails"}}] * 5,
        "metadata": {"event_type": "outbox", "event_payload": {"k": "card"}},
    },
    "conversations.info": {"channel": "C0GENERAL"},
}
GOALS = {"in process": 3_000, "over HTTP": 800, "fresh": 5}
CONNECTIONS = 8
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


class App:
    """Acknowledges everything at once; `full` is set once so many events came."""

    def __init__(self, events: int = 0) -> None:
        self._left = events
        self.full = asyncio.Event()
        if not events:
            self.full.set()

    async def take(self, _delivery: Delivery, _attempt: int, _reason: Failure | None) -> Outcome:
        """Take one event."""
        self._left -= 1
        if self._left == 0:
            self.full.set()
        return Outcome()


def new_sandbox(app: App) -> tuple[Sandbox, InProcess]:
    """Return a sandbox without limits whose events go to the app."""
    sandbox = Sandbox(CLOCK, SeededChance(1), limits=False)
    slack = sandbox.in_process()
    slack.deliver_to(app.take)
    return sandbox, slack


@dataclass(frozen=True, slots=True)
class Speed:
    """Calls a second: by the clock on the wall, and by what the sandbox's process computed."""

    wall: float
    cpu: float


async def in_process(method: str, calls: int) -> Speed:
    """Measure calls from the same process, events delivered included."""
    app = App(calls if method == "chat.postMessage" else 0)
    sandbox, slack = new_sandbox(app)
    began, computed = CLOCK.monotonic(), time.process_time()
    for _ in range(calls):
        await slack.call(method, **CALLS[method])  # type: ignore[arg-type] # the arguments are Slack's
    await app.full.wait()
    speed = Speed(calls / (CLOCK.monotonic() - began), calls / (time.process_time() - computed))
    await sandbox.stop()
    return speed


async def over_http(method: str, calls: int) -> Speed:
    """Measure calls from another process."""
    sandbox, _ = new_sandbox(App())
    async with sandbox:
        computed = time.process_time()
        client = await asyncio.create_subprocess_exec(
            sys.executable, __file__, "--client", sandbox.url, "--method", method, "--calls", str(calls),
            "--core", str(CORES[-1]),
            stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        )  # fmt: skip
        printed, _ = await client.communicate()
        return Speed(float(printed), calls / (time.process_time() - computed))


async def call_over_http(url: str, method: str, calls: int) -> float:
    """Be the client: keep some connections busy; return calls a second."""
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    left = iter(range(CONNECTIONS))

    async def work(session: aiohttp.ClientSession) -> None:
        for _ in left:
            async with session.post(f"{url}/api/{method}", json=CALLS[method]) as response:
                assert (await response.json())["ok"]  # noqa: S101 - what failed fast is no measure

    async with aiohttp.ClientSession(headers=headers) as session:
        await asyncio.gather(*(work(session) for _ in range(CONNECTIONS)))  # connections are made
        left = iter(range(calls))
        began = CLOCK.monotonic()
        await asyncio.gather(*(work(session) for _ in range(CONNECTIONS)))
        return calls / (CLOCK.monotonic() - began)


async def fresh() -> float:
    """Return the milliseconds that a new sandbox takes until it answers its first call."""
    began = CLOCK.monotonic()
    sandbox, slack = new_sandbox(App())
    await slack.call("auth.test")
    taken = CLOCK.monotonic() - began
    await sandbox.stop()
    return taken * 1000


def pin(core: int) -> None:
    """Keep this process on one core, where the system lets us."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, [core])


async def report(repeats: int, calls: int) -> None:
    """Measure everything and print the table."""
    print(f"{'calls a second':32}{'median':>10}{'least':>10}{'most':>10}{'CPU':>10}   goal")
    for name, measure in (("in process", in_process), ("over HTTP", over_http)):
        for method in CALLS:
            speeds = [await measure(method, calls) for _ in range(repeats)]
            wall = [speed.wall for speed in speeds]
            row = (statistics.median(wall), min(wall), max(wall), statistics.median(speed.cpu for speed in speeds))
            print(f"{method + ', ' + name:32}" + "".join(f"{one:10,.0f}" for one in row) + f"   >= {GOALS[name]:,}")
    taken = [await fresh() for _ in range(repeats * 10)]
    quick = (statistics.median(taken), min(taken), max(taken))
    print(f"{'a fresh workspace, ms':32}" + "".join(f"{one:10.2f}" for one in quick) + f"{'':13}< {GOALS['fresh']}")


def main() -> None:
    """Be the client, or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--calls", type=int, default=3_000)
    parser.add_argument("--client", help=argparse.SUPPRESS)
    parser.add_argument("--method", help=argparse.SUPPRESS)
    parser.add_argument("--core", type=int, default=CORES[0], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    pin(arguments.core)
    if arguments.client:
        print(asyncio.run(call_over_http(arguments.client, arguments.method, arguments.calls)))
    else:
        asyncio.run(report(arguments.repeats, arguments.calls))


if __name__ == "__main__":
    main()
