"""Replicas on one PostgreSQL: clocks a minute apart, one an older version, frozen beyond their leases, killed.

A frozen one wakes when others have done its work: it must do nothing stale. Some stop right before a call leaves, where
it hurts most. In the end every invariant holds, nothing is there twice, nothing that was accepted is missing.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import SystemClock
from bot.engine.dispatch import LEASE
from tests.e2e.evidence import until_at_rest
from tests.torture.company import Company, Machine, Replica, company
from tests.torture.crowd import Crowd
from tests.torture.postgres import own_postgres
from tests.torture.steady import Dice
from tests.torture.suite import Broken, Order, Report, Size, again

SEEDS: Final = {Size.CHANGE: range(1, 2), Size.NIGHT: range(101, 109)}
SKEW: Final = timedelta(seconds=30)
# So long one stands still: its lanes are leased by others long before it wakes.
FROZEN: Final = {Size.CHANGE: LEASE + timedelta(seconds=4), Size.NIGHT: 2 * LEASE}
# Where one stops; None is anywhere. The first is the moment in which a stale call would leave.
PLACES: Final = ("before chat.postMessage", "after chat.postMessage", "before the pager", "before conversations", None)
UNKNOWN: Final = ("slack.topic", "slack.duties")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is done to one replica, and when."""

    after: timedelta
    place: str | None
    dies: bool


def planned(dice: Dice, replicas: int) -> list[Trouble]:
    """Return each replica's trouble: all but one freeze or die, the last one too once the others are back."""
    return [
        Trouble(
            after=timedelta(seconds=2 + 4 * number + 3 * dice.fraction()),
            place=dice.one_of(PLACES),
            dies=dice.fraction() < 0.25,
        )
        for number in range(replicas - 1)
    ]


async def meet(one: Replica, trouble: Trouble, frozen: timedelta) -> None:
    """Let one replica meet its trouble, and come back."""
    clock = SystemClock()
    await clock.sleep(trouble.after)
    if trouble.dies:
        await one.kill()
        await clock.sleep(timedelta(seconds=3))
        await one.start()
        return
    await one.freeze(trouble.place, timedelta(seconds=3))
    await clock.sleep(frozen)
    one.thaw()


async def once(seed: int, size: Size, folder: Path, url: str) -> tuple[Company, Crowd, list[str]]:
    """Live through one seed; return what there was, and all that was broken."""
    dice = Dice(seed)
    machines = [Machine(ahead=SKEW), Machine(ahead=-SKEW, unknown=UNKNOWN), Machine()]
    async with company(folder, url, machines) as opened:
        crowd, frozen = Crowd(opened, seed), FROZEN[size]
        troubles = planned(dice, len(machines))
        async with asyncio.TaskGroup() as group:
            for one, trouble in zip(dice.shuffled(opened.replicas), troubles, strict=False):
                group.create_task(meet(one, trouble, frozen))
            group.create_task(crowd.work(frozen + timedelta(seconds=6)))
        try:
            seen = await until_at_rest(opened.house)
        except AssertionError as error:
            return opened, crowd, [str(error)]
        return opened, crowd, [*crowd.missing_or_too_much(seen), *died(opened.replicas)]


def died(replicas: Sequence[Replica]) -> list[str]:
    """Return the parts of replicas that died though nobody killed them, and what failed in ways nobody foresaw."""
    found = {"part_died", "performer_failed", "quarantined", "request_failed", "slack_listener_failed"}
    return [f"{line}" for one in replicas for line in one.log if line.get("event") in found]


def replicas(order: Order) -> Report:
    """Live through each seed."""
    broken, totals = list[Broken](), dict.fromkeys(("seeds", "deeds", "taken", "freezes", "kills", "messages"), 0)
    with own_postgres() as server:
        for seed in order.seeds or SEEDS[order.size]:
            with tempfile.TemporaryDirectory() as folder:
                opened, crowd, wrong = asyncio.run(once(seed, order.size, Path(folder), server.url(server.create())))
            broken += [
                Broken(what=f"seed {seed}: {one}", again=again("replicas", seed=seed, size=order.size)) for one in wrong
            ]
            counted = {
                "seeds": 1,
                "deeds": len(crowd.deeds),
                "taken": sum(deed.answer == "taken" for deed in crowd.deeds),
                "freezes": sum(one.freezes for one in opened.replicas),
                "kills": sum(one.kills for one in opened.replicas),
                "messages": sum(opened.house.sandbox.workspace.posts_by_marker.values()),
            }
            totals = {name: totals[name] + counted[name] for name in totals}
            for told in (f"seed {seed}: {counted}, {len(wrong)} broken", *wrong):
                order.say(told)
    return Report(figures=totals, broken=tuple(broken))
