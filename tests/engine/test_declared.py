"""Silences in the file through the engine: once whatever starts how often, and alerts follow them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.acted import Acted
from bot.domain.declared import Declared
from bot.domain.ids import UserId
from bot.domain.matchers import matchers_of
from bot.domain.muting import Silence
from bot.domain.silence_commands import EndSilence
from bot.engine.declared import declare
from bot.store import acts, silences
from tests.engine.test_silences import shown, told
from tests.engine.world import ANA, BO, World

HOUR = timedelta(hours=1)


def rebuild(world: World, **changes: object) -> Declared:
    made = Declared(
        name="rebuild",
        matchers=matchers_of("service=checkout"),
        until=world.clock.now() + 200 * 24 * HOUR,
        by=ANA,
        reason="It is rebuilt",
    )
    return replace(made, **changes)  # type: ignore[arg-type] # the test names real fields


async def counting(world: World) -> tuple[Silence, ...]:
    async with world.database.reading() as connection:
        return await silences.current(connection, world.clock.now())


async def log(world: World) -> list[Acted]:
    async with world.database.reading() as connection:
        return list(reversed(await acts.newest(connection, 100)))


async def test_a_silence_in_the_file_counts_once_however_often_muster_starts(world: World) -> None:
    one = rebuild(world)
    for _ in range(3):
        await declare(world.engine, [one])
    await told(world)
    assert shown(world) == []
    (silence,) = await counting(world)
    assert (silence.origin, silence.by, silence.reason) == ("file", ANA, "It is rebuilt")
    assert [(act.surface, act.actor, act.what) for act in await log(world)] == [("file", ANA, "SilenceAlerts")]


async def test_two_that_start_at_once_make_it_once(world: World) -> None:
    await asyncio.gather(*(declare(world.make_engine(), [rebuild(world)]) for _ in range(2)))
    assert [one.id for one in await counting(world)] == [1]


async def test_what_changes_is_heard_of_never_in_between(world: World) -> None:
    await declare(world.engine, [rebuild(world)])
    await told(world)
    await declare(world.engine, [rebuild(world, reason="It is moved")])
    await world.settle()
    assert shown(world) == []
    assert [one.reason for one in await counting(world)] == ["It is moved"]


async def test_what_is_removed_ends_and_what_fires_is_heard(world: World) -> None:
    await declare(world.engine, [rebuild(world)])
    await told(world)
    await declare(world.engine, [])
    await world.settle()
    assert len(shown(world)) == 1
    assert (await log(world))[-1].actor == UserId("muster.yaml")
    await declare(world.engine, [rebuild(world)])
    assert len(await counting(world)) == 1


async def test_what_a_person_ended_does_not_come_back_with_a_restart(world: World) -> None:
    await declare(world.engine, [rebuild(world)])
    await world.do(EndSilence(silence=1, by=BO))
    await declare(world.engine, [rebuild(world)])
    assert await counting(world) == ()


async def test_what_cannot_be_made_keeps_nothing_else_from_being_made(world: World) -> None:
    everything = rebuild(world, name="everything", matchers=matchers_of("severity!=info"))
    await declare(world.engine, [everything, rebuild(world)])
    assert [one.far_id for one in await counting(world)] == ["rebuild"]
    assert [act.result.value for act in await log(world)] == ["refused", "done"]
