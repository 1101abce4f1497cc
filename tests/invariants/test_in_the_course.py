"""What must hold at any moment holds after every step of any history, whatever is on its way, lost or frozen."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.conftest import PostgresServer
from tests.engine.history import AnyHistory
from tests.engine.invariants import nothing_is_broken

# A worker that took a timer and froze holds it until its lease is over.
LATE = timedelta(seconds=35)


class WatchedHistory(AnyHistory):
    """Any history, looked at after each of its steps."""

    @invariant()
    def nothing_is_broken(self) -> None:
        self.run(nothing_is_broken(self.world, self.log, late=None if self.was_away else LATE))


def watch_histories(new_url: Callable[[], str], *, share: float) -> None:
    examples = max(5, round(settings().max_examples * share))
    chosen = settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
    factory = cast("type[AnyHistory]", lambda: WatchedHistory(new_url))  # Hypothesis takes any factory
    run_state_machine_as_test(factory, settings=chosen)


@pytest.mark.timeout(1800)
def test_nothing_is_broken_in_the_course_of_any_history(tmp_path: Path) -> None:
    numbers = itertools.count(1)
    watch_histories(lambda: f"sqlite+aiosqlite:///{tmp_path}/{next(numbers)}.db", share=0.2)


@pytest.mark.timeout(1800)
def test_nothing_is_broken_in_its_course_on_postgresql(postgres: PostgresServer) -> None:
    watch_histories(lambda: postgres.url(postgres.create()), share=0.1)
