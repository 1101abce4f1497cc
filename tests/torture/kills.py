"""`kill -9` at random moments, again and again, under load, while 15 of 100 calls to Slack go wrong.

Real processes, a real SQLite with synchronous=FULL and a real PostgreSQL. A life is so many deaths of one bot; then
all is healed, and the record is compared with what people were told. Its seed chooses what people do, what goes wrong
and when it is killed; what else goes on in real processes at the time nobody chooses, so a seed repeats the life but
not each instant of it.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.clock import SystemClock
from bot.sandbox.faults import Rule, When
from tests.conftest import postgres_server
from tests.e2e.evidence import nothing_is_broken, rested
from tests.e2e.house import House, Tenant, house
from tests.torture.forked import Forked, Zygote, own_port
from tests.torture.load import Load
from tests.torture.spread import spread
from tests.torture.steady import Dice
from tests.torture.suite import Broken, Order, Report, Size, again
from tests.torture.tale import until_done

KILLS_A_LIFE: Final = 20
SEEDS: Final = {Size.CHANGE: range(1, 26), Size.NIGHT: range(1001, 1501)}
AT_ONCE: Final = 3
INCIDENTS_AT_ONCE: Final = 4
SETTLE: Final = "1"
LOOKED_AT_EVERY: Final = 5
# How long it lives after it is ready; one in five dies while it is still starting.
ALIVE: Final = timedelta(milliseconds=700)
STARTING: Final = timedelta(milliseconds=400)
DIES_WHILE_STARTING: Final = 0.2
FAULTY: Final = 0.15
# Each strikes at what the ones before it let pass.
FAULTS: Final = (
    Rule(when=When.LIMITED),
    Rule(when=When.BEFORE),
    Rule(when=When.AFTER),
    Rule(when=When.DOWN),
    Rule(when=When.LOST),
    Rule(when=When.MALFORMED),
    Rule(when=When.SLOW, delay=timedelta(milliseconds=300)),
    Rule(when=When.LATE, delay=timedelta(milliseconds=300)),
    Rule(when=When.APPLIED_LATE, delay=timedelta(milliseconds=200)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What there was in a life, and what was wrong at its end."""

    seed: int
    kills: int = 0
    restarts: Sequence[float] = ()
    calls: int = 0
    faults: int = 0
    messages: int = 0
    incidents: int = 0
    seconds: Sequence[float] = ()
    wrong: Sequence[str] = ()

    def __str__(self) -> str:
        """Return it on one line."""
        took = " + ".join(f"{each:.0f}" for each in self.seconds)
        counted = f"{self.kills} kills, {self.faults} of {self.calls} calls faulty, {self.incidents} incidents"
        wrong = f", BROKEN: {'; '.join(self.wrong)[:600]}" if self.wrong else ""
        return f"seed {self.seed}: {counted}, {self.messages} messages, {took} s{wrong}"


