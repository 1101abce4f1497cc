"""Two versions on one database, as while replicas are replaced: the older leaves to the newer what it cannot read."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update
from structlog.testing import capture_logs

from bot.domain.commands import Declare, SetStatus
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.domain.tracks import Track
from bot.domain.work import Effect, WarnAdmins
from bot.engine.dispatch import LEFT_FOR, PLACES
from bot.engine.loop import Loop
from bot.errors import FromNewer
from bot.store.tables import effects, incidents, lanes, timeline
from tests.engine.world import ANA, CHECKOUT, World
from tests.fakes.clock import turn

N = IncidentId(1)


async def put_by_a_newer_version(world: World, lane: str, *, track: str = "chat", kind: str = "slack.sing") -> None:
    """Put an effect that this version does not know, at the head of a lane."""
    now = world.clock.now()
    async with world.database.transaction() as connection:
        row = {"name": lane, "track": track, "urgency": 0, "next_due": now}
        await connection.execute(insert(lanes).values(**row))
        work = f'{{"kind": "{kind}", "song": "Für Elise"}}'
        await connection.execute(
            insert(effects).values(kind=kind, key=f"{kind}:{lane}", lane=lane, urgency=0, work=work, due=now)
        )


async def left_alone(world: World, lane: str) -> bool:
    """Tell whether a lane and its head are as they were put."""
    async with world.database.reading() as connection:
        first = select(effects).where(effects.c.lane == lane).order_by(effects.c.id).limit(1)
        head = (await connection.execute(first)).one()
        there = (await connection.execute(select(lanes).where(lanes.c.name == lane))).one()
    untouched = (head.attempts, head.failures, head.first_sent_at, head.last_sent_at, head.quarantined_at)
    return untouched == (0, 0, None, None, None) and (there.leased_until, there.token) == (None, None)


async def declared(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    await world.settle()


async def test_work_of_an_unknown_kind_is_left_and_all_else_goes_on(world: World) -> None:
    await put_by_a_newer_version(world, "choir")
    with capture_logs() as told:
        await declared(world)
    assert (await world.incident()).channel
    assert await left_alone(world, "choir")
    assert [line["lane"] for line in told if line["event"] == "left_to_a_newer_version"] == ["choir"], "said once"


async def test_it_is_looked_at_again_after_a_while_and_never_set_aside(world: World) -> None:
    await put_by_a_newer_version(world, "choir")
    with capture_logs() as told:
        for _ in range(10):
            await world.settle()
            world.clock.move(LEFT_FOR)
    assert await left_alone(world, "choir")
    assert sum(line["event"] == "left_to_a_newer_version" for line in told) == 10


async def test_many_lanes_of_a_newer_version_do_not_hold_up_what_is_ours(world: World) -> None:
    for number in range(PLACES[Track.CHAT] + 1):
        await put_by_a_newer_version(world, f"choir {number}")
    woken: list[None] = []
    world.engine.on_work = lambda: woken.append(None)
    await world.engine.put(Effect(work=WarnAdmins(subject="x", text="y"), due=world.clock.now(), urgency=9))
    woken.clear()
    assert await world.dispatcher.claim(Track.CHAT, PLACES[Track.CHAT]) == []
    assert woken, "it looks again at once"
    assert len(await world.dispatcher.claim(Track.CHAT, PLACES[Track.CHAT])) == 1


async def test_a_track_that_is_not_known_is_nobodys_here(world: World) -> None:
    await put_by_a_newer_version(world, "hall", track="concert")
    loop = Loop(world.dispatcher, world.clock)
    world.engine.on_work = loop.wake
    running = asyncio.create_task(loop.run())
    await world.engine.put(Effect(work=WarnAdmins(subject="x", text="y"), due=world.clock.now()))
    while not world.slack.said("muster-admin"):
        await turn()
    loop.stop()
    await running
    assert await left_alone(world, "hall")


async def test_work_behind_what_is_ours_is_left_when_its_turn_comes(world: World) -> None:
    """Known work that carries something unknown, in a lane that this version is at work on."""
    await declared(world)
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    async with world.database.transaction() as connection:
        said = select(effects.c.id, effects.c.work, effects.c.lane).where(effects.c.kind == "slack.say")
        row = (await connection.execute(said.order_by(effects.c.id).limit(1))).one()
        newer = row.work.replace('"status_changed"', '"status_sung"')
        assert newer != row.work
        await connection.execute(update(effects).where(effects.c.id == row.id).values(work=newer))
    await world.settle()
    assert await left_alone(world, row.lane)
    async with world.database.transaction() as connection:
        await connection.execute(update(effects).where(effects.c.id == row.id).values(work=row.work))
    await world.advance(LEFT_FOR + timedelta(seconds=1))
    assert sum("Identified" in text for text in world.said_in((await world.incident()).channel_name)) == 1


async def test_work_about_an_incident_that_cannot_be_read_is_left_as_it_was(world: World) -> None:
    await declared(world)
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    async with world.database.transaction() as connection:
        body = (await connection.execute(select(incidents.c.body))).scalar_one()
        newer = body.replace('"identified"', '"pondered"')
        await connection.execute(update(incidents).values(body=newer))
        before = (await connection.execute(select(effects).order_by(effects.c.id))).all()
    await world.settle()
    async with world.database.reading() as connection:
        assert (await connection.execute(select(effects).order_by(effects.c.id))).all() == before
    async with world.database.transaction() as connection:
        await connection.execute(update(incidents).values(body=body))
    await world.advance(LEFT_FOR + timedelta(seconds=1))
    assert await world.waiting() == []


async def test_what_somebody_wants_of_what_cannot_be_read_is_refused_for_now(world: World) -> None:
    await declared(world)
    async with world.database.transaction() as connection:
        await connection.execute(update(timeline).values(body='{"kind": "sung"}'))
        body = (await connection.execute(select(incidents.c.body))).scalar_one()
        await connection.execute(update(incidents).values(body=body.replace('"investigating"', '"pondered"')))
    with pytest.raises(FromNewer):
        await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    with pytest.raises(FromNewer):
        await world.timeline()
