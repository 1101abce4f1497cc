"""How much work the engine gets through: declarations decided a second, and their effects performed a second.

A declaration has eight effects or so: channel, card, announcement, people, topic, bookmark, page. What is called
answers at once, so that this is the engine's and the database's share alone. Four dispatchers are four processes on
PostgreSQL, as replicas are; an SQLite file has one.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from bench.company import CLOCK, PATIENCE
from bench.databases import Kind
from bench.figures import Figure
from bench.measure import Bench, Measurement
from bot.clock import SystemChance
from bot.domain.commands import Declare
from bot.domain.ids import UserId
from bot.domain.model import Severity
from bot.domain.policy import Policy
from bot.engine.handle import Engine
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.tables import effects

ANA: Final = UserId("U0ANA")
AT_ONCE: Final = 8
CASES: Final = ((Kind.SQLITE, 1), (Kind.POSTGRESQL, 1), (Kind.POSTGRESQL, 4))


async def measure(bench: Bench) -> list[Figure]:
    """Decide, then perform, in every case."""
    figures = list[Figure]()
    for kind, dispatchers in CASES:
        bench.say(f"effects: {kind}, {dispatchers} dispatchers")
        runs = [await _one(bench, kind, dispatchers) for _ in range(bench.either(3, 1))]
        name = f"{kind}, {dispatchers} dispatcher{'s' * (dispatchers > 1)}"
        if dispatchers == 1:
            decided = tuple(run[0] for run in runs)
            figures.append(Figure(what=f"declarations decided, {kind}", samples=decided, unit="/s", note="8 at once"))
        beside = f"effects performed, {kind}, 1 dispatcher" if dispatchers > 1 else ""
        figures += [
            Figure(what=f"effects performed, {name}", samples=tuple(run[1] for run in runs), unit="/s", beside=beside),
            Figure(what=f"processor, {name}", samples=tuple(run[2] for run in runs), unit="ms an effect"),
        ]
    return figures


async def _one(bench: Bench, kind: Kind, dispatchers: int) -> tuple[float, float, float]:
    """Return declarations decided a second, effects performed a second, processor milliseconds an effect."""
    url = bench.databases.fresh(kind, bench.folder)
    database = Database(url)
    await migrate(database)
    count = bench.either(150, 24)
    engine = Engine(database, CLOCK, SystemChance(), Policy(paging=True))
    began = CLOCK.monotonic()
    await asyncio.gather(*(_declare(engine, count // AT_ONCE) for _ in range(AT_ONCE)))
    decided = count // AT_ONCE * AT_ONCE / (CLOCK.monotonic() - began)
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(_worker(url)) for _ in range(dispatchers)]
        began = CLOCK.monotonic()
        for process in processes:
            assert process.stdin
            process.stdin.write(b"go\n")
        async with asyncio.timeout(PATIENCE):
            while await _due(database):
                await CLOCK.sleep(timedelta(milliseconds=20))
        seconds = CLOCK.monotonic() - began
        said = [json.loads((await process.communicate(b""))[0].splitlines()[-1]) for process in processes]
    await database.close()
    done = sum(one["done"] for one in said)
    return decided, done / seconds, 1000 * sum(one["cpu"] for one in said) / done


async def _declare(engine: Engine, times: int) -> None:
    for number in range(times):
        await engine.handle(Declare(title=f"Case {number} is down", by=ANA, severity=Severity.SEV1))


async def _due(database: Database) -> int:
    async with database.reading() as connection:
        query = select(func.count()).select_from(effects).where(effects.c.due <= CLOCK.now())
        return (await connection.execute(query)).scalar_one()


@asynccontextmanager
async def _worker(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.effects_worker", url),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    await process.stdout.readline()
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


EFFECTS: Final = Measurement(name="effects", title="The engine alone", take=measure)
