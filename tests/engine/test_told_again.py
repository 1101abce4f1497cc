"""What senders tell again, word for word, costs nearly nothing, and nothing is lost by it."""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from bot.domain.alerts_model import AlertStatus
from bot.domain.ids import SourceName
from bot.engine.deliveries import Delivery
from bot.engine.intake import keep
from bot.engine.reading import OLD_NEWS_AT_ONCE, REPORTS_AT_ONCE
from bot.store.tables import alerts, deliveries, groups
from tests.engine.world import World
from tests.fakes.clock import START

ALERTMANAGER = SourceName("alertmanager")
EACH = 10


def body(*told: tuple[int, AlertStatus, int, str]) -> bytes:
    """Return a webhook of series that are told: which, how it is, how many minutes ago it began, what is said of it."""
    return json.dumps(
        {
            "alerts": [
                {
                    "status": status.value,
                    "labels": {"alertname": "CheckoutFails", "pod": str(series)},
                    "annotations": {"summary": summary},
                    "startsAt": (START - timedelta(minutes=began)).isoformat(),
                    "fingerprint": str(series),
                }
                for series, status, began, summary in told
            ]
        }
    ).encode()


async def kept(world: World, bodies: Sequence[bytes]) -> None:
    now = world.clock.now()
    await keep(world.engine, [Delivery(source=ALERTMANAGER, received_at=now, body=one) for one in bodies], world.clock)


async def test_what_is_told_again_and_again_is_decided_once(world: World) -> None:
    parts: list[str] = []

    def noted(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        parts.extend([statement] * statement.startswith("UPDATE deliveries"))

    firing = [
        body(*((EACH * n + one, AlertStatus.FIRING, 1, "Checkout fails") for one in range(EACH))) for n in range(20)
    ]
    await kept(world, firing * 30)
    event.listen(world.database.engine.sync_engine, "before_cursor_execute", noted)
    await world.settle()
    assert len(parts) == len(firing) * EACH / REPORTS_AT_ONCE
    async with world.database.reading() as connection:
        assert set((await connection.execute(select(deliveries.c.status))).scalars()) == {"read"}
        assert len((await connection.execute(select(alerts.c.id))).all()) == len(firing) * EACH
    parts.clear()
    assert REPORTS_AT_ONCE < len(firing) * EACH <= REPORTS_AT_ONCE + OLD_NEWS_AT_ONCE
    await kept(world, firing)
    await world.settle()
    assert len(parts) == 2  # the first may be news; as it is not, all the rest is taken in at once


async def what_comes_of(bodies: Sequence[bytes], *, at_once: bool) -> tuple[object, ...]:
    with tempfile.TemporaryDirectory() as folder:
        world = await World(f"sqlite+aiosqlite:///{Path(folder)}/muster.db").open()
        for some in [bodies] if at_once else [[one] for one in bodies]:
            await kept(world, some)
            await world.settle()
        async with world.database.reading() as connection:
            seen = [
                [tuple(row) for row in await connection.execute(select(table).order_by(table.c.id))]
                for table in (alerts, groups)
            ]
        await world.close()
        return tuple(seen)


SERIES = st.tuples(st.integers(1, 2), st.sampled_from(AlertStatus), st.integers(1, 3), st.sampled_from("AB"))
BODIES = st.lists(SERIES, min_size=1, max_size=3).map(lambda told: body(*told))


@given(
    bodies=st.lists(BODIES, min_size=1, max_size=3).flatmap(lambda some: st.lists(st.sampled_from(some), max_size=8))
)
@example(bodies=[body((1, AlertStatus.FIRING, 1, said)) for said in "ABA"])
@settings(max_examples=30)
def test_it_ends_the_same_whether_told_at_once_or_one_by_one(bodies: list[bytes]) -> None:
    """A series that is told something else in between is decided anew, in its order."""
    assert asyncio.run(what_comes_of(bodies, at_once=True)) == asyncio.run(what_comes_of(bodies, at_once=False))
