"""`kill -9` at many points of the story: it goes on where it was; nothing is lost, nothing comes twice.

The process is killed in every step: right after it was acknowledged, or at a seeded moment while everything is under
way, and sometimes once more while it comes up again. Every call to Slack takes a while, so that many kills fall
between a call and its answer.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.clock import SeededChance
from tests.e2e.deaths import LATENCY, at_some_moment, in_the_middle_of_a_call
from tests.e2e.evidence import check_everything
from tests.e2e.house import Delivery, House, house
from tests.e2e.plot import PLOT, Step
from tests.e2e.walk import PATIENCE, Accident, insist
from tests.peers.until import until

pytestmark = pytest.mark.timeout(240)

Moment = Callable[[House, SeededChance], Accident]


async def die_right_after(opened: House, step: Step) -> None:
    """Do a step, and die at once when it is acknowledged: nothing but the database knows of it."""
    await opened.muster.until_ready()
    await step.act(opened)
    await opened.kill_and_start_again()
    await until(lambda: step.seen(opened), what=f"{step.name}, acknowledged before the kill", timeout=PATIENCE)


@pytest.mark.parametrize("delivery", list(Delivery))
async def test_killed_right_after_every_acknowledgement(tmp_path: Path, delivery: Delivery) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
    async with house(tmp_path, url, delivery, delay=LATENCY) as opened:
        for step in PLOT:
            await die_right_after(opened, step)
        await check_everything(opened)
        assert opened.muster.kills == len(PLOT)


@pytest.mark.parametrize(("moment", "interrupted"), [(at_some_moment, 1), (in_the_middle_of_a_call, 8)])
async def test_killed_while_everything_is_under_way(tmp_path: Path, moment: Moment, interrupted: int) -> None:
    url, chance = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}", SeededChance(1)
    async with house(tmp_path, url, delay=LATENCY) as opened:
        for step in PLOT:
            await insist(opened, step, moment(opened, chance))
        await check_everything(opened)
        assert opened.muster.kills >= len(PLOT)
        assert opened.interrupted >= interrupted, "too few kills fell between a call and its answer"
