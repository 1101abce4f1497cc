"""Alerts coming in: bytes are kept first and read afterwards (reading.py).

One writer commits whatever is queued (group commit): a commit a webhook does a few hundred a second on SQLite with
synchronous=FULL, this does thousands, equally durable. A sender gets its 2xx only after the commit; a full queue or a
busy database is `Overloaded`: a 503, and the sender comes again.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.domain.alerts_model import ReportedAlert
from bot.domain.copying import replace
from bot.domain.ids import SourceName
from bot.domain.tracks import Urgency
from bot.domain.work import Effect, ReadDeliveries, WarnAdmins
from bot.engine.deliveries import Delivery
from bot.engine.handle import Engine
from bot.errors import Overloaded
from bot.store import effects, inbox
from bot.store.inbox import DeliveryStatus

AT_ONCE = 500
QUEUE_LIMIT = 5000
PATIENCE = timedelta(seconds=2)
# Senders are a crowd when one comes in less than this: more than most storms bring, less than can be kept.
A_CROWD_COMES_EACH = timedelta(milliseconds=2.5)
QUARANTINE_LIMIT = 1000
RECEIPTS = "delivery"
_Queue = list[tuple[Delivery, "asyncio.Future[bool]"]]


class Intake:
    """Keeps deliveries; `deposit` returns when they are on disk."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        """Nothing starts here; `run` is the writer. `is_reading` tells whether a source is being read."""
        self.engine, self.clock = engine, clock
        self.is_reading: Callable[[SourceName], bool] = lambda _source: False
        self._queue: _Queue = []
        self._gives_up: asyncio.TimerHandle
        self._news = asyncio.Event()
        self._came, self._since = 0, clock.monotonic()

    def is_crowded(self) -> bool:
        """Tell whether senders have come as a crowd since this was last asked: what can wait is to make way."""
        came, since, now = self._came, self._since, self.clock.monotonic()
        self._came, self._since = 0, now
        return came * A_CROWD_COMES_EACH.total_seconds() > now - since

    async def deposit(self, delivery: Delivery, told: Sequence[ReportedAlert] = ()) -> bool:
        """Keep a delivery; tell whether it is new, or was kept before under its receipt.

        `told` is what it says, as far as somebody has read it.

        Raises:
            Overloaded: it is not sure to be kept (it may be all the same; a repeat changes nothing).
        """
        if len(self._queue) >= QUEUE_LIMIT:
            message = "Too many deliveries are waiting to be written."
            raise Overloaded(message)
        if self.engine.policy.is_pressing(told):
            delivery = replace(delivery, urgent=True)
        loop = asyncio.get_running_loop()
        if not self._queue:  # one timer for all who wait together
            self._gives_up = loop.call_later(PATIENCE.total_seconds(), self._give_up, self._queue)
            self._news.set()
        self._came += 1
        kept: asyncio.Future[bool] = loop.create_future()
        self._queue.append((delivery, kept))
        return await kept

    async def run(self) -> None:
        """Write whatever is queued, again and again, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            taken, timer, self._queue = self._queue, self._gives_up, []
            for first in range(0, len(taken), AT_ONCE):
                await self._write(taken[first : first + AT_ONCE])
            timer.cancel()

    def _give_up(self, waiting: _Queue) -> None:
        """Tell those who have waited for too long; what was not begun to be written by now never is."""
        if waiting is self._queue:
            self._queue = []
        for _, kept in waiting:
            if not kept.done():
                kept.set_exception(Overloaded("The database is busy."))

    async def _write(self, batch: _Queue) -> None:
        wanted = [(delivery, kept) for delivery, kept in batch if not kept.done()]
        try:
            are_new = await keep(self.engine, [delivery for delivery, _ in wanted], self.clock)
        except (Overloaded, DBAPIError) as error:
            for _, kept in wanted:
                with suppress(asyncio.InvalidStateError):  # whoever gave up meanwhile
                    kept.set_exception(Overloaded(str(error)))
            return
        for (_, kept), is_new in zip(wanted, are_new, strict=True):
            with suppress(asyncio.InvalidStateError):
                kept.set_result(is_new)
        # Whoever reads a source finds its work put anew when they are done, and goes on: the loop need not look for it.
        if not all(one.asks is None and one.fault is None and self.is_reading(one.source) for one, _ in wanted):
            self.engine.on_work()


