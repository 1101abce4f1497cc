"""Copies on the real database: one message a group and channel, which says and does what the group's message does."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts_model import AlertSeverity, AlertStatus
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert, Resolve
from bot.domain.course_commands import Close
from bot.domain.finding import message_address
from bot.domain.ids import ChannelId, MessageTs
from bot.domain.matchers import matchers_of
from bot.domain.routing import Route
from tests.engine.test_storms import fire, rule, the_groups, the_storms
from tests.engine.world import ANA, BO, World
from tests.fakes.records import Fault, Said
from tests.invariants.check import found_wrong, must_hold
from tests.invariants.from_fake import of_world

MINUTE = timedelta(minutes=1)
CRITICAL = matchers_of("severity=critical")
ROUTES = (Route(channel="alerts", goes_on=True), Route(matchers=matchers_of("service=shop-1"), channel="shop"))


@pytest.fixture
def goes_on(world: World) -> World:
    """Return a world in which the alerts of one service are shown in its channel too."""
    world.policy = replace(world.policy, routes=ROUTES)
    for name in ("shop", "grave"):
        world.slack.add_channel(name)
    world.start()
    return world


def copies(world: World, room: str = "shop") -> list[Said]:
    return world.slack.said(room)


async def test_a_group_has_one_message_and_one_copy_and_both_say_the_same_to_the_end(goes_on: World) -> None:
    await fire(goes_on, 0, 1)
    await goes_on.advance(MINUTE)
    assert (len(goes_on.slack.said("alerts")), len(copies(goes_on))) == (2, 1)
    (copy,) = copies(goes_on)
    assert "A copy; the thread is in" in str(copy.blocks)
    group = (await the_groups(goes_on))["Rule 1 fires"]
    await goes_on.do(AcknowledgeAlert(alert=group.id, by=BO))
    await goes_on.do(Declare(by=ANA, alert=group.id))
    await goes_on.advance(MINUTE)
    (copy,) = copies(goes_on)
    assert f"Acknowledged by <@{BO}>" in str(copy.blocks)
    assert "INC-1" in str(copy.blocks)
    must_hold(await of_world(goes_on), at_rest=True)
    number = (await goes_on.incident()).id
    await goes_on.do(Resolve(incident=number, resolution="Rolled back", by=ANA))
    await goes_on.advance(MINUTE)
    assert "Resolved" in str(copies(goes_on)[0].blocks), (
        "the incident's end is shown there, though the group did not change"
    )
    told = rule(1, starts_at=group.began_at, status=AlertStatus.RESOLVED, ends_at=goes_on.clock.now())
    await goes_on.do(ReportAlert(report=told))
    await goes_on.advance(MINUTE)
    (copy,) = copies(goes_on)
    assert len(copy.blocks) < 5, "it has folded"
    must_hold(await of_world(goes_on), at_rest=True)


async def test_whoever_hands_in_a_link_to_a_copy_means_its_group_and_is_told_where_all_of_it_stands(
    goes_on: World,
) -> None:
    await fire(goes_on, 1)
    await goes_on.advance(MINUTE)
    (copy,) = copies(goes_on)
    room = ChannelId(goes_on.slack.channel("shop").id)
    group = await goes_on.desk.meant(message_address("https://acme.slack.com/", room, MessageTs(copy.ts)))
    known = await goes_on.desk.explained(group.id)
    assert known
    assert (known.copies, known.waiting) == (((room, copy.ts),), ())


async def test_a_copy_that_says_otherwise_is_found_out(goes_on: World) -> None:
    await fire(goes_on, 1)
    await goes_on.advance(MINUTE)
    seen = await of_world(goes_on)
    assert found_wrong(seen, at_rest=True) == []
    (copy,) = (one for one in seen.messages if (one.marker or "").startswith("group_copy"))
    others = tuple(one for one in seen.messages if one != copy)
    (wrong,) = found_wrong(replace(seen, messages=(*others, replace(copy, markup="All is well"))), at_rest=True)
    assert (wrong.invariant, wrong.where) == ("I25", copy.marker)


async def test_what_was_closed_between_a_message_and_its_copy_makes_no_lie_of_either(goes_on: World) -> None:
    """That an incident is put away is no news to those who look after alerts: no message is edited for it."""
    await fire(goes_on, 1)
    group = (await the_groups(goes_on))["Rule 1 fires"]
    await goes_on.do(Declare(by=ANA, alert=group.id))
    await goes_on.advance(MINUTE)
    number, slow = (await goes_on.incident()).id, goes_on.another()
    await goes_on.do(Resolve(incident=number, resolution="Rolled back", by=ANA))
    frozen = await goes_on.claim(slow)
    assert "slack.group" in {claimed.work.kind for claimed, _ in frozen}
    await goes_on.settle()
    await goes_on.do(Close(incident=number, by=ANA))
    await goes_on.advance(MINUTE)
    (message,) = goes_on.slack.said("alerts")
    assert ("Closed" in str(message.blocks), "Resolved" in str(copies(goes_on)[0].blocks)) == (True, True)
    must_hold(await of_world(goes_on), at_rest=True)


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_a_copy_is_written_once_whatever_happens_on_its_way(goes_on: World, fault: Fault) -> None:
    goes_on.slack.fail(fault, times=2)
    await fire(goes_on, 1)
    await goes_on.advance(5 * MINUTE)
    assert (len(goes_on.slack.said("alerts")), len(copies(goes_on))) == (1, 1)
    must_hold(await of_world(goes_on), at_rest=True)


async def test_a_channel_that_is_not_there_keeps_no_message_from_the_other(goes_on: World) -> None:
    goes_on.slack.channel("shop").archived = True
    await fire(goes_on, 1)
    await goes_on.advance(MINUTE)
    assert len(goes_on.slack.said("alerts")) == 1


async def test_in_a_storm_the_further_channel_has_the_storms_message_once_and_the_copies_of_what_stands_by_itself(
    goes_on: World,
) -> None:
    await fire(goes_on, *range(1, 90, 3))
    await goes_on.advance(2 * MINUTE)
    marks = Counter((one.marker or "").partition(":")[0] for one in copies(goes_on))
    assert marks == {"group_copy": 10, "storm_copy": 1}
    (storm,) = await the_storms(goes_on)
    assert storm.copies == ("shop",)
    must_hold(await of_world(goes_on), at_rest=True)
    await goes_on.advance(10 * MINUTE)
    (told,) = [one for one in copies(goes_on) if (one.marker or "").startswith("storm_copy")]
    assert "Alert storm over" in told.text


async def test_what_goes_on_to_a_further_channel_when_the_storm_has_its_message_is_told_there_as_the_storm(
    goes_on: World,
) -> None:
    goes_on.policy = replace(
        goes_on.policy, routes=(Route(channel="alerts", goes_on=True), Route(matchers=CRITICAL, channel="grave"))
    )
    goes_on.start()
    await fire(goes_on, *range(12))
    await goes_on.advance(MINUTE)
    assert copies(goes_on, "grave") == []
    began = (await the_groups(goes_on))["Rule 11 fires"].began_at
    for _ in range(2):
        await goes_on.do(ReportAlert(report=rule(11, starts_at=began, severity=AlertSeverity.CRITICAL)))
        await goes_on.advance(MINUTE)
    assert [(one.marker or "").partition(":")[0] for one in copies(goes_on, "grave")] == ["storm_copy"]
    must_hold(await of_world(goes_on), at_rest=True)
    await goes_on.advance(10 * MINUTE)
    began = (await the_groups(goes_on))["Rule 10 fires"].began_at
    await goes_on.do(ReportAlert(report=rule(10, starts_at=began, severity=AlertSeverity.CRITICAL)))
    await goes_on.advance(MINUTE)
    assert len(copies(goes_on, "grave")) == 2, "the storm has passed: it has a copy by itself"
    must_hold(await of_world(goes_on), at_rest=True)
