"""How long a slash command waits for its acknowledgement, in quiet: over HTTP and over Socket Mode.

Slack's limit is 3 s. Beside it a Bolt app that acknowledges and does nothing else, under the same sandbox. Muster's
answer to `/incident list` is in the acknowledgement itself: it has read the database by then.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bench import probes
from bench.company import CLOCK, company, program, until_listening
from bench.databases import Kind
from bench.figures import Figure, at_most
from bench.measure import Bench, Measurement
from bot.clock import SeededChance
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from tests.e2e.house import Delivery
from tests.peers.alertmanager import free_port

LINE: Final = "/incident list"
WARM: Final = 5


async def measure(bench: Bench) -> list[Figure]:
    """Give the same command again and again, one after the other."""
    times, figures = bench.either(200, 30), list[Figure]()
    for delivery in Delivery:
        bench.say(f"commands: {delivery}")
        async with _bolt(delivery) as sandbox:
            bare = await _acknowledgements(sandbox, times)
        figures += probes.spread(f"bare Bolt, {delivery}", bare)
        folder = bench.place(f"commands-{delivery.name.lower()}")
        async with company(folder, bench.databases.fresh(Kind.SQLITE, folder), delivery) as one:
            took = await _acknowledgements(one.sandbox, times)
        figures += probes.spread(f"Muster, {delivery}", took, p99=at_most(100), beside=f"bare Bolt, {delivery}")
    return figures


async def _acknowledgements(sandbox: Sandbox, times: int) -> list[float]:
    async with People(sandbox.url) as people:
        for _ in range(times + WARM):
            await people.person("ana").command(LINE)
    took = [entry.ms for entry in sandbox.journal.deliveries("slash_command") if entry.ms is not None]
    return took[-times:]


@asynccontextmanager
async def _bolt(delivery: Delivery) -> AsyncIterator[Sandbox]:
    port = free_port()
    events_url = f"http://127.0.0.1:{port}/slack/events" if delivery is Delivery.HTTP else None
    async with Sandbox(CLOCK, SeededChance(1), events_url) as sandbox:
        api = f"{sandbox.url}/api/"
        arguments = ("bolt", str(port), api) if delivery is Delivery.HTTP else ("socket", api)
        async with program("bench.bare", *arguments):
            if delivery is Delivery.HTTP:
                await until_listening(port)
            else:
                await sandbox.sockets.wait_for(1)
            yield sandbox


COMMANDS: Final = Measurement(name="commands", title="A command's acknowledgement, in quiet", take=measure)
