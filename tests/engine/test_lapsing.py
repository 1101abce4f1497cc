"""Alerts that nobody tells of any more, on the real database: over in time, not before they could be told, and once."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.alert_events import AlertEnded
from bot.domain.commands import Declare, ReportAlert, Resolve
from bot.domain.ids import SourceName
from bot.domain.silent import SilencePolicy
from bot.engine.presence import be_present
from bot.engine.unheard import SILENT_AT_ONCE
from bot.store import inbox, moments
from bot.store.inbox import DeliveryStatus
from bot.store.moments import AT_WORK
from bot.store.tables import alerts
from tests.engine.test_groups import N, fire, pod, the_group
from tests.engine.world import ANA, POLICY, World
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

ALERTMANAGER = SourceName("alertmanager")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
QUIET = replace(POLICY, silent=SilencePolicy(senders={(ALERTMANAGER, "default"): 4 * HOUR}))


@pytest.fixture
async def quiet(world: World) -> World:
    """Return a world in which four hours of silence mean that an alert is over."""
    world.policy = QUIET
    world.start()
    return world


async def test_what_nobody_tells_of_any_more_is_over_in_time_and_fires_again_when_it_is_told(quiet: World) -> None:
    await fire(quiet, 1, 2)
    await quiet.advance(2 * HOUR)
    await fire(quiet, 1)
    await quiet.die()
    await quiet.advance(2 * HOUR + MINUTE)
    assert ((await the_group(quiet)).firing, (await the_group(quiet)).unheard) == (1, 1)
    *_, note = quiet.slack.said("alerts")
    assert note.text == "1 not heard of for 4 h, counted as over: CheckoutErrorBudgetBurn"
    must_hold(await of_world(quiet), at_rest=True)
    await quiet.advance(2 * HOUR)
    message, *_ = quiet.slack.said("alerts")
    assert message.text.startswith("Not heard of for 4 h, counts as over for checkout")
    assert "resolved" not in json.dumps(message.blocks).lower()
    await fire(quiet, 2)
    await quiet.advance(MINUTE)
    assert [said.text for said in quiet.slack.said("alerts") if said.thread is None] == [
        "Critical for checkout: CheckoutErrorBudgetBurn. 1 of 2 firing."
    ]
    must_hold(await of_world(quiet), at_rest=True)


async def test_an_incident_says_that_nothing_was_heard_and_never_that_its_source_resolved_it(quiet: World) -> None:
    await fire(quiet, 1)
    await quiet.do(Declare(by=ANA, alert=(await the_group(quiet)).id))
    await quiet.advance(4 * HOUR + MINUTE)
    ended = [row.event for row in await quiet.timeline() if isinstance(row.event, AlertEnded)]
    assert [event.unheard_for for event in ended] == [4 * HOUR]
    spoken = quiet.said_in((await quiet.incident()).channel_name)
    assert any("Alert not heard of for 4 h, so it counts as over" in text for text in spoken)
    await quiet.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await quiet.advance(MINUTE)
    must_hold(await of_world(quiet), at_rest=True)


async def test_after_our_own_absence_senders_have_as_long_again(quiet: World) -> None:
    await be_present(quiet.engine)
    await fire(quiet, 1)
    await quiet.settle()
    quiet.clock.move(5 * HOUR)
    await quiet.die()
    await quiet.settle()
    assert (await the_group(quiet)).firing == 1, "nobody has said yet that we are back"
    await be_present(quiet.engine)
    await quiet.advance(4 * HOUR - MINUTE)
    assert (await the_group(quiet)).firing == 1
    async with quiet.database.transaction() as connection:
        await moments.save(connection, AT_WORK, quiet.clock.now())
    await quiet.advance(MINUTE)
    assert (await the_group(quiet)).firing == 0


async def test_what_was_delivered_and_is_not_read_yet_may_be_about_it(quiet: World) -> None:
    await fire(quiet, 1)
    await quiet.advance(4 * HOUR - MINUTE)
    async with quiet.database.transaction() as connection:
        row = {"source": ALERTMANAGER, "integration": "default", "received_at": quiet.clock.now(), "body": b"{}"}
        await inbox.deposit(connection, [row | {"status": DeliveryStatus.WAITING.value}])
    await quiet.advance(3 * MINUTE)
    assert (await the_group(quiet)).firing == 1


async def test_many_that_fall_silent_at_once_are_over_a_hundred_at_a_time(quiet: World) -> None:
    many = SILENT_AT_ONCE + 5
    for number in range(many):
        await quiet.do(ReportAlert(report=pod(number)))
    await quiet.advance(4 * HOUR)
    group = await the_group(quiet)
    assert (group.firing, group.unheard, group.is_closed) == (0, many, True)
    async with quiet.database.reading() as connection:
        assert set((await connection.execute(select(alerts.c.lapses_at))).scalars()) == {None}
    must_hold(await of_world(quiet), at_rest=True)
