"""What must hold at any moment holds after every step of any history, whatever is on its way, lost or frozen."""

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis.stateful import invariant

from tests.conftest import PostgresServer
from tests.engine.history import AnyHistory, run_histories
from tests.engine.invariants import nothing_is_broken

pytestmark = pytest.mark.timeout(900)
STEPS: Final = 25
# A worker that took a timer and froze holds it until its lease is over.
LATE: Final = timedelta(seconds=35)


class WatchedHistory(AnyHistory):
    """Any history, looked at after each of its steps."""

    @invariant()
    def nothing_is_broken(self) -> None:
        self.run(nothing_is_broken(self.world, self.log, late=None if self.was_away else LATE))


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_nothing_is_broken_in_the_course_of_any_history(tmp_path: Path, number: int) -> None:
    numbers = itertools.count(1)

    def history() -> AnyHistory:
        return WatchedHistory(lambda: f"sqlite+aiosqlite:///{tmp_path}/{next(numbers)}.db")

    run_histories(history, steps=STEPS, number=number)


@pytest.mark.parametrize("number", [5, 6])
def test_nothing_is_broken_in_its_course_on_postgresql(postgres: PostgresServer, number: int) -> None:
    run_histories(lambda: WatchedHistory(lambda: postgres.url(postgres.create())), steps=STEPS, number=number)
