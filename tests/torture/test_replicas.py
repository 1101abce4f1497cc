"""A small slice of two suites: two processes a minute apart, one an older version, one frozen; and an evil line.

More of it: `make torture TORTURE_ARGS=replicas`, and `database`.
"""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.e2e.evidence import until_at_rest
from tests.torture.company import Machine, company
from tests.torture.crowd import Crowd
from tests.torture.proxy import BreakingLine
from tests.torture.replicas import SKEW, UNKNOWN, Trouble, died, meet

pytestmark = pytest.mark.timeout(240)

A_WHILE, A_MOMENT = timedelta(seconds=6), timedelta(seconds=3)


async def test_two_replicas_a_minute_apart_say_everything_once(tmp_path: Path, postgres: PostgresServer) -> None:
    url = postgres.url(postgres.create())
    async with company(tmp_path, url, [Machine(ahead=SKEW), Machine(ahead=-SKEW, unknown=UNKNOWN)]) as opened:
        crowd = Crowd(opened, 1)
        trouble = Trouble(after=timedelta(seconds=1), place="before chat.postMessage", dies=False)
        async with asyncio.TaskGroup() as group:
            group.create_task(crowd.work(A_WHILE))
            group.create_task(meet(opened.replicas[1], trouble, A_MOMENT))
        seen = await until_at_rest(opened.house)
        assert [*crowd.missing_or_too_much(seen), *died(opened.replicas)] == []
        assert any(deed.answer == "taken" for deed in crowd.deeds)
        assert opened.replicas[1].freezes == 1


async def test_a_line_to_the_database_that_breaks_makes_nobody_lie(tmp_path: Path, postgres: PostgresServer) -> None:
    name = postgres.create()
    async with BreakingLine(f"{postgres.folder}/.s.PGSQL.5432") as line:
        url = f"postgresql+asyncpg://postgres@127.0.0.1:{line.port}/{name}"
        async with company(tmp_path, url, [Machine()], seen_at=postgres.url(name)) as opened:
            crowd = Crowd(opened, 2)
            line.lose_the_next_answer(times=8)
            await crowd.work(A_WHILE)
            line.lose_the_next_answer(times=0)
            line.cut()
            seen = await until_at_rest(opened.house)
            assert [*crowd.missing_or_too_much(seen), *died(opened.replicas)] == []
            assert line.lost == 8
