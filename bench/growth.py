"""Does it get slower with its past? The same with 0, 10,000 and 100,000 closed incidents (ten timeline rows each).

Starts are from the command to /readyz, restarts after kill -9 in the middle of work. Slack answers at once.
"""

from typing import Final

from bench import probes
from bench.bodies import Kind as Shape
from bench.company import CLOCK, Company, company
from bench.databases import Kind
from bench.figures import Figure, at_most, percentile
from bench.load import Job, in_a_process
from bench.measure import Bench, Measurement, memory
from bench.seed import write_past
from tests.e2e.house import ALERTS_TOKEN

NONE: Final = "nothing closed"


async def measure(bench: Bench) -> list[Figure]:
    """Measure with every past."""
    figures = list[Figure]()
    for incidents in bench.either((0, 10_000, 100_000), (0, 10_000)):
        bench.say(f"growth: {incidents:,} closed incidents")
        folder = bench.place(f"growth-{incidents}")
        url = bench.databases.fresh(Kind.SQLITE, folder)
        rows = await write_past(url, incidents)
        name = f"{incidents:,} closed, {rows:,} rows" if incidents else NONE
        async with company(folder, url) as one:
            figures += await _one(bench, one, name)
    order = {figure.what.partition(",")[0]: None for figure in figures}
    return [figure for what in order for figure in figures if figure.what.partition(",")[0] == what]


async def _one(bench: Bench, one: Company, name: str) -> list[Figure]:
    starts = [await _start(one, in_order=True) for _ in range(bench.either(2, 1))]
    lists = [await one.types("/incident list") for _ in range(bench.either(60, 20))][1:]
    done = [await probes.declaration(one, number) for number in range(bench.either(12, 5))][1:]
    alerts = [await probes.alert(one, number, service="payments") for number in range(3)]
    resident = memory(one.muster.pid)[0]
    job = Job(
        port=one.muster.port,
        path="/alerts/alertmanager",
        kind=Shape.WEBHOOK,
        alerts=10,
        distinct=20,
        connections=32,
        seconds=bench.either(1.5, 0.5),
        token=ALERTS_TOKEN,
    )
    intake = [(await in_a_process(job)).a_second for _ in range(bench.either(3, 1))]
    restarts = [await _start(one, in_order=False) for _ in range(bench.either(3, 2))]
    return [
        _figure("start → ready", name, starts, "s"),
        _figure("kill -9 → ready", name, restarts, "s", slowest=3.0),
        _figure("webhooks of 10 alerts", name, intake, "webhooks/s"),
        _figure("command acknowledged", name, [_half(lists)], "ms"),
        _figure("declare acknowledged", name, [_half([each.acknowledged for each in done])], "ms"),
        _figure("declare → ready", name, [_half([each.ready for each in done])], "ms"),
        _figure("alert → Slack", name, [_half(alerts)], "ms"),
        _figure("resident memory", name, [resident], "MiB"),
    ]


def _half(took: list[float]) -> float:
    return percentile(took, 50)


def _figure(what: str, name: str, samples: list[float], unit: str, *, slowest: float | None = None) -> Figure:
    return Figure(
        what=f"{what}, {name}",
        samples=tuple(samples),
        unit=unit,
        beside="" if name == NONE else f"{what}, {NONE}",
        limit=at_most(slowest) if slowest else None,
    )


async def _start(one: Company, *, in_order: bool) -> float:
    """End the bot, in order or by kill -9, start it again, and return the seconds until it is ready."""
    if in_order:
        await one.muster.stop()
    else:
        await one.muster.kill()
    began = CLOCK.monotonic()
    await one.muster.start()
    await one.muster.until_ready()
    return CLOCK.monotonic() - began


GROWTH: Final = Measurement(name="growth", title="With a long past, on SQLite", take=measure)
