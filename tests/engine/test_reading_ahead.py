"""What is critical is not left to wait behind a storm, and it ends as if all had been read in its order."""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.alerts import identity, last_start
from bot.domain.alerts_model import Alert, AlertSeverity
from bot.domain.decisions import State
from bot.domain.policy import AlertSeverities, Policy
from bot.domain.work import ReadDeliveries
from bot.engine import ahead
from bot.engine.deliveries import Delivery
from bot.engine.intake import keep
from bot.engine.jobs import Job
from bot.engine.reading import REPORTS_AT_ONCE, Reader
from bot.errors import TryLater
from bot.inbound.alerts import alertmanager
from bot.store import inbox
from bot.store.bodies import alert_body, read
from bot.store.tables import alerts, deliveries
from tests.engine.world import World
from tests.fakes.clock import START, FakeClock

SOURCE = alertmanager.NAME
Told = tuple[str, str, int, str, str]
"""Series, "firing" or "resolved", minutes before the start, severity, what is said."""


def body(*told: Told) -> bytes:
    return json.dumps({"alerts": [_alert(*one) for one in told]}).encode()


def _alert(series: str, status: str, began: int, severity: str, said: str) -> dict[str, object]:
    start = START - timedelta(minutes=began)
    return {
        "status": status,
        "labels": {"alertname": "CheckoutFails", "pod": series, "severity": severity},
        "annotations": {"summary": said},
        "startsAt": start.isoformat(),
        "endsAt": (start + timedelta(seconds=20)).isoformat(),
        "fingerprint": series,
    }


async def kept(world: World, bodies: Sequence[bytes]) -> None:
    given = [
        Delivery(
            source=SOURCE,
            received_at=world.clock.now(),
            body=one,
            urgent=world.policy.is_pressing(alertmanager.parse(one)),
        )
        for one in bodies
    ]
    await keep(world.engine, given, world.clock)


def filler(number: int) -> bytes:
    """Return a webhook of as many warnings as go into one part."""
    return body(*((f"filler {number} {one}", "firing", 1, "warning", "slow") for one in range(REPORTS_AT_ONCE)))


class Ticking(FakeClock):
    """A clock that goes on a little with each part."""

    def monotonic(self) -> float:
        self.move(timedelta(milliseconds=10))
        return super().monotonic()


async def episodes(world: World) -> list[Alert]:
    async with world.database.reading() as connection:
        bodies = (await connection.execute(select(alerts.c.body).order_by(alerts.c.starts_at))).scalars()
        return [read(alert_body, one) for one in bodies]


async def first_seen(world: World) -> list[tuple[str, datetime]]:
    return [(one.report.labels["severity"], one.first_seen_at) for one in await episodes(world)]


def reader_of(world: World) -> Reader:
    clock = Ticking(world.clock.now())
    return Reader(world.engine, lambda _source, _integration: alertmanager.parse, clock)


async def test_something_critical_goes_before_the_warnings_that_came_earlier(world: World) -> None:
    storm = [filler(number) for number in range(ahead.A_FEW + 10)]
    await kept(world, [*storm, body(("payments", "firing", 1, "critical", "Payments fail"))])
    await reader_of(world).read(job())
    seen = await first_seen(world)
    (critical,) = [at for severity, at in seen if severity == "critical"]
    earlier = {at for severity, at in seen if at < critical}
    assert len(earlier) == 1  # the part that was under way


async def test_it_is_on_disk_as_urgent_because_of_what_the_door_has_read(world: World) -> None:
    writing = asyncio.create_task(world.intake.run())
    for severity, status in (("warning", "firing"), ("critical", "resolved"), ("critical", "firing")):
        one = body(("payments", status, 1, severity, "Payments fail"))
        delivery = Delivery(source=SOURCE, received_at=world.clock.now(), body=one)
        await world.intake.deposit(delivery, alertmanager.parse(one))
    writing.cancel()
    async with world.database.reading() as connection:
        flags = await connection.execute(select(deliveries.c.urgent).order_by(deliveries.c.id))
        assert flags.scalars().all() == [0, 0, 1]


def test_what_is_critical_is_told_by_the_words_of_the_organisation() -> None:
    words = AlertSeverities(words={"wake-me": AlertSeverity.CRITICAL})
    (report,) = alertmanager.parse(body(("payments", "firing", 1, "wake-me", "Payments fail")))
    assert Policy(alert_severities=words).is_pressing([report])
    assert not Policy().is_pressing([report])


