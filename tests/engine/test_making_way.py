"""Senders who come as a crowd go before reading, but it never stands still."""

import asyncio
from datetime import datetime, timedelta
from itertools import chain, repeat

import pytest

from bot.engine.deliveries import Delivery
from bot.engine.intake import A_CROWD_COMES_EACH, keep
from bot.engine.reading import A_MOMENT, Reader
from bot.inbound.alerts import SOURCES, alertmanager
from bot.store import inbox
from tests.engine.world import World
from tests.fakes.clock import FakeClock

A_PART_TAKES = timedelta(milliseconds=12)


class Slow(FakeClock):
    """A clock that goes on by so much each time it is read, and wakes whoever sleeps at once."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.slept: list[timedelta] = []

    def monotonic(self) -> float:
        self.move(A_PART_TAKES)
        return super().monotonic()

    async def sleep(self, delay: timedelta) -> None:
        self.slept.append(delay)


async def kept(world: World) -> None:
    body = SOURCES[alertmanager.NAME].sample
    await keep(
        world.engine, [Delivery(source=alertmanager.NAME, received_at=world.clock.now(), body=body)], world.clock
    )


@pytest.mark.parametrize(
    ("crowd", "moments"),
    [
        ((), 0),
        ((True, True), 2),
        ((True,) * 20, 3),  # the fewest that are twice a part's time: then it reads on, whoever comes
    ],
)
async def test_a_reader_makes_way_for_a_crowd_but_not_for_long(
    world: World, crowd: tuple[bool, ...], moments: int
) -> None:
    clock, comes = Slow(world.clock.now()), chain(crowd, repeat(False))
    reader = Reader(
        world.engine, lambda _source, _integration: alertmanager.parse, clock, is_crowded=lambda: next(comes)
    )
    world.wrap = lambda kind, perform: reader.read if kind == "intake.read" else perform
    world.dispatcher = world.another()
    await kept(world)
    await world.advance(timedelta(seconds=1))
    assert clock.slept == [A_MOMENT] * moments
    assert world.slack.said("alerts")


async def test_who_reads_nothing_new_makes_way_for_longer(world: World) -> None:
    clock, comes = Slow(world.clock.now()), repeat(True)
    reader = Reader(
        world.engine, lambda _source, _integration: alertmanager.parse, clock, is_crowded=lambda: next(comes)
    )
    world.wrap = lambda kind, perform: reader.read if kind == "intake.read" else perform
    world.dispatcher = world.another()
    slept = []
    for _ in range(2):
        await kept(world)
        await world.settle()
        slept.append(len(clock.slept))
    assert slept == [3, 3 + 10]  # the fewest that are eight times a part's time


@pytest.mark.parametrize(("within", "is_crowd"), [(A_CROWD_COMES_EACH * 9, True), (A_CROWD_COMES_EACH * 11, False)])
async def test_who_come_faster_than_they_can_be_kept_are_a_crowd(
    world: World, within: timedelta, *, is_crowd: bool
) -> None:
    body = SOURCES[alertmanager.NAME].sample
    one = Delivery(source=alertmanager.NAME, received_at=world.clock.now(), body=body)
    writing = asyncio.create_task(world.intake.run())
    await asyncio.gather(*(world.intake.deposit(one) for _ in range(10)))
    writing.cancel()
    world.clock.move(within)
    assert world.intake.is_crowded() is is_crowd
    world.clock.move(A_CROWD_COMES_EACH)
    assert not world.intake.is_crowded()  # nobody has come since


class Meanwhile(Slow):
    """A clock by which more comes while somebody makes way; `woken` is who was told of it."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock.now())
        self.world, self.woken = world, 0

    async def sleep(self, delay: timedelta) -> None:
        await super().sleep(delay)
        world, body = self.world, alertmanager.SAMPLE.replace(b"payment-7", b"payment-8")
        world.engine.on_work = self.wake
        await world.intake.deposit(Delivery(source=alertmanager.NAME, received_at=world.clock.now(), body=body))
        world.engine.on_work = lambda: None

    def wake(self) -> None:
        self.woken += 1


@pytest.mark.parametrize("is_known", [True, False])
async def test_who_reads_a_source_reads_what_comes_meanwhile_and_nobody_is_woken_for_it(
    world: World, *, is_known: bool
) -> None:
    clock, comes = Meanwhile(world), chain([True], repeat(False))
    reader = Reader(
        world.engine, lambda _source, _integration: alertmanager.parse, clock, is_crowded=lambda: next(comes)
    )
    if is_known:
        world.intake.is_reading = reader.is_reading
    world.wrap = lambda kind, perform: reader.read if kind == "intake.read" else perform
    world.dispatcher = world.another()
    await kept(world)
    writing = asyncio.create_task(world.intake.run())
    await world.settle()
    writing.cancel()
    assert (len(clock.slept), clock.woken) == (1, int(not is_known))
    async with world.database.reading() as connection:
        assert not await inbox.waiting(connection, alertmanager.NAME, 9, 9)
    assert not reader.is_reading(alertmanager.NAME)
