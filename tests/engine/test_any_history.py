"""Whatever happens in whatever order, the record is whole and the people in the channel see the truth in the end.

With the drivers that production has; many more histories: `make torture TORTURE_ARGS=machine`.
"""

import itertools
from pathlib import Path
from typing import Final

import pytest

from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from tests.conftest import PostgresServer
from tests.engine.history import AnyHistory, run_histories
from tests.engine.world import ANA, BO, CLEO
from tests.fakes.slack import BOT

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


def test_who_answers_in_a_history_answers_no_answer_and_nothing_older_than_a_day(tmp_path: Path) -> None:
    history = AnyHistory(lambda: f"sqlite+aiosqlite:///{tmp_path}/it.db")
    history.open(first=[Severity.SEV1])
    for user in (BO, ANA, CLEO):
        history.nobody_is_at_work_for_hours(hours=15)
        history.somebody_writes_and_the_event_may_be_lost(n=IncidentId(1), user=user, told="never", answers=True)
    history.teardown()  # here all of it must be in the record
    said = [one for room in history.world.slack.channels.values() for one in room.messages.values()]
    first, answer, another = [one for one in said if one.author != BOT]
    assert (first.thread, answer.thread, another.thread) == (None, first.ts, None)
