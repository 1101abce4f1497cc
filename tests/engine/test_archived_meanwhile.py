"""Somebody reopens an incident, or keeps its channel, while that is archived: nobody works in what is archived."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.archive_commands import KeepChannel
from bot.domain.commands import Command, Declare, Resolve
from bot.domain.course_commands import Close, Merge, Reopen
from bot.domain.ids import IncidentId
from bot.domain.runbooks import Runbook
from bot.domain.task_commands import OpenRunbook
from bot.engine.jobs import Done, Job, Perform
from tests.engine.quiet import A_DAY, ARCHIVES, over, room
from tests.engine.ruling import N
from tests.engine.world import ANA, BO, CHECKOUT, World
from tests.fakes.records import BOT
from tests.fakes.slack import Killed
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

AN_HOUR = timedelta(hours=1)
OTHER = IncidentId(2)
REOPEN = Reopen(incident=N, reason="Errors are back", by=BO)


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, ARCHIVES).open()
    yield world
    await world.close()


def while_it_is_archived(world: World, *commands: Command, dies: bool = True) -> None:
    """Let people do something right after Slack has archived the channel, and the process die before it writes that."""
    first = iter([True])

    def wrap(kind: str, perform: Perform) -> Perform:
        async def archive(job: Job) -> Done:
            done = await perform(job)
            if next(first, False):
                for command in commands:
                    await world.do(command)
                if dies:
                    raise Killed
            return done

        return archive if kind == "slack.archive" else perform

    world.wrap = wrap
    world.dispatcher = world.another()


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("dies", [False, True])
async def test_archived_while_it_is_reopened_it_goes_on_in_a_new_channel(
    world: World, *, dies: bool, private: bool
) -> None:
    world.policy = replace(
        world.policy, runbooks=(Runbook(name="redis", title="Redis is full", steps=("Look", "Say")),)
    )
    world.start()
    await world.do(Declare(title="Checkout is down", by=ANA, service=CHECKOUT, private=private))
    await world.do(OpenRunbook(incident=N, name="redis", by=ANA))
    await world.settle()
    old = await room(world)
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    while_it_is_archived(world, REOPEN, dies=dies)
    await world.advance(14 * A_DAY + AN_HOUR)
    new = await room(world)
    assert (old.archived, new.archived, new.private) == (True, False, private)
    assert new.name == f"{old.name}-r1"
    assert {BOT, ANA, BO} <= set(new.members)
    said = world.slack.said(new.name)
    assert said[0].marker == "card:1"
    assert "runbook:1:1" in [one.marker for one in said]
    assert any(one.text.startswith("INC-1 is open again") for one in said)
    assert [old.id in str(one.blocks) for one in said if "goes on here" in one.text] == [True]
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize(
    "ends",
    [
        (Resolve(incident=N, resolution="Rolled back again", by=ANA), Close(incident=N, by=ANA)),
        (
            Declare(title="Search is slow", by=ANA),
            Merge(incident=N, into=OTHER, by=ANA),
            Resolve(incident=OTHER, resolution="Rolled back", by=ANA),
        ),
    ],
)
async def test_reopened_and_over_again_by_then_its_end_is_told_in_a_new_channel_that_is_archived_in_its_time(
    world: World, ends: tuple[Command, ...]
) -> None:
    old = await over(world)
    while_it_is_archived(world, REOPEN, *ends)
    await world.advance(14 * A_DAY + AN_HOUR)
    new = await room(world)
    assert new.name == f"{old.name}-r1"
    said = [one for one in world.slack.said(new.name) if (one.marker or "").startswith("said:1:")]
    assert len(said) >= 3, "reopened, over again, and why here"
    must_hold(await of_world(world), at_rest=True)
    await world.advance(15 * A_DAY)
    assert new.archived
    must_hold(await of_world(world), at_rest=True)


async def test_kept_too_late_it_is_known_to_be_archived(world: World) -> None:
    await over(world)
    while_it_is_archived(world, KeepChannel(incident=N, by=BO))
    await world.advance(15 * A_DAY)
    assert (await world.incident()).is_archived
    must_hold(await of_world(world), at_rest=True)


async def test_brought_back_by_hand_before_the_bot_looks_it_stays(world: World) -> None:
    channel = await over(world)
    while_it_is_archived(world, REOPEN)
    await world.advance(14 * A_DAY)
    await world.advance(timedelta(seconds=3))
    assert channel.archived
    channel.archived = False
    channel.members.append(BOT)
    await world.advance(AN_HOUR)
    assert (await room(world)).id == channel.id
    must_hold(await of_world(world), at_rest=True)


async def test_of_an_incident_that_was_reopened_before_that_the_channel_stays(world: World) -> None:
    channel = await over(world)

    def first_of_all(kind: str, perform: Perform) -> Perform:
        async def archive(job: Job) -> Done:
            if not (await world.incident()).status.is_open:
                await world.do(REOPEN)
                raise Killed
            return await perform(job)

        return archive if kind == "slack.archive" else perform

    world.wrap = first_of_all
    world.dispatcher = world.another()
    await world.advance(14 * A_DAY + AN_HOUR)
    assert not channel.archived
    assert (await room(world)).id == channel.id
    must_hold(await of_world(world), at_rest=True)
