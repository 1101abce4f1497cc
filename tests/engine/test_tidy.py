"""What is forgotten, and what never is."""

from datetime import timedelta

from bot.domain.commands import Declare
from bot.engine.tidy import KEPT_FOR, STEP, tidy
from bot.inbound.alerts.alertmanager import NAME, SAMPLE
from bot.store import inbox
from bot.store.inbox import DeliveryStatus
from tests.engine.world import ANA, World


async def counts(world: World) -> dict[str, int]:
    async with world.database.reading() as connection:
        return {status.value: await inbox.count(connection, status) for status in DeliveryStatus}


async def deposit(world: World, body: bytes) -> None:
    row = {"source": NAME, "integration": "default", "received_at": world.clock.now(), "body": body}
    async with world.database.transaction() as connection:
        await inbox.deposit(connection, [row | {"status": DeliveryStatus.WAITING.value}])


async def test_after_a_week_what_was_read_is_forgotten_and_what_was_not_understood_is_kept(world: World) -> None:
    for body in (SAMPLE, b"no JSON"):
        await deposit(world, body)
    async with world.database.transaction() as connection:
        (read, *_), (broken, *_) = await inbox.waiting(connection, NAME, 9, len(SAMPLE) * 9)
        await inbox.mark_read(connection, [read])
        await inbox.set_aside(connection, broken, "it is no JSON")
    await deposit(world, SAMPLE)
    assert await tidy(world.database, world.clock.now() + KEPT_FOR) == 0, "a week is kept whole"
    assert await tidy(world.database, world.clock.now() + KEPT_FOR + timedelta(seconds=1)) == 1
    assert await counts(world) == {"waiting": 1, "read": 0, "quarantined": 1}


async def test_receipts_of_a_week_ago_go_and_the_record_stays(world: World) -> None:
    declared = Declare(title="Checkout is down", by=ANA)
    await world.do(declared, key="T1")
    await world.advance(timedelta(minutes=1))
    incident = await world.incident()
    assert incident.channel
    said = world.message(incident.channel, "1772440001.000100", by=ANA)
    await world.do(said)
    before = await world.timeline()
    assert await tidy(world.database, world.clock.now() + KEPT_FOR + timedelta(seconds=1)) == 2
    assert await world.timeline() == before


async def test_many_rows_are_forgotten_in_small_steps(world: World) -> None:
    many = 2 * STEP + 1
    async with world.database.transaction() as connection:
        for number in range(many):
            await inbox.take(connection, "test", f"T{number}", world.clock.now())
    assert await tidy(world.database, world.clock.now() + KEPT_FOR + timedelta(seconds=1)) == many
