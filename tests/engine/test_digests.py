"""Digests on the real database: nothing in between, one message when it is time, and none when there is nothing."""

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert
from bot.domain.digests_model import Digest
from bot.domain.groups_model import Group
from bot.domain.matchers import matchers_of
from bot.domain.routing import Route
from bot.domain.silence_commands import SilenceAlerts
from bot.domain.storms_model import Stand
from bot.store.bodies import group_body
from bot.store.tables import groups
from tests.domain.story import reported
from tests.engine.world import ANA, BO, World
from tests.fakes.slack import Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
HOURLY = Route(matchers=matchers_of('severity="info"'), digest=Digest(every=HOUR))


@pytest.fixture
def world(world: World) -> World:
    world.policy = replace(world.policy, routes=(HOURLY,))
    world.start()
    return world


def rule(number: int, **changes: object) -> ReportedAlert:
    """Return what is reported of one rule: a group of its own."""
    told = {"title": f"Rule{number}", "summary": f"Rule {number} fires", "labels": {"service": "shop"}}
    return reported(fingerprint=f"rule {number}", **({**told, "severity": AlertSeverity.INFO} | changes))


async def fire(world: World, *numbers: int, **changes: object) -> datetime:
    now = world.clock.now()
    for number in numbers:
        await world.do(ReportAlert(report=rule(number, starts_at=now, **changes)))
    return now


async def end(world: World, number: int, since: datetime) -> None:
    over = rule(number, status=AlertStatus.RESOLVED, starts_at=since, ends_at=world.clock.now())
    await world.do(ReportAlert(report=over))


def told(world: World) -> list[str]:
    """Return the first words of what was posted among the alerts, a message each."""
    return [(said.marker or "").partition(":")[0] for said in world.slack.said("alerts")]


def texts(world: World) -> list[str]:
    return [said.text for said in world.slack.said("alerts")]


async def the_groups(world: World) -> list[Group]:
    async with world.database.reading() as connection:
        bodies = (await connection.execute(select(groups.c.body).order_by(groups.c.id))).scalars()
        return [group_body.validate_json(body) for body in bodies]


async def test_what_fired_is_told_together_when_it_is_time_and_not_before(world: World) -> None:
    since = await fire(world, 1, 2)
    await world.advance(20 * MINUTE)
    await end(world, 1, since)
    await world.advance(39 * MINUTE)
    assert told(world) == []
    must_hold(await of_world(world), at_rest=True)
    await world.advance(MINUTE)
    assert texts(world) == ["Digest: 2 alerts fired, 1 still firing"]
    must_hold(await of_world(world), at_rest=True)


async def test_when_there_is_nothing_to_say_there_is_no_message(world: World) -> None:
    await fire(world, 1)
    await world.advance(5 * HOUR)
    assert told(world) == ["digest"], "that it goes on firing is no news"
    await fire(world, 2)
    await world.advance(HOUR)
    assert texts(world)[1:] == ["Digest: 1 alert fired, 2 still firing"], "but it is told with what is"
    must_hold(await of_world(world), at_rest=True)


async def test_how_often_it_fired_is_counted_though_it_flaps(world: World) -> None:
    for _ in range(6):
        since = await fire(world, 1)
        await world.advance(MINUTE)
        await end(world, 1, since)
        await world.advance(MINUTE)
    await world.advance(HOUR)
    assert texts(world) == ["Digest: 6 alerts fired, nothing still fires"]
    must_hold(await of_world(world), at_rest=True)


async def test_a_digest_may_come_at_a_time_of_the_day(world: World) -> None:
    daily = Digest(at=time(9), zone=ZoneInfo("Europe/Berlin"))
    world.policy = replace(world.policy, routes=(replace(HOURLY, digest=daily),))
    world.start()
    await fire(world, 1)
    start = world.clock.now()
    due = daily.next_after(start)
    await world.advance(due - start - SECOND)
    assert told(world) == []
    await world.advance(SECOND)
    assert told(world) == ["digest"]
    assert due.astimezone(daily.zone).time() == time(9)