async def keep(engine: Engine, given: Sequence[Delivery], clock: Clock) -> list[bool]:
    """Write deliveries, and the news that there is something to read, in one transaction; tell of each if it is new.

    A receipt is taken in the same transaction, so a delivery is known if and only if it was kept.
    """
    if all(delivery.fault is None and delivery.asks is None and not delivery.receipt for delivery in given):
        await _keep_plain(engine, given, clock)
        return [True] * len(given)
    async with engine.database.transaction(answering=True, what="deliveries") as connection:
        receipts = {delivery.receipt for delivery in given if delivery.receipt}
        fresh = set(await inbox.take_all(connection, RECEIPTS, receipts, clock.now()))
        are_new = [_is_first(delivery, fresh) for delivery in given]
        wanted = [delivery for delivery, is_new in zip(given, are_new, strict=True) if is_new]
        await inbox.deposit(connection, [row for delivery in wanted for row in _rows(delivery)])
        faulty = {d.source: d.fault for d in wanted if d.fault is not None}
        for source in faulty:
            await inbox.cap_quarantine(connection, source, QUARANTINE_LIMIT)
        await effects.put(connection, _news(wanted, faulty, clock))
    return are_new


async def _keep_plain(engine: Engine, given: Sequence[Delivery], clock: Clock) -> None:
    """Write deliveries of which nothing has to be looked up, as nearly all are: one errand for all of them."""
    if given:
        dialect = engine.database.engine.dialect.name
        rows = (inbox.DEPOSIT, [row for delivery in given for row in _rows(delivery)])
        news = effects.puts(dialect, _news(given, {}, clock))
        await engine.database.write([rows, *news], answering=True, what="deliveries")


def _is_first(delivery: Delivery, fresh: set[str]) -> bool:
    """Tell whether a delivery is the first under its receipt, and cross the receipt off."""
    if not delivery.receipt:
        return True
    is_first = delivery.receipt in fresh
    fresh.discard(delivery.receipt)
    return is_first


def _news(wanted: Sequence[Delivery], faulty: Mapping[SourceName, str], clock: Clock) -> list[Effect]:
    now = clock.now()
    readable = dict.fromkeys(d.source for d in wanted if d.asks is None and (d.fault is None or d.partly))
    news = [Effect(work=ReadDeliveries(source=source), due=now, urgency=Urgency.NOW) for source in readable]
    news += [Effect(work=delivery.asks, due=now) for delivery in wanted if delivery.asks is not None]
    return news + [quarantine_warning(source, fault, clock) for source, fault in faulty.items()]


def _rows(delivery: Delivery) -> list[dict[str, object]]:
    """Return the rows of a delivery: one to be read, one in quarantine, or both; none of one that asks for work."""
    if delivery.asks is not None:
        return []
    row = {
        "source": delivery.source,
        "integration": delivery.integration,
        "received_at": delivery.received_at,
        "body": delivery.body,
        "urgent": int(delivery.urgent),
    }
    waiting = [row | {"status": DeliveryStatus.WAITING.value, "fault": None}]
    aside = [row | {"status": DeliveryStatus.QUARANTINED.value, "fault": delivery.fault}]
    if delivery.fault is None:
        return waiting
    return waiting + aside if delivery.partly else aside


def quarantine_warning(source: SourceName, fault: str, clock: Clock) -> Effect:
    """Return the notice to the administrators, at most one a minute and source."""
    text = f"A delivery from {source} was not understood and is kept in quarantine: {fault}"
    minute = f"{clock.now():%Y%m%d%H%M}"
    return Effect(work=WarnAdmins(subject=f"quarantine-{source}-{minute}", text=text), due=clock.now())
