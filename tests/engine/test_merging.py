"""Merging on the real database: two incidents become one, whoever merges at once and wherever it dies."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from bot.domain.commands import Declare, ReportAlert, Resolve
from bot.domain.course_commands import Merge
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.errors import Refused
from tests.engine.ruling import MINUTE, RULED, N, fails, fire, labels
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, World
from tests.fakes.slack import Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world
from tests.peers.until import until

TWO, THREE = IncidentId(2), IncidentId(3)


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    """A world with INC-1 by a rule, whose alert fires, and INC-2 by a person, open and paged both."""
    world = await World(world_url, RULED).open()
    await fire(world, fails("Errors"))
    await world.advance(MINUTE)
    await world.do(Declare(title="It is down", by=ANA, severity=Severity.SEV1))
    await world.advance(MINUTE)
    yield world
    await world.close()


async def test_what_is_merged_ends_there_and_goes_on_in_the_other(world: World) -> None:
    handled = await world.do(Merge(incident=N, into=TWO, by=BO))
    assert handled.incident
    assert handled.incident.status is Status.MERGED
    await world.advance(60 * MINUTE)
    first, second = await world.incident(1), await world.incident(2)
    assert (first.alerts, first.groups, len(second.alerts), len(second.groups)) == ((), (), 1, 1)
    assert world.pager.accepted == [(N, "trigger"), (TWO, "trigger"), (N, "resolve")]
    said = world.said_in(first.channel_name)
    assert said[-1] == "INC-1: @U0BO merged it into INC-2: It is down".replace("@U0BO", "<@U0BO>")
    assert second.channel
    assert CLEO in world.slack.channels[second.channel].members
    assert await labels(world) == ["INC-2 SEV-1"]
    must_hold(await of_world(world), at_rest=True)


async def test_what_fires_later_in_the_group_belongs_to_the_other(world: World) -> None:
    await world.do(Merge(incident=N, into=TWO, by=BO))
    await fire(world, fails("Errors", 2))
    await world.advance(MINUTE)
    assert len((await world.incident(2)).alerts) == 2
    must_hold(await of_world(world), at_rest=True)


async def test_two_that_are_merged_into_each_other_at_once_end_as_one(world: World) -> None:
    answers = await asyncio.gather(
        world.do(Merge(incident=N, into=TWO, by=BO)),
        world.do(Merge(incident=TWO, into=N, by=ANA)),
        return_exceptions=True,
    )
    await world.advance(MINUTE)
    assert [isinstance(one, Refused) for one in answers].count(True) == 1
    assert len(await labels(world)) == 1
    must_hold(await of_world(world), at_rest=True)


async def test_merged_in_a_row_at_once_all_that_fires_ends_in_one_that_is_open(world: World) -> None:
    await world.do(Declare(title="All is down", by=ANA, severity=Severity.SEV1))
    answers = await asyncio.gather(
        world.do(Merge(incident=N, into=TWO, by=BO)),
        world.do(Merge(incident=TWO, into=THREE, by=ANA)),
        return_exceptions=True,
    )
    await world.advance(MINUTE)
    assert all(isinstance(one, Refused) for one in answers if isinstance(one, BaseException))
    alive = await world.desk.open_incidents()
    assert sum(len(one.groups) for one in alive) == 1
    must_hold(await of_world(world), at_rest=True)


async def test_an_alert_that_fires_while_it_is_merged_belongs_to_the_other(world: World) -> None:
    late = ReportAlert(report=fails("Errors", 2))
    await asyncio.gather(world.do(Merge(incident=N, into=TWO, by=BO)), world.do(late))
    await world.advance(MINUTE)
    assert len((await world.incident(2)).alerts) == 2
    must_hold(await of_world(world), at_rest=True)


async def test_what_joins_while_its_group_is_waited_for_is_looked_up_once_more_and_goes_along(world: World) -> None:
    async def is_held_up() -> bool:
        async with world.database.reading() as connection:
            return bool((await connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))).scalar())

    async with world.database.transaction() as connection:
        await world.engine.apply(connection, ReportAlert(report=fails("Errors", 2)))
        merging = asyncio.create_task(world.do(Merge(incident=N, into=TWO, by=BO)))
        if (
            not world.database.is_sqlite
        ):  # there it waits for its turn; here it waits for the group, and then looks anew
            await until(is_held_up, what="the merger's wait")
    await merging
    await world.advance(MINUTE)
    assert len((await world.incident(2)).alerts) == 2
    must_hold(await of_world(world), at_rest=True)


async def test_merged_while_the_other_is_resolved_one_of_both_happens(world: World) -> None:
    answers = await asyncio.gather(
        world.do(Merge(incident=N, into=TWO, by=BO)),
        world.do(Resolve(incident=TWO, resolution="Rolled back", by=ANA)),
        return_exceptions=True,
    )
    await world.advance(MINUTE)
    assert all(isinstance(one, Refused) for one in answers if isinstance(one, BaseException))
    must_hold(await of_world(world), at_rest=True)


async def test_a_death_while_it_is_told_tells_it_once(world: World) -> None:
    world.slack.down = Fault.REFUSED
    await world.do(Merge(incident=N, into=TWO, by=BO))
    await world.die()
    world.slack.down = None
    await world.advance(10 * MINUTE)
    second = await world.incident(2)
    told = [one for one in world.said_in(second.channel_name) if "merged INC-1 into this one" in one]
    assert len(told) == 1
    must_hold(await of_world(world), at_rest=True)


async def test_what_is_not_there_is_not_merged(world: World) -> None:
    for command in (Merge(incident=IncidentId(9), into=TWO, by=BO), Merge(incident=N, into=IncidentId(9), by=BO)):
        with pytest.raises(Refused):
            await world.do(command)
    must_hold(await of_world(world), at_rest=True)


async def test_others_may_still_be_declared_for_its_service(world: World) -> None:
    await world.do(Merge(incident=N, into=TWO, by=BO))
    await world.do(Declare(title="Another", by=ANA, severity=Severity.SEV4, service=CHECKOUT))
    await world.advance(MINUTE)
    assert await labels(world) == ["INC-2 SEV-1", "INC-3 SEV-4"]
    must_hold(await of_world(world), at_rest=True)
