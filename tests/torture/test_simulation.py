"""Hours in the life of a bot, from a seed: everything that can go wrong does, and in the end every invariant holds.

More of it: `make torture`. A seed that fails is lived again with `python -m tests.torture simulation --seeds 104`.
"""

from pathlib import Path

import pytest

from tests.torture.life import live

pytestmark = pytest.mark.timeout(300)


async def trace(seed: int, hours: float, path: Path) -> str:
    life = await live(seed, hours, path)
    try:
        return await life.trace()
    finally:
        await life.world.close()


@pytest.mark.parametrize("seed", range(1, 7))
async def test_hours_of_any_seed_end_well(seed: int, tmp_path: Path) -> None:
    assert await trace(seed, 5, tmp_path / "muster.db")


async def test_the_same_seed_lives_the_same_life(tmp_path: Path) -> None:
    first, again, other = [
        await trace(seed, 3, tmp_path / name) for seed, name in ((7, "first.db"), (7, "again.db"), (8, "other.db"))
    ]
    assert first == again != other
