"""Expected heartbeats in the whole engine: noted when they are read, missed in time, through deaths and outages."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.alerts_model import Alert, AlertStatus
from bot.domain.matchers import matchers_of
from bot.domain.reconciling import Answer, Listed
from bot.domain.tracks import Track
from bot.domain.watchdogs import Watchdog
from bot.engine.deliveries import Delivery
from bot.engine.intake import keep
from bot.engine.presence import be_present
from bot.engine.reconcile import Reconciler, Sender
from bot.engine.watchdogs import watching
from bot.inbound.alerts.alertmanager import NAME, parse
from bot.store.bodies import alert_body, read
from bot.store.tables import alerts
from tests.engine.world import POLICY, World

MINUTE = timedelta(minutes=1)
DOG = Watchdog(
    source=NAME,
    integration="default",
    match=matchers_of('alertname="Watchdog"'),
    every=MINUTE,
    grace=MINUTE * 5,
)
MISSED = "No heartbeat from alertmanager/default since"


@pytest.fixture
async def guarded(world_url: str) -> AsyncIterator[World]:
    """A world in which a heartbeat is expected."""
    world = await World(world_url, replace(POLICY, watchdogs=(DOG,))).open()
    await world.engine.put(*watching(world.policy, world.clock.now()))
    await world.settle()
    yield world
    await world.close()


def body(*names: str, status: str = "firing") -> bytes:
    members = [
        {
            "status": status,
            "labels": {"alertname": name},
            "startsAt": "2026-03-01T00:00:00Z",
            "fingerprint": f"series of {name}",
        }
        for name in names
    ]
    return json.dumps({"status": status, "alerts": members}).encode()


async def deliver(world: World, content: bytes) -> None:
    now = world.clock.now()
    await keep(world.engine, [Delivery(source=NAME, received_at=now, body=content)], world.clock)
    await world.settle()


async def beat_for(world: World, minutes: int) -> None:
    for _ in range(minutes):
        await deliver(world, body("Watchdog"))
        await be_present(world.engine)
        await world.advance(MINUTE)


async def be_silent_for(world: World, minutes: int) -> None:
    for _ in range(minutes):
        await be_present(world.engine)
        await world.advance(MINUTE)


async def held(world: World) -> list[Alert]:
    async with world.database.reading() as connection:
        bodies = (await connection.execute(select(alerts.c.body).order_by(alerts.c.starts_at))).scalars()
        return [read(alert_body, one) for one in bodies]


async def test_a_heartbeat_is_never_shown_and_while_it_comes_nothing_is_said(guarded: World) -> None:
    await beat_for(guarded, 30)
    await deliver(guarded, body("Watchdog", status="resolved"))
    assert await held(guarded) == []


async def test_a_silence_is_said_once_and_ends_with_the_next_heartbeat(guarded: World) -> None:
    await beat_for(guarded, 3)
    await be_silent_for(guarded, 4)
    assert await held(guarded) == [], "the last came five minutes ago"
    await be_silent_for(guarded, 30)
    (alarm,) = await held(guarded)
    assert (alarm.status, alarm.report.headline) == (AlertStatus.FIRING, f"{MISSED} 2026-03-02 09:02:00 UTC")
    (said,) = guarded.said_in("alerts")
    assert MISSED in said
    await beat_for(guarded, 1)
    (alarm,) = await held(guarded)
    assert alarm.status is AlertStatus.RESOLVED
    await be_silent_for(guarded, 10)
    assert [one.status.value for one in await held(guarded)] == ["resolved", "firing"]


async def test_a_heartbeat_that_never_came_is_missed_too(guarded: World) -> None:
    await be_silent_for(guarded, 7)
    assert [one.report.headline for one in await held(guarded)] == [f"{MISSED} 2026-03-02 09:00:00 UTC"]


async def test_a_death_in_the_silence_delays_nothing(guarded: World) -> None:
    await beat_for(guarded, 1)
    await be_silent_for(guarded, 3)
    await guarded.die()
    await guarded.engine.put(*watching(guarded.policy, guarded.clock.now()))
    await be_silent_for(guarded, 3)
    assert len(await held(guarded)) == 1


async def test_after_an_outage_of_ours_the_heartbeat_has_its_time_to_come(guarded: World) -> None:
    await beat_for(guarded, 1)
    guarded.clock.move(MINUTE * 60)
    await guarded.die()
    await guarded.settle()
    await be_silent_for(guarded, 5)
    assert await held(guarded) == []
    await beat_for(guarded, 10)
    assert await held(guarded) == []
    await be_silent_for(guarded, 7)
    assert len(await held(guarded)) == 1


async def test_other_alerts_in_a_delivery_are_alerts(guarded: World) -> None:
    await deliver(guarded, body("Watchdog", "DiskFull"))
    await deliver(guarded, body(*(f"Pod{number}" for number in range(150)), "Watchdog"))
    assert len(await held(guarded)) == 151
    await be_silent_for(guarded, 4)
    assert not any(one.report.title == "HeartbeatMissing" for one in await held(guarded))


async def test_a_heartbeat_in_the_senders_list_is_no_heartbeat(guarded: World) -> None:
    (report,) = parse(body("Watchdog"))

    async def ask() -> Answer:
        return Answer(listed=(Listed(report=report, spoken=True),))

    await beat_for(guarded, 1)
    ours = Reconciler(guarded.engine, Sender(source=NAME, integration="default", peers={"http://am": ask}))
    for _ in range(7):
        assert await ours.round() == 0
        await be_silent_for(guarded, 1)
    assert [one.report.title for one in await held(guarded)] == ["HeartbeatMissing"]


async def test_what_is_not_expected_any_more_is_over_and_not_looked_at_again(guarded: World) -> None:
    await be_silent_for(guarded, 7)
    guarded.policy = replace(guarded.policy, watchdogs=())
    guarded.start()
    await guarded.advance(MINUTE * 30)
    assert [one.status for one in await held(guarded)] == [AlertStatus.RESOLVED]
    assert await guarded.waiting() == []
    await deliver(guarded, body("Watchdog"))
    assert len(await held(guarded)) == 2, "now it is an alert like any other"


async def test_what_was_never_missed_and_is_not_expected_any_more_leaves_nothing(guarded: World) -> None:
    guarded.policy = replace(guarded.policy, watchdogs=())
    guarded.start()
    await guarded.advance(MINUTE * 30)
    assert (await held(guarded), await guarded.waiting()) == ([], [])


async def test_a_busy_database_delays_a_look_and_loses_none(guarded: World) -> None:
    await be_silent_for(guarded, 5)
    await be_present(guarded.engine)
    guarded.clock.move(MINUTE)
    (claim,) = await guarded.claim(guarded.dispatcher, Track.CLOCK)
    guarded.database.unwritable = 1
    await guarded.dispatcher.work_off(claim)
    assert await held(guarded) == []
    await be_present(guarded.engine)
    await guarded.advance(MINUTE)
    assert len(await held(guarded)) == 1
