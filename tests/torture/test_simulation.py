"""Hours in the life of a bot, from a seed: everything that can go wrong does, and in the end every invariant holds.

More of it: `make torture`. A seed that fails is lived again with `python -m tests.torture simulation --seeds 104`.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.torture.life import BUSY, PAUSES, Life, live
from tests.torture.reached import ELSEWHERE, kinds, never

pytestmark = pytest.mark.timeout(900)


async def lived(seed: int, hours: float, path: Path, pauses: Sequence[timedelta] = PAUSES) -> tuple[str, Life]:
    life = await live(seed, hours, path, pauses)
    try:
        return await life.trace(), life
    finally:
        await life.world.close()


async def test_busy_hours_of_any_seed_end_well_and_reach_most_commands_events_and_works(tmp_path: Path) -> None:
    """All of them are reached by the lives of a change; simulation.py tells which are not."""
    reached = Counter[str]()
    for seed in range(1, 5):
        _, life = await lived(seed, 4, tmp_path / f"{seed}.db", BUSY)
        reached += life.world.reached
    assert len(never(reached)) < len(kinds()) / 4


async def test_the_same_seed_lives_the_same_life(tmp_path: Path) -> None:
    first, again, other = [
        (await lived(seed, 3, tmp_path / name))[0] for seed, name in ((7, "first.db"), (7, "again.db"), (8, "other.db"))
    ]
    assert first == again != other


def test_what_nothing_leads_to_is_told() -> None:
    everything = kinds() - ELSEWHERE.keys()
    assert never(everything) == []
    assert never(everything - {"command Declare", "work slack.card"}) == [
        "command Declare was never reached",
        "work slack.card was never reached",
    ]
    assert {"event incident_declared", "work pager.page"} <= everything
