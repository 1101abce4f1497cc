"""From `/incident declare` to a channel that can be worked in, with a Slack whose calls take as long as Slack's do.

Slack's limits are on. Each lot is a new house with twenty declarations, one a second: so many channels may be made at
once in a house that is new, and so often a channel takes a post, the announcements' too. That nothing waits for
anything but the incident's channel is held (together.py); times are told beside their goals, because they are the
machine's as well. At night one call in fifty is answered 429.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bench import probes
from bench.company import CLOCK, Company, company
from bench.figures import percentile
from bot.clock import SeededChance
from bot.sandbox.delays import Lognormal
from bot.sandbox.faults import Rule, When
from bot.sandbox.journal import Entry
from tests.peers.until import until
from tests.torture.suite import Broken, Order, Report, Size, again
from tests.torture.together import SHORTLY, TOO_MANY, Together

IN_A_LOT: Final = 20
EVERY: Final = timedelta(milliseconds=1050)
MEDIAN, P99 = timedelta(milliseconds=140), timedelta(milliseconds=400)
SEEDS: Final = {Size.CHANGE: range(1, 11), Size.NIGHT: range(1001, 1101)}
LIMITED: Final = 0.02
WITHIN: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What one declaration took, milliseconds; `own` is what was neither of the two calls' time.

    `limited` says that Slack asked for a pause meanwhile, or so shortly before that others still waited for its end.
    """

    acknowledged: float
    paged: float
    ready: float
    own: float
    limited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What there was in one house; `alone` says where something waited for more than the channel."""

    declared: Sequence[Declared]
    alone: Sequence[str]


async def one_house(folder: Path, seed: int, *, count: int = IN_A_LOT, limited: bool = False) -> Lot:
    """Declare so many incidents in a new house, some of them at once."""
    delay, url = Lognormal(SeededChance(seed), median=MEDIAN, p99=P99), f"sqlite+aiosqlite:///{folder / 'muster.db'}"
    async with company(folder, url, delay=delay) as one:
        gate = one.sandbox.api.gate = Together(one.sandbox)
        if limited:
            pause = timedelta(seconds=1)
            one.sandbox.faults.add(Rule(when=When.LIMITED, method="*", probability=LIMITED, retry_after=pause))
        await _meet(one)
        async with asyncio.TaskGroup() as group:
            under_way = []
            for number in range(1, count + 1):
                under_way.append(group.create_task(_declared(one, gate, number)))
                await CLOCK.sleep(EVERY)
        return Lot(declared=[one.result() for one in under_way], alone=gate.alone)


async def _meet(one: Company) -> None:
    """Let Ana look around first: somebody's very first act waits for one look-up more; the others are measured."""
    await one.people.person("ana").command("/incident list")

    def is_met() -> bool:
        return any(call.name == "users.info" and call.ms is not None for call in one.sandbox.journal.calls())

    await until(is_met, what="Ana being met")


async def _declared(one: Company, gate: Together, number: int) -> Declared:
    title = f"Latency case {number} is down"
    answer = await one.people.person("ana").command(f"/incident declare sev1 {title} service:checkout")
    assert not answer.get("error"), answer
    await until(lambda: probes.calls_of(one, title), what=f"{title} being ready", timeout=WITHIN)
    await until(lambda: one.pager.asked(title), what=f"the page of {title}", timeout=WITHIN)
    command, calls = probes.command_of(one, title), probes.calls_of(one, title)
    paged, created = one.pager.asked(title), calls[0]
    room = str(created.result["channel"]["id"])
    limited = _was_limited(one, command.began - SHORTLY, max(map(_end, calls)))
    held = {} if limited else {name: time for (channel, name), time in gate.held.items() if channel == room}
    ready, last = max((_end(call) - held.get(call.name, 0.0), call) for call in calls)
    assert paged is not None
    assert command.ms is not None
    took = 1000 * (ready - command.began)
    own = took - (last.ms or 0.0) - (0.0 if last is created else created.ms or 0.0)
    return Declared(acknowledged=command.ms, paged=1000 * (paged - command.began), ready=took, own=own, limited=limited)


def _was_limited(one: Company, since: float, until_: float) -> bool:
    return any(call.status == TOO_MANY and since <= call.began <= until_ for call in one.sandbox.journal.calls())


def _end(call: Entry) -> float:
    return call.began + (call.ms or 0.0) / 1000


def lot(seed: int, *, limited: bool) -> Lot:
    """Open one house in this process.

    Raises:
        AssertionError: something did not happen at all.
    """
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(one_house(Path(folder), seed, limited=limited))


def latency(order: Order) -> Report:
    """Open them all, one after another for each process."""
    seeds, night = order.seeds or SEEDS[order.size], order.size is Size.NIGHT
    broken, declared = list[Broken](), list[Declared]()
    with ProcessPoolExecutor(order.processes) as pool:
        lots = {pool.submit(lot, seed, limited=night): seed for seed in seeds}
        for done in as_completed(lots):
            seed = lots[done]
            repeat = again("latency", seed=seed, size=order.size)
            if error := done.exception():
                broken.append(Broken(what=f"seed {seed}: {error!r}", again=repeat))
                continue
            seen = done.result()
            declared += seen.declared
            broken += [Broken(what=f"seed {seed}: more than two rounds: {what}", again=repeat) for what in seen.alone]
            p50 = percentile([each.ready for each in seen.declared], 50)
            order.say(f"seed {seed}: {len(seen.declared)} declared, half of them ready after {p50:.0f} ms")
    return Report(figures=_figures(declared), broken=tuple(broken))


def _figures(declared: Sequence[Declared]) -> dict[str, str | int | float]:
    limited = sum(one.limited for one in declared)
    quick = [one for one in declared if not one.limited]
    figures: dict[str, str | int | float] = {"declared": len(declared), "of these met by a 429": limited}
    if quick:
        figures |= {
            **_told("ready", [one.ready for one in quick], {50: 600, 95: 1000}),
            **_told("own overhead", [one.own for one in quick], {50: None, 99: 50}),
            **_told("pager called", [one.paged for one in quick], {99: 1000}),
            **_told("acknowledged", [one.acknowledged for one in quick], {99: 100}),
        }
    if limited:
        figures |= _told("ready after a 429", [one.ready for one in declared if one.limited], {50: None, 95: None})
    return figures


def _told(what: str, took: Sequence[float], goals: dict[int, int | None]) -> dict[str, str | int | float]:
    return {
        f"{what} p{per_cent}": f"{percentile(took, per_cent):.0f} ms" + (f" (goal {goal})" if goal else "")
        for per_cent, goal in goals.items()
    }
