"""Alerts coming in: bytes are kept first and read afterwards (reading.py).

One writer commits whatever is queued (group commit): a commit a webhook does a few hundred a second on SQLite with
synchronous=FULL, this does thousands, equally durable. A sender gets its 2xx only after the commit; a full queue or a
busy database is `Overloaded`: a 503, and the sender comes again.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.domain.model import SourceName
from bot.domain.work import Effect, ReadDeliveries, Urgency, WarnAdmins
from bot.engine.deliveries import Delivery
from bot.engine.handle import Engine
from bot.errors import Overloaded
from bot.store import effects, inbox
from bot.store.inbox import DeliveryStatus

AT_ONCE = 500
QUEUE_LIMIT = 5000
PATIENCE = timedelta(seconds=2)
QUARANTINE_LIMIT = 1000


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
    news += [quarantine_warning(source, fault, clock) for source, fault in faulty.items()]
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


def quarantine_warning(source: SourceName, fault: str, clock: Clock) -> Effect:
    """Return the notice to the administrators, at most one a minute and source."""
    text = f"A delivery from {source} was not understood and is kept in quarantine: {fault}"
    minute = f"{clock.now():%Y%m%d%H%M}"
    return Effect(work=WarnAdmins(subject=f"quarantine-{source}-{minute}", text=text), due=clock.now())
