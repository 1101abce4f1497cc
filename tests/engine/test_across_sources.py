"""One group for what several sources tell of a service, within its window; what fires later is a group of its own."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.commands import AcknowledgeAlert, ReportAlert
from bot.domain.groups_model import Group
from bot.domain.ids import AlertId, SourceName
from bot.domain.matchers import matchers_of
from bot.domain.routing import Route
from bot.store import groups
from tests.domain.story import reported
from tests.engine.world import ANA, POLICY, World
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

MINUTE = timedelta(minutes=1)
BY_SERVICE = Route(matchers=matchers_of('service!=""'), group_by=("service",), group_within=10 * MINUTE)
PROMETHEUS, DATADOG = SourceName("alertmanager"), SourceName("datadog")


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, policy=replace(POLICY, routes=(BY_SERVICE,))).open()
    yield world
    await world.close()


def of(source: SourceName, name: str, world: World, **changes: object) -> ReportedAlert:
    told = {"labels": {"service": "checkout"}, "title": name, "summary": f"{name} fails"}
    return reported(source=source, fingerprint=f"{source} {name}", starts_at=world.clock.now(), **(told | changes))


async def tell(world: World, *reports: ReportedAlert) -> None:
    for report in reports:
        await world.do(ReportAlert(report=report))
    await world.settle()


async def firing(world: World) -> list[Group]:
    async with world.database.reading() as connection:
        return sorted(await groups.firing(connection), key=lambda one: one.number)


def shown(world: World) -> list[str]:
    return [said.text for said in world.slack.said("alerts") if said.thread is None]


async def test_what_two_sources_tell_of_a_service_is_one_group_and_one_message(
    world: World,
) -> None:
    await tell(world, of(PROMETHEUS, "Errors", world), of(DATADOG, "Latency", world))
    await world.advance(MINUTE)
    (group,) = await firing(world)
    assert (group.total, group.firing) == (2, 2)
    (message,) = shown(world)
    assert "2 of 2 firing" in message
    await world.do(AcknowledgeAlert(alert=AlertId(group.id), by=ANA))
    await tell(world, of(DATADOG, "Saturation", world))
    assert [one.acknowledged.by for one in await firing(world) if one.acknowledged] == [ANA]
    must_hold(await of_world(world), at_rest=True)


async def test_what_is_of_another_service_is_another_group(world: World) -> None:
    await tell(world, of(PROMETHEUS, "Errors", world), of(DATADOG, "Errors", world, labels={"service": "search"}))
    assert [one.total for one in await firing(world)] == [1, 1]


async def test_after_the_window_what_fires_begins_another_group_while_the_first_goes_on(world: World) -> None:
    await tell(world, of(PROMETHEUS, "Errors", world))
    await world.advance(11 * MINUTE)
    await tell(world, of(DATADOG, "Latency", world))
    assert [(one.number, one.total) for one in await firing(world)] == [(1, 1), (2, 1)]
    assert len(shown(world)) == 2
    await tell(world, of(PROMETHEUS, "Saturation", world))
    assert [(one.number, one.total) for one in await firing(world)] == [(1, 1), (2, 2)]
    must_hold(await of_world(world), at_rest=True)


async def test_the_window_slides_with_each_change(world: World) -> None:
    for name in ("Errors", "Latency", "Saturation"):
        await tell(world, of(DATADOG, name, world))
        await world.advance(9 * MINUTE)
    (group,) = await firing(world)
    assert group.total == 3


async def test_each_alert_ends_in_the_group_that_it_fired_in(world: World) -> None:
    first = of(PROMETHEUS, "Errors", world)
    await tell(world, first)
    await world.advance(11 * MINUTE)
    second = of(DATADOG, "Latency", world)
    await tell(world, second)
    await tell(world, replace(first, status=AlertStatus.RESOLVED, ends_at=world.clock.now()))
    assert [one.number for one in await firing(world)] == [2]
    await tell(world, replace(second, status=AlertStatus.RESOLVED, ends_at=world.clock.now()))
    await world.advance(MINUTE)
    assert await firing(world) == []
    assert all("Resolved" in text for text in shown(world))
    must_hold(await of_world(world), at_rest=True)


async def test_many_alerts_at_once_after_the_window_begin_one_group(world: World) -> None:
    await tell(world, of(PROMETHEUS, "Errors", world))
    await world.advance(11 * MINUTE)
    await tell(world, *(of(source, f"A{n}", world) for n in range(5) for source in (PROMETHEUS, DATADOG)))
    assert [(one.number, one.total) for one in await firing(world)] == [(1, 1), (2, 10)]


async def test_a_series_that_fires_again_joins_the_group_that_takes_alerts(
    world: World,
) -> None:
    first = of(PROMETHEUS, "Errors", world)
    await tell(world, first, of(PROMETHEUS, "Other", world))
    await world.advance(11 * MINUTE)
    await tell(world, of(DATADOG, "Latency", world))
    await tell(world, replace(first, status=AlertStatus.RESOLVED, ends_at=world.clock.now()))
    await world.advance(MINUTE)
    await tell(world, replace(first, starts_at=world.clock.now()))
    assert [(one.number, one.firing) for one in await firing(world)] == [(1, 1), (2, 2)]
    must_hold(await of_world(world), at_rest=True)


async def test_without_a_window_a_group_takes_alerts_as_long_as_it_fires(world_url: str) -> None:
    world = await World(world_url, policy=replace(POLICY, routes=(replace(BY_SERVICE, group_within=None),))).open()
    await tell(world, of(PROMETHEUS, "Errors", world))
    await world.advance(timedelta(days=3))
    await tell(world, of(DATADOG, "Latency", world))
    assert [one.total for one in await firing(world)] == [2]
    await world.close()
