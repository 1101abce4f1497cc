"""The way out: leases, fences, order, waits, poison.

One bad row, one dead worker, one slow Slack must not stop the rest.
"""

import asyncio
from datetime import timedelta

from sqlalchemy import select
from structlog.testing import capture_logs

from bot.domain.commands import AssignRole, Declare, SetStatus
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.domain.roles_model import Role
from bot.domain.tracks import Track
from bot.domain.work import Effect, PageAction, WarnAdmins
from bot.engine.dispatch import LEASE, wait_after
from bot.engine.jobs import Done, Job, Perform
from bot.engine.loop import Loop
from bot.store import effects, lanes
from bot.store.tables import effects as effects_table
from tests.engine.world import ANA, BO, CHECKOUT, World
from tests.fakes.clock import turn
from tests.fakes.slack import Fault

N = IncidentId(1)
A_MINUTE = timedelta(minutes=1)


async def declared(world: World, title: str = "Checkout is down", severity: Severity = Severity.SEV2) -> IncidentId:
    handled = await world.do(Declare(title=title, by=ANA, severity=severity, service=CHECKOUT))
    assert handled.incident
    return handled.incident.id


def moments(world: World) -> int:
    """Return how many moments of the first incident stand in its channel."""
    return sum((said.marker or "").startswith("said:1:") for said in world.slack.said())


async def test_a_page_goes_out_while_slack_is_away(world: World) -> None:
    world.slack.down = Fault.REFUSED
    await declared(world)
    await world.settle()
    assert world.pager.accepted == [(N, "trigger")]


async def test_slack_goes_on_while_the_pager_is_away_and_the_page_is_tried_until_accepted(world: World) -> None:
    world.pager.down = True
    await declared(world)
    await world.advance(A_MINUTE)
    assert (await world.incident()).channel
    assert world.pager.accepted == []
    world.pager.down = False
    await world.advance(A_MINUTE)
    assert world.pager.accepted == [(N, PageAction.TRIGGER.value)]


async def test_a_worker_that_froze_changes_nothing_when_it_wakes_up(world: World) -> None:
    await declared(world)
    twin = world.another()
    (stale,) = [claim for claim in await world.claim(twin) if claim[0].work.kind == "slack.open_channel"]
    await world.advance(LEASE + A_MINUTE)
    opened = (await world.incident()).channel
    calls = len(world.slack.calls)
    await twin.work_off(stale)
    await world.advance(A_MINUTE)
    assert len(world.slack.calls) == calls, "its lease was over, so it did not even call"
    assert (await world.incident()).channel == opened
    assert len(world.slack.channels_named("inc-1-")) == 1


async def test_what_a_late_worker_learned_is_not_written(world: World) -> None:
    await declared(world)
    twin = world.another()
    claims = [claim for claim in await world.claim(twin) if claim[0].work.kind == "slack.open_channel"]

    async def freeze(_method: str) -> None:
        world.slack.meanwhile = None
        world.clock.move(LEASE + A_MINUTE)
        await world.settle()

    world.slack.meanwhile = freeze
    await asyncio.gather(*(twin.work_off(claim) for claim in claims))
    await world.advance(timedelta(minutes=2))
    assert len(world.slack.channels_named("inc-1-")) == 1
    assert (await world.incident()).channel == world.slack.channels_named("inc-1-")[0].id


async def test_a_worker_whose_lanes_were_freed_under_it_writes_nothing(world: World) -> None:
    await declared(world)
    twin = world.another()
    claims = [claim for claim in await world.claim(twin) if claim[0].work.kind == "slack.open_channel"]

    async def another_process_starts(_method: str) -> None:
        world.slack.meanwhile = None
        async with world.database.transaction() as connection:
            await lanes.release_all(connection)
        await world.advance(timedelta(seconds=20))

    world.slack.meanwhile = another_process_starts
    with capture_logs() as told:
        await asyncio.gather(*(twin.work_off(claim) for claim in claims))
    assert "lease_lost" in [line["event"] for line in told]
    assert [row.event.kind for row in await world.timeline()].count("channel_opened") == 1
    assert len(world.slack.channels_named("inc-1-")) == 1


async def test_a_newer_decision_made_during_a_call_is_not_lost(world: World) -> None:
    await declared(world)
    await world.settle()

    async def during(_method: str) -> None:
        world.slack.meanwhile = None
        await world.do(AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=ANA))

    world.slack.meanwhile = during
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await world.advance(A_MINUTE)
    (card,) = world.slack.marked("card:1")
    assert BO in str(card.blocks)