async def test_an_earlier_word_on_what_was_told_ahead_is_left_out(world: World) -> None:
    """Nobody is led there and back: from critical to warning, and up again."""
    storm = [filler(number) for number in range(ahead.A_FEW + 10)]
    said = [body(("payments", "firing", 1, severity, severity)) for severity in ("warning", "critical")]
    await kept(world, [*storm, *said])
    await reader_of(world).read(job())
    (payments,) = [one for one in await episodes(world) if one.report.labels["pod"] == "payments"]
    assert (payments.report.severity, payments.was) == (AlertSeverity.CRITICAL, None)


async def test_what_cannot_be_read_ahead_is_set_aside_once_in_its_place(world: World) -> None:
    storm = [filler(number) for number in range(ahead.A_FEW + 10)]
    broken = Delivery(source=SOURCE, received_at=world.clock.now(), body=b"{}", urgent=True)
    await kept(world, storm)
    await keep(world.engine, [broken], world.clock)
    await world.settle()
    async with world.database.reading() as connection:
        assert len(await inbox.aside(connection)) == 1
    assert len(world.slack.said("muster-admin")) == 1


def job(lease: int | None = None) -> Job:
    """Return the work of reading, whose lease is over when it was asked about so often."""
    asked = count(1)
    work = ReadDeliveries(source=SOURCE)
    return Job(work=work, key="", attempt=1, state=State(), still_ours=lambda: lease is None or next(asked) < lease)


async def what_comes_of(bodies: Sequence[bytes], *, urgent: Sequence[bool], lease: int) -> object:
    """Return how the newest episode of each series stands when all is read, in lease after lease."""
    with tempfile.TemporaryDirectory() as folder:
        world = await World(f"sqlite+aiosqlite:///{Path(folder)}/muster.db").open()
        at = world.clock.now()
        given = [
            Delivery(source=SOURCE, received_at=at, body=one, urgent=first)
            for one, first in zip([filler(1), *bodies, *map(filler, range(2, 12))], urgent, strict=False)
        ]
        await keep(world.engine, given, world.clock)
        reader = reader_of(world)
        while True:
            try:
                await reader.read(job(lease))
            except TryLater:
                continue
            break
        newest = {identity(one.report): one for one in await episodes(world)}
        await world.close()
        return {
            series: (one.status, one.report.summary, one.report.severity, last_start(one), one.ended_at)
            for series, one in newest.items()
        }


Word = tuple[str, bool, str, str]
WORDS = st.tuples(
    st.sampled_from(["one", "another"]),
    st.booleans(),
    st.sampled_from(["warning", "critical"]),
    st.sampled_from("AB"),
)
HISTORIES = st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=8)


def in_course(history: Sequence[Sequence[Word]]) -> list[bytes]:
    """Return what a sender tells whose alerts fire, are told of again, end, and fire again later."""
    episodes, firing, bodies = dict.fromkeys(("one", "another"), 20), set[str](), list[bytes]()
    for words in history:
        told: list[Told] = []
        for series, ends, severity, said in words:
            if ends and series in firing:
                told.append((series, "resolved", episodes[series], severity, said))
                firing.discard(series)
            else:
                episodes[series] -= series not in firing
                firing.add(series)
                told.append((series, "firing", episodes[series], severity, said))
        bodies.append(body(*told))
    return bodies


@given(history=HISTORIES, urgent=st.lists(st.booleans(), min_size=8, max_size=8), lease=st.integers(3, 12))
@example(history=[[("one", False, "warning", said)] for said in "ABA"], urgent=[False, True, False], lease=9)
@settings(max_examples=20)
def test_it_ends_as_if_read_in_order_whatever_goes_ahead(
    history: list[list[Word]], urgent: list[bool], lease: int
) -> None:
    """Even when whoever reads gives up, or dies, between what goes ahead and its place."""
    bodies = in_course(history)
    in_order = asyncio.run(what_comes_of(bodies, urgent=[False] * 30, lease=1_000))
    flags = [False, *urgent, *[False] * 20]
    assert asyncio.run(what_comes_of(bodies, urgent=flags, lease=lease)) == in_order
