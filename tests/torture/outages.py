"""The database goes away, again and again, while people and monitoring go on: stopped, cut off, or gone in a COMMIT.

What was taken is there, once; what was refused with "nothing was changed" is not; afterwards every invariant holds.
"""

import asyncio
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import SystemClock
from tests.e2e.evidence import until_at_rest
from tests.torture.company import Machine, company
from tests.torture.crowd import Crowd
from tests.torture.postgres import MortalPostgres, own_postgres
from tests.torture.proxy import BreakingLine
from tests.torture.replicas import died
from tests.torture.steady import Dice
from tests.torture.suite import Broken, Order, Report, Size, again

SEEDS: Final = {Size.CHANGE: range(1, 2), Size.NIGHT: range(201, 207)}
LASTING: Final = {Size.CHANGE: timedelta(seconds=30), Size.NIGHT: timedelta(seconds=120)}
TROUBLES: Final = {"stop": 2, "cut": 3, "lose": 6}
# From one trouble to the next.
LONGEST: Final = {"stop": timedelta(seconds=10), "cut": timedelta(seconds=5), "lose": timedelta(seconds=3)}
AWAY: Final = timedelta(seconds=3)
# A night's forty incidents have some two hundred things to say in one channel, which takes one a second.
PATIENCE: Final = 300.0
CLOCK: Final = SystemClock()


async def disturb(server: MortalPostgres, line: BreakingLine, dice: Dice, until: float) -> Counter[str]:
    """Trouble the database until that moment; return what was done."""
    done = Counter[str]()
    while CLOCK.monotonic() < until:
        what = dice.weighted(TROUBLES)
        done[what] += 1
        match what:
            case "stop":
                await asyncio.to_thread(server.crash)
                await CLOCK.sleep(AWAY * dice.fraction())
                await asyncio.to_thread(server.start)
            case "cut":
                line.cut()
            case _:
                line.lose_the_next_answer()
        await CLOCK.sleep(LONGEST[what] * dice.fraction())
    return done


async def once(seed: int, size: Size, folder: Path, server: MortalPostgres) -> tuple[dict[str, int], list[str]]:
    """Live through one seed; return what there was, and all that was broken."""
    name = server.create()
    async with BreakingLine(server.socket) as line:
        url = f"postgresql+asyncpg://postgres@127.0.0.1:{line.port}/{name}"
        async with company(folder, url, [Machine(), Machine()], seen_at=server.url(name)) as opened:
            crowd, lasting = Crowd(opened, seed), LASTING[size]
            troubled = disturb(server, line, Dice(seed), CLOCK.monotonic() + lasting.total_seconds())
            _, done = await asyncio.gather(crowd.work(lasting), troubled)
            counted = {
                **done,
                "commits lost": line.lost,
                "deeds": len(crowd.deeds),
                **{f"{answer}": times for answer, times in Counter(deed.answer.name for deed in crowd.deeds).items()},
            }
            try:
                seen = await until_at_rest(opened.house, patience=PATIENCE)
            except AssertionError as error:
                return counted, [str(error)]
            return counted, [*crowd.missing_or_too_much(seen), *died(opened.replicas)]


def outages(order: Order) -> Report:
    """Live through each seed."""
    broken, totals = list[Broken](), Counter[str]()
    with own_postgres() as server:
        for seed in order.seeds or SEEDS[order.size]:
            with tempfile.TemporaryDirectory() as folder:
                counted, wrong = asyncio.run(once(seed, order.size, Path(folder), server))
            broken += [
                Broken(what=f"seed {seed}: {one}", again=again("database", seed=seed, size=order.size)) for one in wrong
            ]
            totals.update(counted)
            for told in (f"seed {seed}: {counted}, {len(wrong)} broken", *wrong):
                order.say(told)
    return Report(figures=totals, broken=tuple(broken))