async def one(postgres: str, kills: int, zygote: Zygote, seed: int, number: int) -> Life:
    """Live one life: with an odd seed on SQLite, with an even one on that PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="muster-kill-") as folder:
        path = Path(folder)
        try:
            if seed % 2:
                url = f"sqlite+aiosqlite:///{path / 'muster.db'}"
                return await live(zygote, path, url, own_port(number), seed=seed, kills=kills)
            async with _database(postgres, f"life_{seed}") as url:
                return await live(zygote, path, url, own_port(number), seed=seed, kills=kills)
        except (AssertionError, TimeoutError) as error:
            return Life(seed=seed, wrong=[str(error) or type(error).__name__])


@asynccontextmanager
async def _database(server: str, name: str) -> AsyncIterator[str]:
    """Make a database on the server that this URL leads to; it is gone when the block ends."""
    engine = create_async_engine(server, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql(f"CREATE DATABASE {name}")
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
            await connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await engine.dispose()


async def live(
    zygote: Zygote, folder: Path, url: str, port: int, *, seed: int, kills: int, at_once: int = INCIDENTS_AT_ONCE
) -> Life:
    """Live one life on that database.

    Raises:
        AssertionError: something did not come to its end.
    """
    tenant = Tenant(
        environment={"MUSTER_SETTLE_SECONDS": SETTLE},
        make=partial(Forked, zygote=zygote),
        port=port,
        seed=seed,
        limits=False,
    )
    dice, clock = Dice(seed), SystemClock()
    began = clock.monotonic()
    async with house(folder, url, tenant=tenant) as opened:
        assert isinstance(opened.muster, Forked)
        opened.sandbox.faults.add(*_faults(), seed=seed)
        load = Load(opened, Dice(dice.below(2**31)))
        working = asyncio.create_task(load.go_on(at_once=at_once))
        try:
            await _kill(opened, opened.muster, dice, kills, working)
            load.ending, healed = True, clock.monotonic()
            faults = sum("fault" in entry.result for entry in opened.sandbox.journal.calls())
            opened.sandbox.faults.clear()
            await working
        finally:
            working.cancel()
        await load.come_to_an_end()
        ended = clock.monotonic()
        await until_done(opened)
        seconds = [healed - began, ended - healed, clock.monotonic() - ended]
        return replace(await _examined(opened, load, opened.muster, seed, faults), seconds=seconds)


async def _kill(opened: House, muster: Forked, dice: Dice, kills: int, working: asyncio.Task[None]) -> None:
    clock = SystemClock()
    for number in range(1, kills + 1):
        if dice.fraction() < DIES_WHILE_STARTING:
            await clock.sleep(STARTING * dice.fraction())
        else:
            await muster.until_ready()
            await clock.sleep(ALIVE * dice.fraction())
        if working.done():
            working.result()  # it may have failed
        looked_at = number % LOOKED_AT_EVERY == 0
        await muster.kill(partial(nothing_is_broken, opened) if looked_at else None)
    await muster.until_ready()


async def _examined(opened: House, load: Load, muster: Forked, seed: int, faults: int) -> Life:
    seen = await rested(opened)
    wrong = load.books.found_wrong(seen, muster.log)
    if muster.lives != muster.kills + 1:
        wrong.append(f"it died {muster.lives - 1 - muster.kills} times by itself")
    if "Traceback" in muster.output:
        wrong.append(f"a traceback: {muster.output}")
    return Life(
        seed=seed,
        kills=muster.kills,
        restarts=muster.restarts,
        calls=len(opened.sandbox.journal.calls()),
        faults=faults,
        messages=sum(one.ours for one in seen.messages),
        incidents=len(seen.incidents),
        wrong=wrong,
    )


def _faults() -> Iterator[Rule]:
    share = 1 - (1 - FAULTY) ** (1 / len(FAULTS))
    for rule in FAULTS:
        yield Rule(when=rule.when, delay=rule.delay, probability=share)


def kills(order: Order) -> Report:
    """Live them all."""
    seeds = list(order.seeds or SEEDS[order.size])
    with postgres_server() as server:
        live = partial(one, server.url("postgres"), KILLS_A_LIFE)
        lives = spread(live, seeds, order, at_once=AT_ONCE)
    return _report(order, lives)


def _report(order: Order, lives: Sequence[Life]) -> Report:
    broken = [
        Broken(what=f"seed {life.seed}: {'; '.join(life.wrong)}", again=again("kills", seed=life.seed))
        for life in lives
        if life.wrong
    ]
    restarts = sorted(took for life in lives for took in life.restarts)
    figures = {
        "lives": len(lives),
        "kills": sum(life.kills for life in lives),
        "calls": sum(life.calls for life in lives),
        "faulty": sum(life.faults for life in lives),
        "messages": sum(life.messages for life in lives),
        "incidents": sum(life.incidents for life in lives),
        "restart to ready p50 (s)": round(restarts[len(restarts) // 2], 2) if restarts else 0,
        "p99": round(restarts[len(restarts) * 99 // 100], 2) if restarts else 0,
        "broken lives": len(broken),
    }
    order.say(", ".join(f"{what} {figure}" for what, figure in figures.items()))
    return Report(figures=figures, broken=tuple(broken))
