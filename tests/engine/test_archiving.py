"""Archiving on the real database: one warning, one archiving, whatever is away, dies, or is said meanwhile."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.archive_commands import HearChannelIsBack, KeepChannel
from bot.domain.archives import ArchivingEnd
from bot.domain.commands import Declare, Resolve
from bot.domain.course_commands import Close, Reopen
from bot.domain.ids import UserId
from bot.domain.runbooks import Runbook
from bot.domain.task_commands import OpenRunbook, TickStep
from bot.engine.jobs import Done, Job, Perform
from bot.errors import Undeliverable
from tests.engine.invariants import Log, everything_holds
from tests.engine.quiet import A_DAY, ARCHIVES, over, room
from tests.engine.ruling import N
from tests.engine.world import ANA, BO, CHECKOUT, POLICY, World
from tests.fakes.records import BOT, FakeChannel
from tests.fakes.slack import Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

AN_HOUR = timedelta(hours=1)
WARNING = "In 24 hours this channel is archived: nothing was said for 13 days. Write here, or press Keep Open."


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, ARCHIVES).open()
    yield world
    await world.close()


def warnings(world: World, channel: FakeChannel) -> list[str]:
    return [one.text for one in world.slack.said(channel.name) if (one.marker or "").startswith("archiving:")]


async def test_a_quiet_channel_is_warned_and_a_day_later_archived_once(world: World) -> None:
    channel = await over(world)
    await world.advance(13 * A_DAY - AN_HOUR)
    assert warnings(world, channel) == []
    await world.advance(2 * AN_HOUR)
    assert warnings(world, channel) == [WARNING]
    await world.advance(22 * AN_HOUR)
    assert (await room(world)).archived is False
    must_hold(await of_world(world), at_rest=True)
    await world.advance(2 * AN_HOUR)
    assert channel.archived
    await world.advance(60 * A_DAY)
    assert [call.method for call in world.slack.calls].count("conversations.archive") == 1
    must_hold(await of_world(world), at_rest=True)


async def test_who_writes_in_time_keeps_it_and_the_count_begins_anew(world: World) -> None:
    channel = await over(world)
    await world.advance(13 * A_DAY + AN_HOUR)
    await world.do(world.message(channel.id, f"{world.clock.now().timestamp():.6f}", by=BO))
    await world.advance(13 * A_DAY - AN_HOUR)
    assert (warnings(world, channel), channel.archived) == (["Somebody wrote: this channel is not archived."], False)
    await world.advance(2 * AN_HOUR)
    assert warnings(world, channel)[1:] == [WARNING]
    await world.advance(A_DAY)
    assert channel.archived
    must_hold(await of_world(world), at_rest=True)


async def test_what_somebody_wrote_of_which_no_event_told_keeps_it_too(world: World) -> None:
    channel = await over(world)
    await world.advance(13 * A_DAY + AN_HOUR)
    world.slack.write(channel.name, "The refund is out", author=BO)
    await world.advance(2 * A_DAY)
    assert not channel.archived
    assert "message_posted" in [row.event.kind for row in await world.timeline()]


async def test_what_was_written_while_slack_was_away_keeps_it_though_a_reading_has_it_before_the_warning(
    world: World,
) -> None:
    """The last reading waits as the warning does, and goes first."""
    world.policy = replace(POLICY, archive_after=2 * AN_HOUR)
    world.start()
    await world.do(Declare(title="Checkout is down", by=ANA, service=CHECKOUT))
    await world.settle()
    channel = await room(world)
    world.slack.down = Fault.REFUSED
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.advance(AN_HOUR / 2)
    world.slack.write(channel.name, "The refund is out", author=BO)
    await world.advance(AN_HOUR)
    assert (await world.incident()).archiving
    world.slack.heal()
    await world.advance(AN_HOUR / 4)
    assert [row.event.kind for row in await world.timeline()].count("message_posted") == 1
    archiving = (await world.incident()).archiving
    assert archiving
    assert (archiving.end, warnings(world, channel)) == (ArchivingEnd.SPOKEN, [])
    await world.advance(3 * AN_HOUR)
    assert channel.archived
    must_hold(await of_world(world), at_rest=True)


async def test_kept_it_is_never_asked_again(world: World) -> None:
    channel = await over(world)
    await world.advance(13 * A_DAY + AN_HOUR)
    await world.do(KeepChannel(incident=N, by=BO))
    await world.advance(90 * A_DAY)
    assert (warnings(world, channel), channel.archived) == (["Kept for good: this channel is not archived."], False)
    must_hold(await of_world(world), at_rest=True)


async def test_an_outage_takes_nothing_off_the_notice(world: World) -> None:
    world.policy = replace(POLICY, archive_after=2 * AN_HOUR)
    world.start()
    channel = await over(world)
    world.slack.down = Fault.REFUSED
    await world.advance(3 * AN_HOUR)
    world.slack.heal()
    await world.advance(AN_HOUR - timedelta(minutes=5))
    assert not channel.archived
    await world.advance(AN_HOUR)
    assert channel.archived


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE])
async def test_an_answer_that_is_lost_archives_it_once(world: World, fault: Fault) -> None:
    channel = await over(world)
    world.slack.fail(fault, method="conversations.archive")
    await world.advance(15 * A_DAY)
    assert channel.archived
    assert (await world.incident()).is_archived
    must_hold(await of_world(world), at_rest=True)


async def test_a_process_that_dies_before_it_has_written_that_down_does_it_once(world: World) -> None:
    channel = await over(world)
    world.slack.fail(Fault.KILLED_AFTER, method="conversations.archive")
    await world.advance(15 * A_DAY)
    assert channel.archived
    assert [row.event.kind for row in await world.timeline()].count("archiving_ended") == 1


async def test_a_channel_that_people_archived_is_not_warned(world: World) -> None:
    channel = await over(world)
    channel.archived = True
    await world.advance(30 * A_DAY)
    kinds = [row.event.kind for row in await world.timeline()]
    assert (kinds.count("archive_warned"), kinds.count("delivery_failed")) == (1, 0)
    must_hold(await of_world(world), at_rest=True)


async def test_a_channel_that_people_archived_after_the_warning_is_as_good_as_archived_by_us(world: World) -> None:
    channel = await over(world)
    await world.advance(13 * A_DAY + AN_HOUR)
    channel.archived = True
    channel.members.remove(BOT)
    await world.advance(2 * A_DAY)
    archiving = (await world.incident()).archiving
    assert archiving
    assert archiving.end is ArchivingEnd.ARCHIVED


async def test_reopened_it_goes_on_in_a_new_channel_that_names_the_old_one(world: World) -> None:
    old = await over(world)
    await world.advance(15 * A_DAY)
    await world.do(Close(incident=N, by=ANA))
    await world.advance(AN_HOUR)
    must_hold(await of_world(world), at_rest=True)
    await world.do(Reopen(incident=N, reason="Errors are back", by=BO))
    await world.advance(timedelta(minutes=1))
    new = await room(world)
    assert new.id != old.id
    assert set(new.members) >= {ANA}
    markers = [one.marker for one in world.slack.said(new.name)]
    assert markers[0] == "card:1"
    told = next(one for one in world.slack.said(new.name) if one.text.startswith("INC-1 is open again"))
    assert old.id in str(told.blocks)
    # who pressed Join on an alert was brought into the old one, and is none of its people
    await everything_holds(world, Log(joined={(N, UserId("U0DEE"))}))


@pytest.mark.parametrize("dies", [False, True])
async def test_a_checklist_goes_on_in_the_new_channel_once_and_stays_as_it_was_in_the_old(
    world: World, *, dies: bool
) -> None:
    world.policy = replace(
        world.policy, runbooks=(Runbook(name="redis", title="Redis is full", steps=("Look", "Say")),)
    )
    world.start()
    await world.do(Declare(title="Checkout is down", by=ANA, service=CHECKOUT))
    await world.do(OpenRunbook(incident=N, name="redis", by=ANA))
    await world.settle()
    old = await room(world)
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.advance(15 * A_DAY)
    assert old.archived
    if dies:
        world.dies_once("slack.runbook")
    await world.do(Reopen(incident=N, reason="Errors are back", by=BO))
    await world.advance(timedelta(minutes=1))
    new = await room(world)
    await world.do(TickStep(incident=N, n=1, step=1, done=True, by=BO))
    await world.settle()
    shown = [[one.text for one in world.slack.said(of.name) if one.marker == "runbook:1:1"] for of in (old, new)]
    assert [(len(there), "1 of 2 steps done" in there[0]) for there in shown] == [(1, False), (1, True)]
    must_hold(await of_world(world), at_rest=True)


async def test_given_back_by_people_it_is_spoken_in_again_and_left_alone(world: World) -> None:
    channel = await over(world)
    await world.advance(15 * A_DAY)
    channel.archived = False
    channel.members.append(BOT)
    await world.do(HearChannelIsBack(incident=N, by=BO))
    await world.do(Close(incident=N, by=ANA))
    await world.advance(60 * A_DAY)
    assert not channel.archived
    must_hold(await of_world(world), at_rest=True)
    await world.do(Reopen(incident=N, reason="Errors are back", by=BO))
    await world.advance(timedelta(minutes=1))
    assert (await room(world)).id == channel.id


def refuses(world: World, *refused: str) -> None:
    """Let Slack refuse work of these kinds for good."""

    def wrap(kind: str, perform: Perform) -> Perform:
        async def never(_job: Job) -> Done:
            raise Undeliverable("Slack: restricted_action")

        return never if kind in refused else perform

    world.wrap = wrap
    world.dispatcher = world.another()


def failures(world: World) -> int:
    return len([one for one in world.slack.said() if (one.marker or "").startswith("failure:")])


async def test_a_warning_that_slack_refuses_lets_the_channel_be_and_is_tried_again_without_another_word(
    world: World,
) -> None:
    channel = await over(world)
    refuses(world, "slack.archiving")
    await world.advance(30 * A_DAY)
    archiving = (await world.incident()).archiving
    assert archiving
    assert (archiving.n, archiving.end, channel.archived, failures(world)) == (2, ArchivingEnd.REFUSED, False, 1)
    must_hold(await of_world(world), at_rest=True)
    refuses(world)
    await world.advance(10 * A_DAY)
    assert warnings(world, channel) == [WARNING]
    await world.advance(2 * A_DAY)
    assert channel.archived
    must_hold(await of_world(world), at_rest=True)


async def test_what_slack_does_not_let_it_archive_is_said_where_it_was_warned_and_left_alone(world: World) -> None:
    channel = await over(world)
    refuses(world, "slack.archive")
    await world.advance(60 * A_DAY)
    told = "Slack did not let me archive it: this channel is not archived."
    assert (warnings(world, channel), channel.archived, failures(world)) == ([told], False, 1)
    must_hold(await of_world(world), at_rest=True)
