"""Whatever happens in whatever order, the record is whole and the people in the channel see the truth in the end.

With the drivers that production has; many more histories: `make torture TORTURE_ARGS=machine`.
"""

import itertools
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import PostgresServer
from tests.engine.history import AnyHistory, run_histories

pytestmark = pytest.mark.timeout(900)
STEPS: Final = 25


@pytest.mark.parametrize("number", [1, 2])
def test_any_history_on_sqlite(tmp_path: Path, number: int) -> None:
    numbers = itertools.count(1)

    def history() -> AnyHistory:
        return AnyHistory(lambda: f"sqlite+aiosqlite:///{tmp_path}/{next(numbers)}.db")

    run_histories(history, steps=STEPS, number=number)


@pytest.mark.parametrize("number", [3, 4])
def test_any_history_on_postgresql(postgres: PostgresServer, number: int) -> None:
    run_histories(lambda: AnyHistory(lambda: postgres.url(postgres.create())), steps=STEPS, number=number)
