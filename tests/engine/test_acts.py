"""The audit log on the real database: a row for each act, in its transaction; refused ones too; never a secret."""

from datetime import timedelta

import pytest

from bot.domain.acted import Acted, Result, acted
from bot.domain.commands import AssignRole, Declare, ReportAlert, SetSeverity, TimerFired
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.roles_model import Role
from bot.domain.work import Reminder
from bot.engine.receipts import Receipt
from bot.errors import Refused
from bot.store import acts
from tests.engine.test_reports import FIRST
from tests.engine.world import ANA, BO, World

N = IncidentId(1)
DECLARE = Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2)


async def log_of(world: World, **only: object) -> list[Acted]:
    async with world.database.reading() as connection:
        return list(await acts.newest(connection, 100, **only))[::-1]  # type: ignore[arg-type] # the test names real ones


async def test_each_act_is_written_once_with_who_did_it_where_and_about_what(world: World) -> None:
    typed = Receipt(origin="slack.trigger", key="1", surface="command")
    pressed = Receipt(origin="slack.trigger", key="2", surface="button")
    await world.desk.handle(DECLARE, receipt=typed)
    await world.desk.handle(DECLARE, receipt=typed)
    await world.desk.handle(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO), receipt=pressed)
    await world.do(SetSeverity(incident=N, severity=Severity.SEV1, by=ANA))
    now = world.clock.now()
    assert await log_of(world) == [
        Acted(at=now, actor=ANA, surface="command", act="declare", what="Declare", incident=N, result=Result.DONE),
        Acted(at=now, actor=BO, surface="button", act="role", what="AssignRole", incident=N, result=Result.DONE),
        Acted(
            at=now,
            actor=ANA,
            surface="command line",
            act="severity",
            what="SetSeverity",
            incident=N,
            result=Result.DONE,
        ),
    ]
    assert [one.what for one in await log_of(world, actor=BO)] == ["AssignRole"]
    assert await log_of(world, incident=IncidentId(2)) == []


async def test_what_is_refused_is_written_with_why_and_nothing_else_is(world: World) -> None:
    with pytest.raises(Refused):
        await world.do(SetSeverity(incident=N, severity=Severity.SEV1, by=ANA))
    await world.desk.refused(DECLARE, "Guests may not. token=xoxb-123456789012-abcdefABCDEF", receipt=None)
    first, second = await log_of(world)
    assert (first.result, first.incident, first.reason) == (Result.REFUSED, N, "There is no such incident.")
    assert (second.act, second.result) == ("declare", Result.REFUSED)
    assert "xoxb-123456789012" not in second.reason
    await world.do(ReportAlert(report=FIRST))
    await world.advance(timedelta(minutes=1))
    assert len(await log_of(world)) == 2, "alerts and time do no acts"


async def test_a_refusal_does_not_wait_for_a_database_that_is_away(world: World) -> None:
    world.database.unwritable = 1
    await world.desk.refused(DECLARE, "You may not", receipt=None)
    assert await log_of(world) == []


async def test_what_fails_to_be_kept_leaves_no_act(world: World) -> None:
    await world.do(DECLARE)
    assert len(await log_of(world)) == 1
    nobody = Declare(title="x", by=None, rule="r")
    timer = TimerFired(incident=N, about=Reminder.UPDATE)
    assert [acted(one, world.clock.now(), "", None) for one in (nobody, timer)] == [None, None]
    await world.desk.refused(timer, "no", receipt=None)
    assert len(await log_of(world)) == 1
