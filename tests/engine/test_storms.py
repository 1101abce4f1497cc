"""A storm on the real database: one living message, few beside it, and everything still there to be acted upon."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert, ReviewStorm
from bot.domain.groups_model import Group
from bot.domain.matchers import matchers_of
from bot.domain.model import Severity
from bot.domain.routing import Route
from bot.domain.silence_commands import SilenceAlerts
from bot.domain.storms import OTHERS, SERVICES
from bot.domain.storms_model import Stand, Storm, StormId, StormPolicy
from bot.engine.jobs import Done, Job
from bot.engine.reports import take_in
from bot.errors import Overloaded, TryLater
from bot.store.bodies import group_body, storm_body
from bot.store.tables import groups, storms
from tests.domain.story import reported
from tests.engine.world import ANA, BO, World
from tests.fakes.slack import Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def rule(number: int, **changes: object) -> ReportedAlert:
    """Return what is reported of one rule: a group of its own."""
    labels = {"service": f"shop-{number % 3}"}
    told = {"title": f"Rule{number}", "summary": f"Rule {number} fires", "labels": labels}
    return reported(fingerprint=f"rule {number}", **({**told, "severity": AlertSeverity.WARNING} | changes))


async def fire(world: World, *numbers: int, **changes: object) -> None:
    for number in numbers:
        await world.do(ReportAlert(report=rule(number, starts_at=world.clock.now(), **changes)))


def told(world: World) -> Counter[str]:
    """Count what stands among the alerts: storms, groups by themselves, and groups in a thread."""
    said = world.slack.said("alerts")
    return Counter((one.marker or "").partition(":")[0] + (" in thread" if one.thread else "") for one in said)


async def the_storms(world: World) -> list[Storm]:
    async with world.database.reading() as connection:
        bodies = (await connection.execute(select(storms.c.body).order_by(storms.c.number))).scalars()
        return [storm_body.validate_json(body) for body in bodies]


async def test_five_hundred_groups_are_ten_messages_one_storm_and_a_thread(world: World) -> None:
    await fire(world, *range(500))
    await world.advance(2 * MINUTE)
    assert told(world) == {"group": 10, "storm": 1, "group in thread": 20}
    must_hold(await of_world(world), at_rest=True)


async def the_groups(world: World) -> dict[str, Group]:
    async with world.database.reading() as connection:
        bodies = (await connection.execute(select(groups.c.body))).scalars()
        found = [group_body.validate_json(body) for body in bodies]
    return {group.title: group for group in found}


async def test_the_calls_to_slack_in_a_storm_are_as_many_as_channels_need_whatever_the_number_of_alerts(
    world: World,
) -> None:
    for minute in range(3):
        await fire(world, *range(minute * 100, minute * 100 + 100))
        await world.advance(MINUTE)
    calls = Counter(call.method for call in world.slack.calls)
    assert calls["chat.postMessage"] == 10 + 1 + 20
    assert calls["chat.update"] <= 3 * MINUTE / (15 * SECOND)
    must_hold(await of_world(world), at_rest=True)


async def test_critical_groups_stand_by_themselves_until_they_are_a_storm_of_their_own(world: World) -> None:
    await fire(world, *range(20))
    await fire(world, *range(100, 105), severity=AlertSeverity.CRITICAL)
    await world.advance(MINUTE)
    assert told(world) == {"group": 10 + 5, "storm": 1, "group in thread": 10}
    await fire(world, *range(200, 300), severity=AlertSeverity.CRITICAL)
    await world.advance(2 * MINUTE)
    assert told(world) == {"group": 10 + 10, "storm": 1, "group in thread": 40}
    must_hold(await of_world(world), at_rest=True)


async def test_a_storm_is_over_when_there_were_not_too_many_for_a_while_and_says_what_still_fires(world: World) -> None:
    await fire(world, *range(30))
    (before,) = await the_storms(world)
    await world.advance(4 * MINUTE)
    await fire(world, 100)
    assert (await the_storms(world))[0].groups == 21, "few come, but it is not over yet"
    await world.advance(2 * MINUTE)
    for number in range(29):
        end = {"status": AlertStatus.RESOLVED, "starts_at": before.recent[0], "ends_at": world.clock.now()}
        await world.do(ReportAlert(report=rule(number, **end)))
    await world.advance(MINUTE)
    (message,) = (one for one in world.slack.said("alerts") if (one.marker or "").startswith("storm"))
    assert message.text.startswith("Alert storm over: 2 of 21 groups still firing")
    await fire(world, 200)
    await world.settle()
    assert told(world) == {"group": 11, "storm": 1, "group in thread": 20}, "what comes then stands by itself"
    first, second = await the_storms(world)
    assert (first.is_on, second.number, second.began_at) == (False, 2, None)
    must_hold(await of_world(world), at_rest=True)


async def test_the_next_storm_has_a_message_of_its_own(world: World) -> None:
    for round_ in range(2):
        await fire(world, *range(round_ * 100, round_ * 100 + 15))
        await world.advance(10 * MINUTE)
    assert told(world) == {"group": 20, "storm": 2, "group in thread": 10}
    assert [storm.groups for storm in await the_storms(world)] == [5, 5]
    must_hold(await of_world(world), at_rest=True)


async def test_other_channels_have_no_part_in_a_storm(world: World) -> None:
    world.policy = replace(world.policy, routes=(Route(matchers=matchers_of('team="data"'), channel="incidents"),))
    world.start()
    await fire(world, *range(30))
    await fire(world, 100, labels={"team": "data"})
    await world.advance(MINUTE)
    assert [one.marker.partition(":")[0] for one in world.slack.said("incidents") if one.marker] == ["group"]


async def test_what_somebody_takes_up_in_a_storm_has_its_message_in_the_thread_and_its_page(world: World) -> None:
    await fire(world, *range(50))
    await world.advance(MINUTE)
    group = (await the_groups(world))["Rule 49 fires"]
    assert group.stand is Stand.NOWHERE
    await world.do(AcknowledgeAlert(alert=group.id, by=BO))
    await world.do(Declare(by=ANA, alert=group.id, severity=Severity.SEV1))
    await world.advance(MINUTE)
    assert [number for number, _ in world.pager.accepted] == [1]
    (message,) = (one for one in world.slack.said("alerts") if one.marker == f"group:{group.id}")
    assert message.thread
    assert told(world) == {"group": 10, "storm": 1, "group in thread": 21}
    must_hold(await of_world(world), at_rest=True)


async def test_a_press_in_the_thread_acts_on_the_group_whose_message_it_is(world: World) -> None:
    await fire(world, *range(12))
    await world.advance(MINUTE)
    group = (await the_groups(world))["Rule 11 fires"]
    assert group.stand is Stand.THREAD
    await world.do(AcknowledgeAlert(alert=group.id, by=BO))
    await world.advance(MINUTE)
    assert [len(one.revisions) for one in world.slack.said("alerts") if one.marker == f"group:{group.id}"] == [1]
    must_hold(await of_world(world), at_rest=True)


async def test_what_had_no_message_has_one_when_more_of_it_fires_after_the_storm(world: World) -> None:
    await fire(world, *range(50))
    await world.advance(10 * MINUTE)
    late = rule(49, labels={"service": "shop-1", "pod": "b"}, starts_at=world.clock.now())
    await world.do(ReportAlert(report=replace(late, fingerprint="another of rule 49")))
    await world.settle()
    assert told(world) == {"group": 11, "storm": 1, "group in thread": 20}
    assert (await the_groups(world))["Rule 49 fires"].stand is Stand.CHANNEL
    must_hold(await of_world(world), at_rest=True)


async def test_a_group_without_a_message_that_becomes_critical_is_told_in_the_storm(world: World) -> None:
    await fire(world, *range(50))
    await world.advance(MINUTE)
    grave = rule(49, labels={"service": "shop-1", "pod": "b"}, severity=AlertSeverity.CRITICAL)
    for name, told_of in (("b", grave), ("c", grave), ("d", rule(48))):
        await world.do(ReportAlert(report=replace(told_of, fingerprint=name, starts_at=world.clock.now())))
    await world.advance(MINUTE)
    assert told(world) == {"group": 11, "group_news in thread": 1, "storm": 1, "group in thread": 20}
    must_hold(await of_world(world), at_rest=True)


async def test_a_group_without_a_message_whose_only_alert_becomes_critical_stands_by_itself(world: World) -> None:
    await fire(world, *range(50))
    await world.advance(MINUTE)
    await world.do(ReportAlert(report=replace(rule(49), severity=AlertSeverity.CRITICAL)))
    await world.advance(MINUTE)
    assert told(world) == {"group": 11, "group_news in thread": 1, "storm": 1, "group in thread": 20}
    assert (await the_groups(world))["Rule 49 fires"].stand is Stand.CHANNEL
    must_hold(await of_world(world), at_rest=True)


async def test_a_group_that_waits_for_its_first_message_finds_its_place_when_the_wait_is_over(world: World) -> None:
    world.policy = replace(world.policy, routes=(Route(group_wait=30 * SECOND),))
    world.start()
    await fire(world, *range(40))
    await world.advance(3 * MINUTE)
    assert told(world) == {"group": 10, "storm": 1, "group in thread": 20}
    must_hold(await of_world(world), at_rest=True)


async def test_no_storm_is_seen_where_none_is_wanted(world: World) -> None:
    world.policy = replace(world.policy, storm=StormPolicy(groups=0))
    world.start()
    await fire(world, *range(25))
    await world.settle()
    assert told(world) == {"group": 25}


async def test_silenced_groups_are_no_storm(world: World) -> None:
    rules = matchers_of('alertname=~"Rule.*"')
    await world.do(SilenceAlerts(matchers=rules, lasts=timedelta(hours=1), by=ANA, reason="test", origin="test"))
    await fire(world, *range(25))
    await world.settle()
    assert (told(world), await the_storms(world)) == ({}, [])
    await world.advance(timedelta(hours=1))
    await world.advance(2 * MINUTE)
    assert told(world) == {"group": 10, "storm": 1, "group in thread": 15}, "when the silence ends they are"
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.LOST_AFTER, Fault.LOST_BEFORE])
async def test_whatever_becomes_of_the_first_calls_there_is_one_message_of_a_storm(world: World, fault: Fault) -> None:
    await fire(world, *range(60))
    world.slack.fail(fault, method="chat.postMessage", times=25)
    await world.advance(10 * MINUTE)
    assert told(world) == {"group": 10, "storm": 1, "group in thread": 20}
    must_hold(await of_world(world), at_rest=True)


async def test_two_replicas_that_see_a_storm_begin_at_once_begin_one(world: World) -> None:
    reports = [rule(number, starts_at=world.clock.now()) for number in range(40)]
    await asyncio.gather(*(take(world, [report]) for report in reports))
    await world.advance(3 * MINUTE)
    assert told(world) == {"group": 10, "storm": 1, "group in thread": 20}
    must_hold(await of_world(world), at_rest=True)


async def take(world: World, reports: Sequence[ReportedAlert]) -> None:
    """Take reports in as whoever reads deliveries does, and again when another was first."""
    commands = [ReportAlert(report=report) for report in reports]
    while True:
        try:
            async with world.database.transaction() as connection:
                await take_in(connection, commands, world.clock.now(), world.policy)
        except (DBAPIError, Overloaded):
            continue
        return


async def test_many_at_once_make_the_storm_that_they_make_one_by_one(world: World) -> None:
    now = world.clock.now()
    grave = [rule(number, starts_at=now, severity=AlertSeverity.CRITICAL) for number in range(100, 130)]
    await take(world, [*(rule(number, starts_at=now) for number in range(15)), *grave])
    await world.advance(3 * MINUTE)
    assert told(world) == {"group": 20, "storm": 1, "group in thread": 25}
    must_hold(await of_world(world), at_rest=True)


async def test_who_deletes_the_storms_message_has_it_posted_again_with_a_thread_of_its_own(world: World) -> None:
    await fire(world, *range(12))
    await world.advance(MINUTE)
    room = world.slack.channel("alerts")
    (message,) = (one for one in room.messages.values() if (one.marker or "").startswith("storm"))
    del room.messages[message.ts]
    await fire(world, 50)
    await world.advance(2 * MINUTE)
    again = [one for one in world.slack.said("alerts") if (one.marker or "").startswith("storm")]
    late = (await the_groups(world))["Rule 50 fires"]
    (told_late,) = (one for one in world.slack.said("alerts") if one.marker == f"group:{late.id}")
    assert [told_late.thread] == [one.ts for one in again]


async def test_what_belongs_under_a_storm_whose_message_never_comes_stands_by_itself(world: World) -> None:
    real = world.wrap
    world.wrap = lambda kind, perform: _never if kind == "slack.storm" else real(kind, perform)
    world.dispatcher = world.another()
    await fire(world, *range(12))
    await world.advance(10 * MINUTE)
    assert told(world) == {"group": 12}


async def _never(_job: Job) -> Done:
    message = "Slack is away"
    raise TryLater(message)


async def test_a_storm_that_nobody_knows_is_looked_at_in_vain(world: World) -> None:
    await world.do(ReviewStorm(storm=StormId("gone")))
    assert await world.waiting() == []


async def test_of_very_many_services_the_later_are_counted_as_one(world: World) -> None:
    for number in range(60):
        await fire(world, number, labels={"service": f"shop-{number}"})
    (storm,) = await the_storms(world)
    assert (storm.groups, len(storm.counts), sum(storm.counts[OTHERS].values())) == (50, SERVICES + 1, 10)
    must_hold(await of_world(world), at_rest=False)
