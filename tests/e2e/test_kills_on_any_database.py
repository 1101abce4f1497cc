"""`kill -9` on SQLite, where the next process frees the lanes at once, and on PostgreSQL, where leases must run out."""

from pathlib import Path

import pytest

from bot.clock import SeededChance
from tests.e2e.deaths import LATENCY, in_the_middle_of_a_call
from tests.e2e.evidence import check_everything
from tests.e2e.house import house
from tests.e2e.plot import DECLARE, PLOT, RESOLVE
from tests.e2e.walk import insist, take

pytestmark = pytest.mark.timeout(240)


async def test_killed_where_it_hurts_most_on_any_database(tmp_path: Path, database_url: str) -> None:
    chance = SeededChance(3)
    async with house(tmp_path, database_url, delay=LATENCY) as opened:
        for step in PLOT:
            if step in {DECLARE, RESOLVE}:
                await insist(opened, step, in_the_middle_of_a_call(opened, chance))
            else:
                await opened.muster.until_ready()
                await take(opened, step)
        await check_everything(opened)
        assert opened.muster.kills >= 2
