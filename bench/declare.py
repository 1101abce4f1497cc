"""From `/incident declare` to a channel that can be worked in, with a Slack that takes 140 ms for every call.

Ready means: channel, card, people, topic, bookmark and announcement are there. Two calls after one another are the
least that Slack allows (the channel, then all the rest side by side): 280 ms; the rest is Muster.
"""

from datetime import timedelta
from typing import Final

from bench import probes
from bench.company import CLOCK, company
from bench.databases import Kind
from bench.figures import Figure, at_most, percentile
from bench.measure import Bench, Measurement

A_CALL: Final = timedelta(milliseconds=140)
FLOOR: Final = "two calls of Slack alone"
# Slack makes twenty channels a minute: these stay under it, a burst at the start included.
PAUSE: Final = timedelta(milliseconds=700)


async def measure(bench: Bench) -> list[Figure]:
    """Declare some, one after the other."""
    figures = [Figure(what=FLOOR, samples=(2 * A_CALL.total_seconds() * 1000,), unit="ms", note="by arithmetic")]
    for kind in Kind:
        bench.say(f"declare: {kind}")
        folder = bench.place(f"declare-{kind.name.lower()}")
        async with company(folder, bench.databases.fresh(kind, folder), delay=A_CALL) as one:
            done = []
            for number in range(1 + bench.either(15, 4)):
                done.append(await probes.declaration(one, number))
                await CLOCK.sleep(PAUSE)
        figures += _figures(kind, done[1:])
    return figures


def _figures(kind: Kind, done: list[probes.Declared]) -> list[Figure]:
    ready, note = [one.ready for one in done], f"{len(done)} times"
    return [
        Figure(
            what=f"ready, p50, {kind}",
            samples=(percentile(ready, 50),),
            unit="ms",
            limit=at_most(600),
            beside=FLOOR,
            note=note,
        ),
        Figure(
            what=f"ready, p95, {kind}", samples=(percentile(ready, 95),), unit="ms", limit=at_most(1000), beside=FLOOR
        ),
        Figure(
            what=f"calls after one another, {kind}",
            samples=tuple(float(one.rounds) for one in done),
            unit="",
            limit=at_most(2),
        ),
        *probes.spread(f"page asked for, {kind}", [one.paged for one in done], p99=at_most(1000)),
        *probes.spread(f"acknowledged, {kind}", [one.acknowledged for one in done], p99=at_most(100)),
    ]


DECLARE: Final = Measurement(name="declare", title="Declare → ready, at 140 ms a call of Slack", take=measure)
