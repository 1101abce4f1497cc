"""Alerts coming in: on disk before 2xx, read in their order, told apart when they cannot be read."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.alerts_model import WHEN_RECEIVED, AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.domain.work import ConfirmSubscription
from bot.engine import intake as intake_module
from bot.engine.deliveries import Delivery
from bot.engine.dispatch import LEASE, MARGIN
from bot.engine.jobs import Done, Job, Perform
from bot.engine.reading import Reader
from bot.errors import Overloaded
from bot.inbound.alerts import SOURCES
from bot.store import inbox
from bot.store.at_once import Write
from bot.store.database import Database
from bot.store.tables import alerts, deliveries
from tests.engine.world import World
from tests.fakes.clock import turn

ALERTMANAGER = SourceName("alertmanager")
SAMPLE = SOURCES[ALERTMANAGER].sample


@contextlib.asynccontextmanager
async def writer(world: World) -> AsyncIterator[None]:
    task = asyncio.create_task(world.intake.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def writing(world: World) -> AsyncIterator[World]:
    """A world whose writer runs."""
    async with writer(world):
        yield world


def delivery(world: World, **changes: object) -> Delivery:
    given = Delivery(source=ALERTMANAGER, received_at=world.clock.now(), body=SAMPLE)
    return replace(given, **changes)  # type: ignore[arg-type] # the test names real fields


async def stored(world: World) -> list[tuple[str, bytes]]:
    async with world.database.reading() as connection:
        rows = await connection.execute(select(deliveries).order_by(deliveries.c.id))
        return [(row.status, row.body) for row in rows]


async def test_a_delivery_is_on_disk_when_the_sender_hears_of_it(writing: World) -> None:
    await writing.intake.deposit(delivery(writing))
    assert await stored(writing) == [("waiting", SAMPLE)]
    await writing.settle()
    assert await stored(writing) == [("read", SAMPLE)]
    assert writing.slack.said("alerts")


async def test_many_at_once_are_written_together_and_shown_once(writing: World) -> None:
    await asyncio.gather(*(writing.intake.deposit(delivery(writing)) for _ in range(200)))
    assert len(await stored(writing)) == 200
    await writing.advance(timedelta(seconds=30))
    markers = [said.marker for said in writing.slack.said() if said.marker]
    assert len(markers) == len(set(markers))


async def test_what_is_not_understood_is_kept_and_shown_to_the_admins(writing: World) -> None:
    await writing.intake.deposit(delivery(writing, body=b"\x00not json", fault="it is not JSON"))
    await writing.settle()
    assert await stored(writing) == [("quarantined", b"\x00not json")]
    (warning,) = writing.slack.said("muster-admin")
    assert "it is not JSON" in warning.text + str(warning.blocks)


async def test_what_only_the_reader_finds_wrong_is_kept_apart_and_the_rest_goes_on(writing: World) -> None:
    await writing.intake.deposit(delivery(writing, body=b"{}"))
    await writing.intake.deposit(delivery(writing))
    await writing.settle()
    assert [status for status, _ in await stored(writing)] == ["quarantined", "read"]


async def test_of_what_is_partly_understood_that_part_is_read_and_the_whole_is_kept_apart(writing: World) -> None:
    assert await writing.intake.deposit(delivery(writing, fault="1 of 3 not read", partly=True))
    await writing.settle()
    assert await stored(writing) == [("read", SAMPLE), ("quarantined", SAMPLE)]
    assert writing.slack.said("alerts")
    assert writing.slack.said("muster-admin")


async def test_what_its_sender_names_is_kept_once_however_often_it_comes(writing: World) -> None:
    told = await asyncio.gather(*(writing.intake.deposit(delivery(writing, receipt=f"r{n % 3}")) for n in range(30)))
    assert told == [True] * 3 + [False] * 27
    assert await stored(writing) == [("waiting", SAMPLE)] * 3
    assert not await writing.intake.deposit(delivery(writing, receipt="r1", fault="no"))
    assert await writing.intake.deposit(delivery(writing))  # it has no name: it is not known
    await writing.settle()
    assert await stored(writing) == [("read", SAMPLE)] * 4


async def test_a_name_is_not_used_up_by_what_could_not_be_kept(writing: World) -> None:
    writing.database.unwritable = 1
    with pytest.raises(Overloaded):
        await writing.intake.deposit(delivery(writing, receipt="r"))
    assert await writing.intake.deposit(delivery(writing, receipt="r"))


async def test_a_subscription_is_on_disk_before_its_answer_and_confirmed_after_it_once(writing: World) -> None:
    work = ConfirmSubscription(topic="arn:aws:sns:eu-west-1:1:alarms", url="https://sns.example/?Token=t")
    for receipt in ("r", "r", "another"):  # SNS repeats what it got no answer to
        await writing.intake.deposit(delivery(writing, asks=work, receipt=receipt))
    assert (await stored(writing), writing.confirmed) == ([], [])
    await writing.settle()
    assert writing.confirmed == [work.topic]


async def test_when_nothing_of_it_can_be_read_nothing_comes_of_it(writing: World) -> None:
    await writing.intake.deposit(delivery(writing, body=b"{}"))
    await writing.settle()
    assert [status for status, _ in await stored(writing)] == ["quarantined"]
    assert not writing.slack.said("alerts")


async def test_what_its_sender_gave_up_on_while_it_was_written_is_kept_all_the_same(writing: World) -> None:
    sending = asyncio.create_task(writing.intake.deposit(delivery(writing)))
    while not writing.database.at_work:
        await turn()
    sending.cancel()
    await writing.intake.deposit(delivery(writing))
    assert len(await stored(writing)) == 2


async def test_the_quarantine_has_an_end(writing: World) -> None:
    async with writing.database.transaction() as connection:
        rows = [
            {
                "source": ALERTMANAGER,
                "integration": "default",
                "received_at": writing.clock.now(),
                "body": b"x",
                "status": "quarantined",
                "fault": "no",
            }
            for _ in range(intake_module.QUARANTINE_LIMIT + 5)
        ]
        await inbox.deposit(connection, rows)
    await writing.intake.deposit(delivery(writing, fault="no"))
    assert len(await stored(writing)) == intake_module.QUARANTINE_LIMIT


async def test_a_writer_that_does_not_write_is_said_to_be_overloaded(world: World) -> None:
    with pytest.raises(Overloaded):
        await world.intake.deposit(delivery(world))


async def test_a_database_that_does_not_answer_is_overloaded_for_all_who_still_wait(world: World) -> None:
    class Silent(Database):
        async def write(self, writes: Sequence[Write], *, answering: bool = False, what: str) -> None:
            await asyncio.Event().wait()

    world.engine.database = Silent("sqlite+aiosqlite:///nowhere")
    async with writer(world):
        await a_sender_gives_up(world)
        with pytest.raises(Overloaded):
            await world.intake.deposit(delivery(world))
    world.engine.database = world.database


async def a_sender_gives_up(world: World) -> None:
    """Let somebody deliver and hang up before anything is written."""
    sending = asyncio.create_task(world.intake.deposit(delivery(world, body=b"given up")))
    await turn()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


async def test_what_its_sender_gave_up_on_is_not_written(world: World) -> None:
    await a_sender_gives_up(world)
    async with writer(world):
        await turn(20)
    assert await stored(world) == []
    await a_sender_gives_up(world)
    waiting = asyncio.create_task(world.intake.deposit(delivery(world)))
    await turn()
    async with writer(world):
        await waiting
    assert await stored(world) == [("waiting", SAMPLE)]


async def test_when_a_group_cannot_be_written_those_who_still_wait_are_told(world: World) -> None:
    await a_sender_gives_up(world)
    world.database.unwritable = 1
    waiting = asyncio.create_task(world.intake.deposit(delivery(world)))
    await turn()
    async with writer(world):
        with pytest.raises(Overloaded):
            await waiting
    assert await stored(world) == []


async def test_a_reader_that_meets_a_busy_database_reads_later(writing: World) -> None:
    def busy(kind: str, perform: Perform) -> Perform:
        async def read(job: Job) -> Done:
            writing.database.unreadable = int(job.attempt == 1)
            return await perform(job)

        return read if kind == "intake.read" else perform

    writing.wrap = busy
    writing.dispatcher = writing.another()
    await writing.intake.deposit(delivery(writing))
    await writing.settle()
    assert await stored(writing) == [("waiting", SAMPLE)]
    await writing.advance(timedelta(seconds=2))
    assert await stored(writing) == [("read", SAMPLE)]
    assert writing.slack.said("alerts")


async def test_a_reader_whose_lease_ends_leaves_the_rest_to_the_next_and_nothing_is_read_twice(writing: World) -> None:
    read: list[bytes] = []

    def slowly(body: bytes) -> tuple[ReportedAlert, ...]:
        read.append(body)
        writing.clock.move(LEASE - MARGIN)
        return SOURCES[ALERTMANAGER].parse(body)

    reader = Reader(writing.engine, lambda _source, _integration: slowly, writing.clock)
    writing.wrap = lambda kind, perform: reader.read if kind == "intake.read" else perform
    writing.dispatcher = writing.another()
    payload = json.loads(SAMPLE)
    bodies = [json.dumps(payload | {"receiver": f"team {n}"}).encode() for n in range(3)]
    for body in bodies:
        await writing.intake.deposit(delivery(writing, body=body))
    await writing.advance(timedelta(minutes=3))
    assert read == bodies
    assert [status for status, _ in await stored(writing)] == ["read"] * 3


async def test_of_a_source_that_tells_no_times_what_is_read_late_is_taken_as_of_its_arrival(writing: World) -> None:
    def timeless(body: bytes) -> tuple[ReportedAlert, ...]:
        status = AlertStatus(body.decode())
        return (
            ReportedAlert(
                source=ALERTMANAGER, fingerprint="f", status=status, starts_at=WHEN_RECEIVED, title="Without a clock"
            ),
        )

    reader = Reader(writing.engine, lambda _source, _integration: timeless, writing.clock)
    writing.wrap = lambda kind, perform: reader.read if kind == "intake.read" else perform
    writing.dispatcher = writing.another()
    for body in (b"firing", b"resolved", b"firing"):  # the third is a new episode, though all are read at once
        await writing.intake.deposit(delivery(writing, body=body))
        writing.clock.move(timedelta(minutes=1))
    began = writing.clock.now()
    await writing.settle()
    async with writing.database.reading() as connection:
        rows = (await connection.execute(select(alerts).order_by(alerts.c.starts_at))).all()
    assert [began - row.starts_at for row in rows] == [timedelta(minutes=3), timedelta(minutes=1)]


async def test_a_full_queue_is_overloaded_at_once(world: World) -> None:
    one = delivery(world, body=b"x")
    waiting = [asyncio.create_task(world.intake.deposit(one)) for _ in range(intake_module.QUEUE_LIMIT)]
    await turn()
    with pytest.raises(Overloaded, match="Too many"):
        await world.intake.deposit(delivery(world))
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_database_that_is_away_is_overloaded(writing: World) -> None:
    writing.engine.database = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    with pytest.raises(Overloaded):
        await writing.intake.deposit(delivery(writing))


async def test_a_delivery_of_many_alerts_is_read_in_chunks_and_shown_in_one_message(writing: World) -> None:
    payload = json.loads(SAMPLE)
    first = payload["alerts"][0]
    pods = [first["labels"] | {"pod": str(n)} for n in range(250)]
    payload["alerts"] = [first | {"fingerprint": f"{n:016x}", "labels": pod} for n, pod in enumerate(pods)]
    await writing.intake.deposit(delivery(writing, body=json.dumps(payload).encode()))
    await writing.settle()
    (shown,) = [said for said in writing.slack.said() if (said.marker or "").startswith("group:")]
    assert shown.text.endswith("250 of 250 firing.")