async def test_what_becomes_too_grave_for_the_digest_is_told_at_once_where_it_belongs(world: World) -> None:
    grave = Route(matchers=matchers_of('severity="critical"'), channel="incidents")
    world.policy = replace(world.policy, routes=(HOURLY, grave))
    world.start()
    since = await fire(world, 1)
    await world.advance(5 * MINUTE)
    await world.do(ReportAlert(report=rule(1, starts_at=since, severity=AlertSeverity.CRITICAL)))
    await world.settle()
    assert [one.marker.partition(":")[0] for one in world.slack.said("incidents") if one.marker] == ["group"]
    await world.advance(2 * HOUR)
    assert told(world) == []
    must_hold(await of_world(world), at_rest=True)


async def test_another_alert_that_is_critical_goes_its_own_way(world: World) -> None:
    await fire(world, 1)
    await fire(world, 2, severity=AlertSeverity.CRITICAL)
    await world.settle()
    assert told(world) == ["group"]


async def test_what_is_silenced_is_not_told(world: World) -> None:
    matchers = matchers_of('alertname="Rule1"')
    await world.do(SilenceAlerts(matchers=matchers, lasts=3 * HOUR, by=ANA, reason="known", origin="test"))
    await fire(world, 1)
    await world.advance(HOUR)
    assert told(world) == []
    await fire(world, 2)
    await world.advance(HOUR)
    assert texts(world) == ["Digest: 1 alert fired, 1 still firing"]
    await world.advance(3 * HOUR)
    assert len(told(world)) == 2, "when the silence is over, what still fires is told"
    must_hold(await of_world(world), at_rest=True)


async def test_what_is_silenced_after_it_fired_is_left_out(world: World) -> None:
    await fire(world, 1)
    matchers = matchers_of('alertname="Rule1"')
    await world.do(SilenceAlerts(matchers=matchers, lasts=3 * HOUR, by=ANA, reason="known", origin="test"))
    await world.advance(2 * HOUR)
    assert told(world) == []
    must_hold(await of_world(world), at_rest=True)


async def test_what_came_and_went_while_it_was_silenced_is_never_told(world: World) -> None:
    matchers = matchers_of('alertname="Rule1"')
    await world.do(SilenceAlerts(matchers=matchers, lasts=3 * HOUR, by=ANA, reason="known", origin="test"))
    since = await fire(world, 1)
    await world.advance(MINUTE)
    await end(world, 1, since)
    await fire(world, 2)
    await world.advance(5 * HOUR)
    assert texts(world) == ["Digest: 1 alert fired, 1 still firing"]
    assert not any(group.news for group in await the_groups(world))


async def test_whoever_takes_it_up_needs_no_message_of_it(world: World) -> None:
    await fire(world, 1)
    (group,) = await the_groups(world)
    await world.do(AcknowledgeAlert(alert=group.id, by=BO))
    await world.do(Declare(by=ANA, alert=group.id))
    await world.advance(HOUR)
    assert told(world) == ["digest"]
    assert (await the_groups(world))[0].stand is Stand.NOWHERE
    must_hold(await of_world(world), at_rest=True)


async def test_many_in_a_digest_are_no_storm_and_a_few_are_listed(world: World) -> None:
    await fire(world, *range(30))
    await world.advance(HOUR)
    assert texts(world) == ["Digest: 30 alerts fired, 30 still firing"]
    (message,) = world.slack.said("alerts")
    assert "and 10 more" in str(message.blocks)
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.LOST_AFTER, Fault.LOST_BEFORE])
async def test_whatever_becomes_of_the_call_there_is_one_digest(world: World, fault: Fault) -> None:
    await fire(world, 1, 2)
    world.slack.fail(fault, method="chat.postMessage", times=2)
    await world.advance(2 * HOUR)
    assert texts(world) == ["Digest: 2 alerts fired, 2 still firing"]
    must_hold(await of_world(world), at_rest=True)


async def test_what_fires_while_a_digest_is_made_is_in_this_one_or_in_the_next(world: World) -> None:
    await fire(world, 1, 2)
    world.clock.move(HOUR)
    await asyncio.gather(world.settle(), *(fire(world, number) for number in range(3, 9)))
    await world.advance(2 * HOUR)
    counts = [int(text.split()[1]) for text in texts(world)]
    assert (sum(counts), len(counts) <= 2) == (8, True)
    must_hold(await of_world(world), at_rest=True)


async def test_that_what_was_told_is_over_is_no_news(world: World) -> None:
    since = await fire(world, 1)
    await world.advance(HOUR)
    await end(world, 1, since)
    await world.advance(2 * HOUR)
    assert texts(world) == ["Digest: 1 alert fired, 1 still firing"]
    must_hold(await of_world(world), at_rest=True)
