"""Alerts coming in: bytes are kept first and read afterwards.

One writer commits whatever is queued (group commit): a commit a webhook does a few hundred a second on SQLite with
synchronous=FULL, this does thousands, equally durable. A sender gets its 2xx only after the commit; a full queue or a
busy database is `Overloaded`: a 503, and the sender comes again.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.domain.commands import ReportAlert
from bot.domain.model import ReportedAlert, SourceName
from bot.domain.work import Effect, ReadDeliveries, Urgency, WarnAdmins
from bot.engine.deliveries import Delivery
from bot.engine.handle import Engine
from bot.engine.jobs import Done, Job
from bot.errors import BadInput, Overloaded, TryLater
from bot.store import effects, inbox
from bot.store.inbox import DeliveryStatus

log = structlog.get_logger()
AT_ONCE = 500
QUEUE_LIMIT = 5000
PATIENCE = timedelta(seconds=2)
QUARANTINE_LIMIT = 1000
DELIVERIES_AT_ONCE = 20
REPORTS_AT_ONCE = 100

Parse = Callable[[bytes], tuple[ReportedAlert, ...]]


class Intake:
    """Keeps deliveries; `deposit` returns when they are on disk."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Nothing starts here; `run` is the writer."""
        self.engine, self.clock = engine, clock
        self._queue: deque[tuple[Delivery, asyncio.Future[None]]] = deque()
        self._news = asyncio.Event()

    async def deposit(self, delivery: Delivery) -> None:
        """Keep a delivery.

        Raises:
            Overloaded: it is not sure to be kept (it may be all the same; a repeat changes nothing).
        """
        if len(self._queue) >= QUEUE_LIMIT:
            message = "Too many deliveries are waiting to be written."
            raise Overloaded(message)
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((delivery, kept))
        self._news.set()
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await kept
        except TimeoutError:
            message = "The database is busy."
            raise Overloaded(message) from None

    async def run(self) -> None:
        """Write whatever is queued, again and again, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._queue:
                await self._write([self._queue.popleft() for _ in range(min(AT_ONCE, len(self._queue)))])

    async def _write(self, batch: Sequence[tuple[Delivery, asyncio.Future[None]]]) -> None:
        wanted = [delivery for delivery, kept in batch if not kept.done()]
        try:
            await keep(self.engine, wanted, self.clock)
        except (Overloaded, DBAPIError) as error:
            for _, kept in batch:
                if not kept.done():
                    kept.set_exception(Overloaded(str(error)))
            return
        for _, kept in batch:
            if not kept.done():
                kept.set_result(None)
        self.engine.on_work()


async def keep(engine: Engine, wanted: Sequence[Delivery], clock: Clock) -> None:
    """Write deliveries, and the news that there is something to read, in one transaction."""
    if not wanted:
        return
    now = clock.now()
    understood = dict.fromkeys(d.source for d in wanted if d.fault is None)
    faulty = {d.source: d.fault for d in wanted if d.fault is not None}
    news = [Effect(work=ReadDeliveries(source=source), due=now, urgency=Urgency.NOW) for source in understood]
    news += [_warning(source, fault, clock) for source, fault in faulty.items()]
    async with engine.database.transaction(answering=True, what="deliveries") as connection:
        await inbox.deposit(connection, [_row(delivery) for delivery in wanted])
        for source in faulty:
            await inbox.cap_quarantine(connection, source, QUARANTINE_LIMIT)
        await effects.put(connection, news)


def _row(delivery: Delivery) -> dict[str, object]:
    status = DeliveryStatus.WAITING if delivery.fault is None else DeliveryStatus.QUARANTINED
    return {
        "source": delivery.source,
        "integration": delivery.integration,
        "received_at": delivery.received_at,
        "body": delivery.body,
        "status": status.value,
        "fault": delivery.fault,
    }


def _warning(source: SourceName, fault: str, clock: Clock) -> Effect:
    text = f"A delivery from {source} was not understood and is kept in quarantine: {fault}"
    minute = f"{clock.now():%Y%m%d%H%M}"
    return Effect(work=WarnAdmins(subject=f"quarantine-{source}-{minute}", text=text), due=clock.now())


class Reader:
    """Reads what was kept, in its order, and hands each alert to the engine. Reading twice changes nothing."""

    def __init__(self, engine: Engine, parsers: Mapping[SourceName, Parse], clock: Clock) -> None:
        """`parsers` by source."""
        self.engine, self.parsers, self.clock = engine, parsers, clock

    async def read(self, job: Job) -> Done:
        """Perform `ReadDeliveries`."""
        work = job.work
        assert isinstance(work, ReadDeliveries)  # noqa: S101 - the table of performers says so
        try:
            return await self._all(job, work)
        except (Overloaded, DBAPIError) as error:
            message = "The database is busy."
            raise TryLater(message) from error

    async def _all(self, job: Job, work: ReadDeliveries) -> Done:
        while True:
            async with self.engine.database.reading() as connection:
                rows = await inbox.waiting(connection, work.source, DELIVERIES_AT_ONCE)
            if not rows:
                return Done()
            for delivery, integration, body in rows:
                if not job.still_ours():
                    message = "There is more to read."
                    raise TryLater(message, after=timedelta())
                await self._one(work.source, delivery, integration, body)

    async def _one(self, source: SourceName, delivery: int, integration: str, body: bytes) -> None:
        try:
            reports = self.parsers[source](body)
        except BadInput as error:
            async with self.engine.database.transaction(what="a quarantine") as connection:
                await inbox.mark(connection, delivery, DeliveryStatus.QUARANTINED, str(error))
                await effects.put(connection, [_warning(source, str(error), self.clock)])
            return
        commands = [ReportAlert(report=replace(report, integration=integration)) for report in reports]
        for some, is_last in _chunks(commands):
            async with self.engine.database.transaction(what="what a delivery says") as connection:
                await self._apply(connection, some)
                if is_last:
                    await inbox.mark(connection, delivery, DeliveryStatus.READ)
            self.engine.on_work()

    async def _apply(self, connection: AsyncConnection, commands: Sequence[ReportAlert]) -> None:
        for command in commands:
            await self.engine.apply(connection, command)


def _chunks(commands: Sequence[ReportAlert]) -> Iterator[tuple[Sequence[ReportAlert], bool]]:
    starts = range(0, len(commands), REPORTS_AT_ONCE) or range(1)
    for start in starts:
        yield commands[start : start + REPORTS_AT_ONCE], start + REPORTS_AT_ONCE >= len(commands)
