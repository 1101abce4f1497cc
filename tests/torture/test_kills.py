"""A few deaths of a real process under load, on both databases. More of it: `make torture`."""

from pathlib import Path

import pytest

from tests.torture.forked import own_port, zygote
from tests.torture.kills import live

pytestmark = pytest.mark.timeout(240)


async def test_killed_at_random_moments_nothing_is_lost_and_nothing_said_twice(
    tmp_path: Path, database_url: str
) -> None:
    async with zygote() as mother:
        life = await live(mother, tmp_path, database_url, own_port(0), seed=1, kills=5, at_once=2)
    assert life.wrong == []
    assert life.kills == 5
    assert life.faults
    assert life.incidents