async def test_one_poisoned_row_is_set_aside_and_its_lane_goes_on(world: World) -> None:
    def poison(kind: str, perform: Perform) -> Perform:
        async def broken(job: Job) -> Done:
            raise ZeroDivisionError

        return broken if kind == "slack.card" else perform

    world.wrap = poison
    world.start()
    await declared(world)
    other = await declared(world, "Search is slow")
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    await world.advance(timedelta(minutes=2))
    backlog = await world.desk.backlog()
    assert backlog["effects_quarantined"] == 2, "the cards of both"
    assert moments(world) == 1, "what waited behind it was said"
    assert (await world.incident(other)).channel
    assert any(row.event.kind == "delivery_failed" for row in await world.timeline())


async def test_a_wait_that_slack_asked_for_is_kept_also_when_the_work_is_decided_again(world: World) -> None:
    await declared(world)
    await world.settle()
    world.slack.retry_after = timedelta(seconds=30)
    world.slack.down = Fault.REFUSED
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await world.settle()
    calls = len(world.slack.calls)
    await world.do(SetStatus(incident=N, status=Status.MONITORING, by=ANA))
    await world.advance(timedelta(seconds=29))
    assert len(world.slack.calls) == calls
    world.slack.heal()
    await world.advance(timedelta(seconds=2))
    assert "monitoring" in world.slack.channel((await world.incident()).channel_name).topic.lower()


async def test_an_outcome_that_is_unknown_is_looked_up_before_it_is_repeated(world: World) -> None:
    await declared(world)
    await world.settle()
    world.slack.fail(Fault.LOST_AFTER, method="chat.postMessage")
    await world.do(AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=ANA))
    await world.advance(A_MINUTE)
    assert moments(world) == 1


async def test_the_gravest_incident_goes_first_when_places_are_scarce(world: World) -> None:
    for n in range(3):
        await declared(world, f"Blemish {n}", Severity.SEV4)
    await declared(world, "Everything is down", Severity.SEV1)
    first = (await world.dispatcher.claim(Track.CHAT, 1))[0][0]
    assert first.work.kind in {"slack.open_channel", "slack.announce"}
    assert getattr(first.work, "incident", None) == 4


async def test_the_loop_works_off_what_is_put_and_stops_when_told(world: World) -> None:
    loop = Loop(world.dispatcher, world.clock)
    world.engine.on_work = loop.wake
    running = asyncio.create_task(loop.run())
    await declared(world)
    while await world.waiting():
        await turn()
    loop.stop()
    await running
    assert (await world.incident()).channel


async def test_failures_of_no_incident_are_told_to_the_admins(world: World) -> None:
    del world.slack.channels[world.slack.channel("incidents").id]
    await declared(world)
    await world.advance(A_MINUTE)
    failed = [row.event for row in await world.timeline() if row.event.kind == "delivery_failed"]
    assert failed, "the announcement could not be written, and the record says so"


async def test_the_dead_workers_lanes_come_free_when_their_lease_ends(world: World) -> None:
    await declared(world)
    await world.claim(world.another())
    await world.settle()
    assert (await world.incident()).channel is None
    await world.advance(LEASE + timedelta(seconds=20))
    assert (await world.incident()).channel


async def test_work_that_nobody_knows_waits_for_a_version_that_does(world: World) -> None:
    warning = Effect(work=WarnAdmins(subject="x", text="y"), due=world.clock.now())
    await world.engine.put(warning)
    async with world.database.reading() as connection:
        assert await effects.count(connection, quarantined=False) == 1
    await world.settle()
    assert len(world.slack.said("muster-admin")) == 1


def test_waits_grow_to_a_minute() -> None:
    assert [wait_after(n).total_seconds() for n in (1, 2, 3, 6, 7, 400)] == [1, 2, 4, 32, 60, 60]


async def test_a_process_that_dies_at_work_makes_no_wait_longer(world: World) -> None:
    await declared(world)
    for _ in range(6):
        assert await world.claim(world.another(), Track.PAGER)
        await world.die()
    world.pager.down = True
    await world.settle()
    async with world.database.reading() as connection:
        row = (await connection.execute(select(effects_table).where(effects_table.c.kind == "pager.page"))).one()
    assert (row.attempts, row.due - world.clock.now()) == (1, wait_after(1))
