"""One clock for all replicas: whatever their machines' clocks say, none takes what another still has."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.clock import Clock
from bot.domain.tracks import Track
from bot.domain.work import Effect, WarnAdmins
from bot.engine.dispatch import LEASE, Dispatcher
from bot.engine.handle import Engine
from bot.errors import Overloaded
from bot.store.database import Database
from bot.store.shared_clock import TRIES, SharedClock, shared
from tests.conftest import PostgresServer
from tests.engine.world import POLICY
from tests.fakes.clock import START, CountingChance, FakeClock

HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
async def database(postgres: PostgresServer) -> AsyncIterator[Database]:
    name = postgres.create()
    database = Database(postgres.url(name))
    await database.create_tables()
    yield database
    await database.close()
    postgres.drop(name)


class Slow(FakeClock):
    """A clock on which the next `slow` answers take two seconds each."""

    slow = 0

    def monotonic(self) -> float:
        if self.slow:
            self.slow -= 1
            self.move(timedelta(seconds=2))
        return super().monotonic()


def replica(database: Database, clock: Clock, name: int) -> Dispatcher:
    chance = CountingChance()
    for _ in range(name):
        chance.token(12)
    return Dispatcher(Engine(database, clock, chance, POLICY), {}, clock, chance)


async def test_what_one_has_leased_is_not_free_to_another_whose_clock_is_a_minute_ahead(database: Database) -> None:
    own = FakeClock(START - HALF_A_MINUTE), FakeClock(START + HALF_A_MINUTE)
    first, second = [replica(database, await shared(database, clock), n) for n, clock in enumerate(own)]
    await first.engine.put(Effect(work=WarnAdmins(subject="x", text="y"), due=first.clock.now()))
    assert len(await first.claim(Track.CHAT, 8)) == 1
    assert await second.claim(Track.CHAT, 8) == []
    own[1].move(LEASE)
    assert len(await second.claim(Track.CHAT, 8)) == 1, "the lease is over"


async def test_what_one_decides_is_due_at_once_for_another_whose_clock_is_behind(database: Database) -> None:
    own = FakeClock(START + HALF_A_MINUTE), FakeClock(START - HALF_A_MINUTE)
    first, second = [replica(database, await shared(database, clock), n) for n, clock in enumerate(own)]
    await first.engine.put(Effect(work=WarnAdmins(subject="x", text="y"), due=first.clock.now()))
    await second.clock.agree()  # type: ignore[attr-defined] # on PostgreSQL it is the shared one
    assert len(await second.claim(Track.CHAT, 8)) == 1


async def test_the_time_goes_on_without_asking_and_a_clock_that_is_set_changes_nothing(database: Database) -> None:
    own = FakeClock()
    clock = SharedClock(database, own)
    await clock.agree()
    began = clock.now()
    own.move(timedelta(seconds=90))
    assert clock.now() - began == timedelta(seconds=90) == timedelta(seconds=clock.monotonic())
    own._now -= timedelta(hours=6)  # somebody sets the machine's clock
    assert clock.now() - began == timedelta(seconds=90)


async def test_it_is_the_databases_time_and_a_clock_far_from_it_is_told_of(database: Database) -> None:
    async with database.reading() as connection:
        before = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
    with capture_logs() as told:
        clock = await shared(database, FakeClock(before + timedelta(hours=1)))
    assert timedelta() <= clock.now() - before < timedelta(minutes=1)
    assert [line["event"] for line in told] == ["clock_differs_from_the_database"]
    with capture_logs() as told:
        await shared(database, FakeClock(before))
    assert told == []


async def test_an_answer_that_took_long_is_not_believed(database: Database) -> None:
    clock = Slow()
    clock.slow = 3
    asked = SharedClock(database, clock)
    await asked.agree()
    before = asked.now()
    clock.slow = 2 * TRIES
    with pytest.raises(Overloaded, match="too slowly"):
        await asked.agree()
    assert asked.now() >= before, "what was agreed before still holds"


async def test_it_waits_as_its_own_clock_does(database: Database) -> None:
    own = FakeClock()
    await SharedClock(database, own).sleep(timedelta())


async def test_who_works_alone_keeps_their_own_clock(tmp_path: Path) -> None:
    alone, own = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db"), FakeClock()
    assert await shared(alone, own) is own
    await alone.close()
