"""Faults in code are caught by the checker, and called by their names; where the code is sound nothing is found.

One fault for each invariant; all of them: `python -m tests.torture planted`.
"""

import pytest

from tests.torture.plant import Plant
from tests.torture.plant_list import PLANTS
from tests.torture.planted import lived, missed
from tests.torture.trials import Run

FIRST = list({plant.invariant: plant for plant in reversed(PLANTS)}.values())
RUNS = list(dict.fromkeys(plant.run for plant in FIRST))


@pytest.mark.parametrize("run", RUNS, ids=[run.__name__ for run in RUNS])
def test_where_the_code_is_sound_nothing_is_found(run: Run) -> None:
    assert lived(run) == {}


@pytest.mark.parametrize("plant", FIRST, ids=[plant.what for plant in FIRST])
def test_a_fault_in_the_code_is_caught_and_called_by_its_name(plant: Plant) -> None:
    assert missed(plant) is None
