"""Webhooks a second and how long each waits for its 2xx, which is durable: SQLite synchronous=FULL, PostgreSQL fsync.

Beside it, under the same load: Debian's Alertmanager (which keeps alerts in memory), one bare Starlette route behind
the same server, and how many single-row commits a second each database does. The same 100 groups are told again and
again, as Alertmanager's own repetition does; reading them goes on in the same process while more come in.
"""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import asyncpg
from sqlalchemy import make_url

from bench.bodies import Kind as Shape
from bench.company import CLOCK, company, program, until_listening
from bench.databases import Kind
from bench.figures import Figure, Limit, at_least, at_most
from bench.load import Job, Result, in_a_process
from bench.measure import Bench, Measurement
from tests.e2e.house import ALERTS_TOKEN
from tests.peers.alertmanager import alertmanager, free_port

SIZES: Final = (1, 10, 100)
DISTINCT: Final = 100
CONNECTIONS: Final = 32
HELD_AT: Final = 10
NOBODY: Final = json.dumps({"route": {"receiver": "nobody"}, "receivers": [{"name": "nobody"}]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Who takes alerts: what it is called, how it is started (yields its port), where it takes them."""

    name: str
    path: str
    shape: Shape
    open: Callable[[Bench, str], AbstractAsyncContextManager[int]]
    beside: str = ""
    note: str = ""


def _muster(kind: Kind) -> Callable[[Bench, str], AbstractAsyncContextManager[int]]:
    @asynccontextmanager
    async def opened(bench: Bench, name: str) -> AsyncIterator[int]:
        folder = bench.place(f"intake-{kind.name.lower()}-{name}")
        async with company(folder, bench.databases.fresh(kind, folder)) as one:
            yield one.muster.port

    return opened


@asynccontextmanager
async def _alertmanager(bench: Bench, name: str) -> AsyncIterator[int]:
    async with alertmanager(NOBODY, bench.place(f"intake-alertmanager-{name}")) as peer:
        yield peer.client.base_url.port or 0


@asynccontextmanager
async def _route(_bench: Bench, _name: str) -> AsyncIterator[int]:
    port = free_port()
    async with program("bench.bare", "route", str(port)):
        await until_listening(port)
        yield port


ROUTE: Final = Target(name="bare route", path="/", shape=Shape.WEBHOOK, open=_route)
ALERTMANAGER: Final = Target(
    name="Alertmanager", path="/api/v2/alerts", shape=Shape.ALERTMANAGER, open=_alertmanager, note="not durable"
)
TARGETS: Final = (
    ROUTE,
    ALERTMANAGER,
    *(
        Target(
            name=f"Muster on {kind}",
            path="/alerts/alertmanager",
            shape=Shape.WEBHOOK,
            open=_muster(kind),
            beside=ALERTMANAGER.name,
            note="durable",
        )
        for kind in Kind
    ),
)


async def measure(bench: Bench) -> list[Figure]:
    """Load everybody with every size."""
    figures = [await _commits(bench, kind) for kind in Kind]
    for alerts in SIZES:
        for target in TARGETS:
            bench.say(f"intake: {target.name}, {alerts} alerts each")
            figures += await _one(bench, target, alerts)
    return figures


async def _one(bench: Bench, target: Target, alerts: int) -> list[Figure]:
    async with target.open(bench, f"of-{alerts}") as port:
        job = Job(
            port=port,
            path=target.path,
            kind=target.shape,
            alerts=alerts,
            distinct=DISTINCT,
            connections=CONNECTIONS,
            seconds=bench.either(2.0, 0.5),
            token=ALERTS_TOKEN if target.path.startswith("/alerts") else "",
        )
        await in_a_process(replace(job, seconds=0.2))  # warm
        results = [await in_a_process(job) for _ in range(bench.either(3, 1))]
    what = f"{target.name}, {alerts} alert{'s' * (alerts > 1)} each"
    held = alerts == HELD_AT and target.name.endswith(Kind.SQLITE)
    beside = f"{target.beside}, {alerts} alert{'s' * (alerts > 1)} each" if target.beside else ""
    return _figures(what, results, beside=beside, held=held, note=target.note)


def _figures(what: str, results: list[Result], *, beside: str, held: bool, note: str) -> list[Figure]:
    limits: tuple[Limit | None, Limit | None] = (at_least(2000), at_most(50)) if held else (None, None)
    refused = {status: count for one in results for status, count in one.statuses.items() if not status.startswith("2")}
    note = f"{note}; not taken: {refused}" if refused else note
    return [
        Figure(
            what=what,
            samples=tuple(one.a_second for one in results),
            unit="webhooks/s",
            beside=beside,
            limit=limits[0],
            note=note,
        ),
        Figure(what=f"{what}, p50", samples=tuple(one.p50 for one in results), unit="ms"),
        Figure(
            what=f"{what}, p99",
            samples=tuple(one.p99 for one in results),
            unit="ms",
            limit=limits[1],
            beside=f"{beside}, p99" if beside else "",
        ),
    ]


async def _commits(bench: Bench, kind: Kind) -> Figure:
    """Commit single rows of 4 KiB, one after another, on one connection, for a while."""
    url = bench.databases.fresh(kind, bench.folder)
    seconds, rates = bench.either(1.0, 0.4), []
    for _ in range(bench.either(3, 1)):
        match kind:
            case Kind.SQLITE:
                rates.append(await asyncio.to_thread(_sqlite_commits, bench.folder / "commits.db", seconds))
            case Kind.POSTGRESQL:
                rates.append(await _postgres_commits(url, seconds))
    return Figure(what=f"{kind} alone, single-row commits", samples=tuple(rates), unit="commits/s")


def _sqlite_commits(path: Path, seconds: float) -> float:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE IF NOT EXISTS bodies (id INTEGER PRIMARY KEY, body BLOB)")
    began, count = CLOCK.monotonic(), 0
    while CLOCK.monotonic() - began < seconds:
        connection.execute("INSERT INTO bodies (body) VALUES (?)", (bytes(4096),))
        count += 1
    rate = count / (CLOCK.monotonic() - began)
    connection.close()
    return rate


async def _postgres_commits(url: str, seconds: float) -> float:
    parts = make_url(url)
    connection = await asyncpg.connect(user="postgres", database=parts.database, host=str(parts.query["host"]))
    await connection.execute("CREATE TABLE IF NOT EXISTS bodies (id BIGSERIAL PRIMARY KEY, body BYTEA)")
    began, count = CLOCK.monotonic(), 0
    while CLOCK.monotonic() - began < seconds:
        await connection.execute("INSERT INTO bodies (body) VALUES ($1)", bytes(4096))
        count += 1
    rate = count / (CLOCK.monotonic() - began)
    await connection.close()
    return rate


INTAKE: Final = Measurement(name="intake", title="Alert intake: 32 connections, a closed loop", take=measure)
