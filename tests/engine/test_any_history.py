"""Whatever happens in whatever order, the record is whole and the people in the channel see the truth in the end.

With the drivers that production has; many more histories: `make torture TORTURE_ARGS=machine`.
"""

import itertools
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import PostgresServer
from tests.engine.history import run_histories

pytestmark = pytest.mark.timeout(900)
# Behind its tenth history Hypothesis also makes new ones out of parts of old ones, and may not come to an end with it.
HISTORIES: Final = 9
STEPS: Final = 25


@pytest.mark.parametrize("number", [1, 2])
def test_any_history_on_sqlite(tmp_path: Path, number: int) -> None:
    numbers = itertools.count(1)
    run_histories(
        lambda: f"sqlite+aiosqlite:///{tmp_path}/{next(numbers)}.db",
        histories=HISTORIES,
        steps=STEPS,
        number=number,
    )


@pytest.mark.parametrize("number", [3, 4])
def test_any_history_on_postgresql(postgres: PostgresServer, number: int) -> None:
    run_histories(lambda: postgres.url(postgres.create()), histories=HISTORIES, steps=STEPS, number=number)
