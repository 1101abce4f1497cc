"""What is said of alerts: for each statement a wrong is painted that this statement names, and no other need."""

from pathlib import Path

import pytest

from tests.engine.world import World
from tests.invariants import the_archive, the_calm, the_quiet
from tests.invariants.from_fake import of_world
from tests.invariants.picture import EVERY, Picture
from tests.invariants.spoilt_alerts import SPOILT_ALERTS
from tests.invariants.test_planted import lived
from tests.torture import plants_of_alerts


@pytest.fixture
async def seen(tmp_path: Path) -> Picture:
    world = await World(f"sqlite+aiosqlite:///{tmp_path}/muster.db").open()
    try:
        return await of_world(world, log=await lived(world))
    finally:
        await world.close()


async def test_what_is_painted_is_named_by_the_statement_that_it_breaks(seen: Picture) -> None:
    assert [name for name, (check, _) in SPOILT_ALERTS.items() if list(check(seen))] == []
    assert [name for name, (check, spoil) in SPOILT_ALERTS.items() if not list(check(spoil(seen)))] == []


def test_every_statement_has_a_wrong_that_shows_it() -> None:
    """Those that only hold at rest are shown by faults in the code (tests/torture/plants_of_alerts.py)."""
    files = {the_archive.__name__, the_calm.__name__, the_quiet.__name__}
    always = {one.check for one in EVERY if one.check.__module__ in files and not one.at_rest}
    assert always == {check for check, _ in SPOILT_ALERTS.values()}
    assert {plant.invariant for plant in plants_of_alerts.PLANTS_OF_ALERTS} == {"I25", "I26"}
