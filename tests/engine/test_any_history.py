"""Whatever happens in whatever order, the record is whole and the people in the channel see the truth in the end.

More and longer histories: `make torture TORTURE_ARGS=machine`.
"""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.conftest import PostgresServer
from tests.engine.history import run_histories

pytestmark = pytest.mark.timeout(1800)
STEPS = 25


def run_some(new_url: Callable[[], str], *, share: float) -> None:
    """Live so large a share of the profile's number of histories (HYPOTHESIS_PROFILE: dev, ci or night)."""
    run_histories(new_url, histories=max(5, round(settings().max_examples * share)), steps=STEPS)


def test_any_history_on_sqlite(tmp_path: Path) -> None:
    numbers = itertools.count(1)
    run_some(lambda: f"sqlite+aiosqlite:///{tmp_path}/{next(numbers)}.db", share=1)


def test_any_history_on_postgresql(postgres: PostgresServer) -> None:
    run_some(lambda: postgres.url(postgres.create()), share=0.2)
