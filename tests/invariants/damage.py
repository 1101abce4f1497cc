"""Damage done to a world by hand: what Muster itself never does, so that those who watch have something to find."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Executable, delete, func, insert, select, update

from bot.domain.alerts_model import AlertSeverity
from bot.domain.ids import IncidentId, SourceName
from bot.domain.model import Severity
from bot.domain.storms_model import Storm, StormId
from bot.store import groups, storms
from bot.store import timeline as chained
from bot.store.inbox import DeliveryStatus
from bot.store.tables import deliveries, effects, incidents, lanes, receipts, timeline
from tests.domain.company import Company
from tests.engine.world import World

Damage = Callable[[World], Awaitable[None]]
N = IncidentId(1)
SOURCE = SourceName("alertmanager")
HOUR, MONTH = timedelta(hours=1), timedelta(days=30)
CARD = '{"kind":"slack.card","incident":1}'


async def write(world: World, *statements: Executable) -> None:
    """Write past the engine."""
    async with world.database.transaction() as connection:
        for statement in statements:
            await connection.execute(statement)


async def a_row_is_missing(world: World) -> None:
    await write(world, delete(timeline).where(timeline.c.incident == N, timeline.c.seq == 3))


async def the_last_row_is_missing(world: World) -> None:
    last = select(func.max(timeline.c.seq)).where(timeline.c.incident == N).scalar_subquery()
    await write(world, delete(timeline).where(timeline.c.incident == N, timeline.c.seq == last))


async def a_row_was_rewritten(world: World) -> None:
    await write(world, _rewritten(seq=1))


async def a_row_was_rewritten_and_chained_anew(world: World) -> None:
    """Do what somebody does who knows how the chain is made."""
    await write(world, _rewritten(seq=1))
    async with world.database.transaction() as connection:
        query = select(timeline).where(timeline.c.incident == N).order_by(timeline.c.seq)
        previous = ""
        for row in list(await connection.execute(query)):
            previous = chained.chain(previous, N, row.seq, row.body)
            await connection.execute(update(timeline).where(timeline.c.id == row.id).values(hash=previous))


async def a_row_cannot_be_read(world: World) -> None:
    async with world.database.transaction() as connection:
        query = select(timeline).where(timeline.c.incident == N).order_by(timeline.c.seq.desc()).limit(1)
        row = (await connection.execute(query)).one()
        before = select(timeline.c.hash).where(timeline.c.incident == N, timeline.c.seq == row.seq - 1)
        previous = (await connection.execute(before)).scalar_one()
        values = {"body": "{}", "hash": chained.chain(previous, N, row.seq, "{}")}
        await connection.execute(update(timeline).where(timeline.c.id == row.id).values(**values))


async def a_rows_time_was_changed(world: World) -> None:
    row = update(timeline).where(timeline.c.incident == N, timeline.c.seq == 1)
    await write(world, row.values(at=world.clock.now() + HOUR))


async def the_incident_was_changed(world: World) -> None:
    await write(world, _one().values(body=func.replace(incidents.c.body, "Checkout is down", "All is well")))


async def the_incident_cannot_be_read(world: World) -> None:
    await write(world, _one().values(body="{}"))


async def a_column_of_the_incident_was_changed(world: World) -> None:
    await write(world, _one().values(severity=Severity.SEV4.value))


async def what_is_left_to_do_was_miscounted(world: World) -> None:
    await write(world, _one().values(open_actions=7))


async def the_incident_is_gone(world: World) -> None:
    await write(world, delete(incidents).where(incidents.c.id == N))


async def an_incident_is_gone_with_its_timeline(world: World) -> None:
    await the_incident_is_gone(world)
    await write(world, delete(timeline).where(timeline.c.incident == N))


async def an_effect_has_no_lane(world: World) -> None:
    await write(world, insert(effects).values(**effect(world)))


async def a_lane_sleeps_past_its_work(world: World) -> None:
    await write(
        world,
        insert(effects).values(**effect(world)),
        insert(lanes).values(name="lost", track="chat", urgency=1, next_due=world.clock.now() + MONTH),
    )


async def a_lane_was_left_leased(world: World) -> None:
    lease = {"leased_until": world.clock.now() - HOUR, "token": "gone:1"}
    await write(
        world,
        insert(effects).values(**effect(world) | {"due": world.clock.now() + HOUR}),
        insert(lanes).values(name="lost", track="chat", urgency=1, next_due=world.clock.now() + HOUR, **lease),
    )


async def an_effect_was_set_aside(world: World) -> None:
    aside = {"quarantined_at": world.clock.now(), "error": "ValueError: said by somebody"}
    await write(world, insert(effects).values(**effect(world) | aside))


async def a_timer_does_not_fire(world: World) -> None:
    timer = effects.c.kind == "timer"
    late = {"due": world.clock.now() - HOUR}
    await write(
        world,
        update(effects).where(timer, effects.c.key == "timer:1:update").values(**late),
        update(lanes).where(lanes.c.name == "timer:1:update").values(next_due=world.clock.now() + MONTH),
    )


async def a_timer_is_lost(world: World) -> None:
    await write(world, delete(effects).where(effects.c.key == "timer:1:update"))


async def a_timer_of_the_second_is_lost(world: World) -> None:
    await write(world, delete(effects).where(effects.c.key == "timer:2:update"))


async def a_delivery_is_not_read(world: World) -> None:
    await write(world, _delivery(world, DeliveryStatus.WAITING))


async def a_delivery_was_not_understood(world: World) -> None:
    await write(world, _delivery(world, DeliveryStatus.QUARANTINED))


async def a_receipt_is_kept_for_ever(world: World) -> None:
    await write(world, insert(receipts).values(origin="test", key="old", at=world.clock.now() - MONTH))


def effect(world: World) -> dict[str, Any]:
    """Return an effect that was due an hour ago, in a lane that nobody knows."""
    due = world.clock.now() - HOUR
    return {"kind": "slack.card", "key": "lost", "lane": "lost", "urgency": 1, "work": CARD, "due": due}


def _rewritten(*, seq: int) -> Executable:
    row = update(timeline).where(timeline.c.incident == N, timeline.c.seq == seq)
    return row.values(body=func.replace(timeline.c.body, "Checkout is down", "Nothing to see"))


def _one() -> Any:
    return update(incidents).where(incidents.c.id == N)


def _delivery(world: World, status: DeliveryStatus) -> Executable:
    return insert(deliveries).values(
        source=SOURCE,
        integration="default",
        received_at=world.clock.now() - HOUR,
        body=b"{}",
        status=status.value,
    )


async def a_group_counts_wrongly(world: World) -> None:
    """Put a group that counts an alert which nobody has."""
    company = Company()
    company.tell("nobody has it", at=0, title="Nobody knows it")
    async with world.database.transaction() as connection:
        await groups.save(connection, [company.group], [])


async def a_storm_counts_wrongly(world: World) -> None:
    """Put a storm that counts groups by their severity which it does not count."""
    storm = Storm(id=StormId("a"), channel="nowhere", counts={"checkout": {AlertSeverity.HIGH: 2}}, groups=1)
    async with world.database.transaction() as connection:
        await storms.save(connection, [storm], [])


async def nobody_looks_whether_a_storm_is_over(world: World) -> None:
    """Put a storm that rages and is never looked at again."""
    storm = Storm(id=StormId("a"), channel="nowhere", began_at=world.clock.now())
    async with world.database.transaction() as connection:
        await storms.save(connection, [storm], [])
