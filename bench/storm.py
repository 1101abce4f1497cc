"""A storm: 20,000 different alerts, ten in a webhook, as fast as they are taken, and people who work meanwhile.

From its first webhook until the last one is read, somebody gives a command again and again and sends updates, now and
then an incident is declared, by hand or by a rule, and single critical alerts come for a channel of their own (the
storm's are warnings).
Slack's rate limits are on: one post a second and channel, twenty channels a minute.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bench import probes
from bench.bodies import Kind as Shape
from bench.company import CLOCK, Company, company
from bench.databases import Kind
from bench.figures import Figure, at_most
from bench.load import Job, Result, in_a_process
from bench.measure import Bench, Measurement, cpu_seconds, memory
from tests.e2e.house import ALERTS_TOKEN, Delivery

IN_ONE: Final = 10
CONNECTIONS: Final = 16
COMMANDS_EVERY: Final = timedelta(milliseconds=100)
ALERTS_EVERY: Final = timedelta(seconds=1)
RULED_EVERY: Final = timedelta(milliseconds=700)
DECLARED_EVERY: Final = timedelta(seconds=3.2)
UPDATES_EVERY: Final = timedelta(seconds=1.5)
LONGEST: Final = 45.0
PROBED_FOR: Final = 30.0


@dataclass(slots=True, kw_only=True)
class Storm:
    """What was seen; times are milliseconds."""

    sent: Result
    read_after: float = 0.0
    read: int = 0
    calls: int = 0
    memory: float = 0.0
    cpu: float = 0.0
    acknowledged: list[float] = field(default_factory=list)
    alerts: list[float] = field(default_factory=list)
    paged: list[float] = field(default_factory=list)
    declared: list[probes.Declared] = field(default_factory=list)
    told: list[probes.Told] = field(default_factory=list)
    in_vain: Counter[str] = field(default_factory=Counter)


async def measure(bench: Bench) -> list[Figure]:
    """Raise two storms: Slack over HTTP on SQLite, and over Socket Mode on PostgreSQL."""
    figures = list[Figure]()
    for kind, delivery in ((Kind.SQLITE, Delivery.HTTP), (Kind.POSTGRESQL, Delivery.SOCKET_MODE)):
        name = f"{kind}, {delivery}"
        bench.say(f"storm: {name}")
        folder = bench.place(f"storm-{kind.name.lower()}")
        async with company(folder, bench.databases.fresh(kind, folder), delivery) as one:
            await one.types("/incident list")
            figures += _figures(name, await _raise(one, bench.either(2000, 60)))
    return figures


async def _raise(one: Company, webhooks: int) -> Storm:
    room = await probes.room(one, 0)
    calls, cpu, began = len(one.sandbox.journal.calls()), cpu_seconds(one.muster.pid), CLOCK.monotonic()
    storm, over = Storm(sent=Result(seconds=1, answered=0, p50=0, p99=0, slowest=0)), asyncio.Event()

    async def command(_: int) -> None:
        storm.acknowledged.append(await one.types("/incident list"))

    async def alert(number: int) -> None:
        with _patience(storm, "alert"):
            storm.alerts.append(await probes.alert(one, number, service="payments", within=PROBED_FOR))

    async def page(number: int) -> None:
        with _patience(storm, "page"):
            storm.paged.append(await probes.page(one, number, within=PROBED_FOR))

    async def declaration(number: int) -> None:
        with _patience(storm, "declaration"):
            storm.declared.append(await probes.declaration(one, number, within=PROBED_FOR))

    async def update(number: int) -> None:
        with _patience(storm, "update"):
            storm.told.append(await probes.update(one, room, number, within=PROBED_FOR))

    async with (
        _again(over, command, COMMANDS_EVERY),
        _again(over, alert, ALERTS_EVERY),
        _again(over, page, RULED_EVERY),
        _again(over, declaration, DECLARED_EVERY),
        _again(over, update, UPDATES_EVERY),
    ):
        storm.sent = await in_a_process(_job(one, webhooks))
        left = await one.waiting()
        while left and CLOCK.monotonic() - began < LONGEST:
            await CLOCK.sleep(timedelta(milliseconds=50))
            left = await one.waiting()
        storm.read_after, storm.read = CLOCK.monotonic() - began, storm.sent.answered - left
        over.set()
    storm.calls = len(one.sandbox.journal.calls()) - calls
    storm.memory, storm.cpu = memory(one.muster.pid)[1], cpu_seconds(one.muster.pid) - cpu
    return storm


@contextmanager
def _patience(storm: Storm, what: str) -> Iterator[None]:
    """Count what did not happen in time; the storm goes on."""
    try:
        yield
    except AssertionError:
        storm.in_vain[what] += 1


def _job(one: Company, webhooks: int) -> Job:
    return Job(
        port=one.muster.port,
        path="/alerts/alertmanager",
        kind=Shape.WEBHOOK,
        alerts=IN_ONE,
        distinct=webhooks,
        connections=CONNECTIONS,
        seconds=LONGEST,
        count=webhooks,
        token=ALERTS_TOKEN,
    )


@asynccontextmanager
async def _again(over: asyncio.Event, act: Callable[[int], Awaitable[None]], every: timedelta) -> AsyncIterator[None]:
    """Do something again and again, with pauses, until it is over; what is under way then is finished."""

    async def go_on() -> None:
        number = 1
        while not over.is_set():
            await act(number)
            number += 1
            await CLOCK.sleep(every)

    async with asyncio.TaskGroup() as group:
        group.create_task(go_on())
        try:
            yield
        finally:
            over.set()


def _figures(name: str, storm: Storm) -> list[Figure]:
    sent, alerts = storm.sent, storm.sent.answered * IN_ONE
    refused = sum(count for status, count in sent.statuses.items() if not status.startswith("2"))
    figures = [
        Figure(
            what=f"{name}: kept",
            samples=(sent.a_second,),
            unit="webhooks/s",
            note=f"{alerts:,} alerts, {refused} refused",
        ),
        Figure(what=f"{name}: all kept after", samples=(sent.seconds,), unit="s", limit=at_most(30)),
        Figure(what=f"{name}: slowest answer to a webhook", samples=(sent.slowest,), unit="ms", limit=at_most(1000)),
        Figure(what=f"{name}: read", samples=(storm.read * IN_ONE / storm.read_after,), unit="alerts/s"),
        Figure(
            what=f"{name}: all read after",
            samples=(storm.read_after,),
            unit="s",
            limit=at_most(30),
            note=f"{storm.read:,} of {sent.answered:,} webhooks",
        ),
        Figure(what=f"{name}: calls to Slack meanwhile", samples=(float(storm.calls),), unit=""),
        Figure(what=f"{name}: processor", samples=(100 * storm.cpu / storm.read_after,), unit="% of a core"),
        Figure(what=f"{name}: most memory", samples=(storm.memory,), unit="MiB", limit=at_most(300)),
        *probes.spread(f"{name}: command acknowledged", storm.acknowledged, p99=at_most(100)),
        Figure(
            what=f"{name}: probes given up after {PROBED_FOR:.0f} s",
            samples=(float(storm.in_vain.total()),),
            unit="",
            limit=at_most(0),
            note=", ".join(f"{count} of {what}" for what, count in storm.in_vain.items()),
        ),
    ]
    if storm.alerts:
        figures += probes.spread(f"{name}: a critical alert → Slack", storm.alerts)
    if storm.paged:
        figures += probes.spread(f"{name}: a critical alert → pager called", storm.paged, p99=at_most(1000))
    if storm.declared:
        paged = [one.paged for one in storm.declared]
        figures += probes.spread(f"{name}: declare → pager called", paged, p99=at_most(1000))
        figures += probes.spread(f"{name}: declare → ready", [one.ready for one in storm.declared])
    if storm.told:
        figures += probes.spread(f"{name}: update → said in its channel", [one.said for one in storm.told])
        figures += probes.spread(f"{name}: update → on the card", [one.shown for one in storm.told])
    return figures


STORM: Final = Measurement(name="storm", title="In a storm of alerts, ten in a webhook", take=measure)
