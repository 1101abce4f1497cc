"""The line to PostgreSQL breaks during a commit: what was kept is found to be kept, and nobody is told otherwise."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.clock import SystemClock
from bot.domain.commands import Declare
from bot.domain.model import Severity
from bot.engine.desk import EngineDesk
from bot.engine.handle import Engine
from bot.engine.receipts import Handled, Receipt
from bot.errors import MaybeKept
from bot.inbound.slack.failures import explain
from bot.store.database import Database
from tests.conftest import PostgresServer
from tests.engine.world import ANA, POLICY
from tests.fakes.clock import CountingChance
from tests.torture.proxy import BreakingLine

COMMAND = Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2)
RECEIPT = Receipt(origin="slack.trigger", key="13345224609.738474920")


@dataclass(frozen=True, slots=True, kw_only=True)
class Far:
    """A bot whose database is at the far end of a line that breaks."""

    line: BreakingLine
    engine: Engine

    async def incidents(self) -> int:
        return len(await EngineDesk(self.engine).open_incidents())


@pytest.fixture
async def far(postgres: PostgresServer) -> AsyncIterator[Far]:
    name = postgres.create()
    async with BreakingLine(f"{postgres.folder}/.s.PGSQL.5432") as line:
        database = Database(f"postgresql+asyncpg://postgres@127.0.0.1:{line.port}/{name}")
        await database.create_tables()
        yield Far(line=line, engine=Engine(database, SystemClock(), CountingChance(), POLICY))
        await database.close()
    postgres.drop(name)


async def test_a_commit_whose_answer_is_lost_is_known_by_its_receipt(far: Far) -> None:
    far.line.lose_the_next_answer()
    assert await far.engine.handle(COMMAND, receipt=RECEIPT) == Handled(repeated=True)
    assert (far.line.lost, await far.incidents()) == (1, 1)


async def test_without_a_receipt_it_is_not_decided_again(far: Far) -> None:
    far.line.lose_the_next_answer()
    with pytest.raises(MaybeKept):
        await far.engine.handle(COMMAND)
    assert await far.incidents() == 1


async def test_when_the_database_is_gone_too_nobody_is_told_that_nothing_was_changed(far: Far) -> None:
    far.line.lose_the_next_answer()
    far.line.closed_after_a_loss = True
    with pytest.raises(MaybeKept) as told:
        await far.engine.handle(COMMAND, receipt=RECEIPT)
    assert "may or may not" in explain(told.value, None).message.text
    far.line.closed_after_a_loss = False
    assert await far.incidents() == 1


async def test_every_answer_lost_ends_in_not_knowing(far: Far) -> None:
    far.line.lose_the_next_answer(times=100)
    with pytest.raises(MaybeKept):
        await far.engine.handle(COMMAND, receipt=RECEIPT)
    far.line.lose_the_next_answer(times=0)
    assert await far.incidents() == 1


async def test_lines_that_were_cut_while_nobody_spoke_are_replaced(far: Far) -> None:
    assert await far.incidents() == 0
    far.line.cut()
    handled = await far.engine.handle(COMMAND, receipt=RECEIPT)
    assert handled.incident
    assert await far.incidents() == 1
