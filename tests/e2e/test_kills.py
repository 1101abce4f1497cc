"""`kill -9` right after every acknowledgement, over HTTP and over Socket Mode: nothing but the database knows of it.

Every other moment of a death is the torture's: tests/torture/crashpoints.py and tests/torture/kills.py.
"""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.evidence import check_everything
from tests.e2e.house import Delivery, House, Tenant, house
from tests.e2e.plot import PLOT, Step
from tests.peers.until import until
from tests.torture.forked import Forked, own_port, zygote
from tests.torture.tale import PATIENCE

pytestmark = pytest.mark.timeout(240)

LATENCY = timedelta(milliseconds=40)


async def die_right_after(opened: House, step: Step) -> None:
    """Do a step, and die at once when it is acknowledged: nothing but the database knows of it."""
    await opened.muster.until_ready()
    await step.act(opened)
    await opened.muster.kill()
    await until(lambda: step.seen(opened), what=f"{step.name}, acknowledged before the kill", timeout=PATIENCE)


@pytest.mark.parametrize("delivery", list(Delivery))
async def test_killed_right_after_every_acknowledgement(tmp_path: Path, delivery: Delivery) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
    async with zygote() as mother:
        tenant = Tenant(make=partial(Forked, zygote=mother), port=own_port(0))
        async with house(tmp_path, url, delivery, delay=LATENCY, tenant=tenant) as opened:
            for step in PLOT:
                await die_right_after(opened, step)
            await check_everything(opened, dies=True)
            assert opened.muster.kills == len(PLOT)
