"""Reads what was kept, in its order, and hands the reports to the rules, some dozens in a transaction.

Reading twice changes nothing, so a delivery is marked as read with the last of its reports, and a death in between
costs nothing but the time. While senders come as a crowd, reading makes way: they wait for their answer, and nobody
waits for it by the millisecond. It never stands still: a third of the time is its own, a ninth while nothing is new.

Senders repeat themselves: of what a series is told word for word as before, among what is fetched at once, only the
first is decided. What is critical goes ahead between two parts (ahead.py).
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import is_
from typing import Final

from bot.clock import Clock
from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.copying import replace
from bot.domain.ids import SourceName
from bot.domain.names import digest
from bot.domain.page_commands import HearPager
from bot.domain.watchdogs import Watchdog, watchdog_of
from bot.domain.work import ReadDeliveries
from bot.engine.ahead import A_FEW, Ahead
from bot.engine.busy import later_if_busy
from bot.engine.handle import Engine
from bot.engine.intake import quarantine_warning
from bot.engine.jobs import Done, Job
from bot.engine.receipts import Receipt
from bot.engine.repeats import Repeats
from bot.engine.reports import take_in
from bot.engine.watchdogs import Beats, note
from bot.errors import BadInput, TryLater
from bot.store import effects, inbox

DELIVERIES_AT_ONCE: Final = 1000
BYTES_AT_ONCE: Final = 4 * 1024 * 1024
# How many reports a transaction takes in: while they are news, as long as a sender may wait for it; while they are not,
# it is the transaction itself that costs.
REPORTS_AT_ONCE: Final = 50
OLD_NEWS_AT_ONCE: Final = 200
# Larger ones are read in a thread: 4 MiB take some hundred milliseconds, and a Slack click waits for nobody.
READ_IN_A_THREAD: Final = 64 * 1024
# How much longer than a part took a crowd of senders may have before the next, and how often it is asked for.
MAKES_WAY: Final = 2
MAKES_WAY_WITHOUT_NEWS: Final = 8
A_MOMENT: Final = timedelta(milliseconds=10)

Parse = Callable[[bytes], tuple[ReportedAlert, ...]]
PageNews = Callable[[SourceName, bytes], HearPager | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A delivery that was understood; `ended` names it unless it is told ahead."""

    ended: tuple[int, ...]
    commands: tuple[ReportAlert, ...]
    beats: Beats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one transaction takes in, and the deliveries that end with it."""

    commands: Sequence[ReportAlert]
    ended: Sequence[int]
    beats: Beats


@dataclass(slots=True)
class _Pace:
    """When the part that is read now was begun, and how many reports the next one may have."""

    began: float
    reports: int = REPORTS_AT_ONCE


class Reader:
    """Reads deliveries."""

    def __init__(
        self,
        engine: Engine,
        parser_of: Callable[[SourceName, str], Parse],
        clock: Clock,
        *,
        page_news: PageNews = lambda _source, _body: None,
        is_crowded: Callable[[], bool] = lambda: False,
    ) -> None:
        """`parser_of` returns what reads an integration's bodies, `is_crowded` whether senders come as a crowd.

        `page_news` reads what a pager tells of our own pages, in a body that holds no alert.
        """
        self.engine, self.parser_of, self.clock = engine, parser_of, clock
        self._is_crowded, self._page_news = is_crowded, page_news
        self._at_work = Counter[SourceName]()

    def is_reading(self, source: SourceName) -> bool:
        """Tell whether a source is being read: what comes now is read without anybody being woken for it."""
        return self._at_work[source] > 0

    async def read(self, job: Job) -> Done:
        """Perform `ReadDeliveries`."""
        work = job.work
        assert isinstance(work, ReadDeliveries)  # noqa: S101 - the table of performers says so
        self._at_work[work.source] += 1
        try:  # whoever has the lane next goes on where this one stopped
            with later_if_busy():
                return await self._all(job, work.source)
        finally:
            self._at_work[work.source] -= 1

    async def _all(self, job: Job, source: SourceName) -> Done:
        ahead = Ahead()
        while job.still_ours():
            async with self.engine.database.reading() as connection:
                rows = await inbox.waiting(connection, source, DELIVERIES_AT_ONCE, BYTES_AT_ONCE)
            if not rows:
                return Done()
            pace = _Pace(began=self.clock.monotonic())
            async for part in _parts(self._understood(job, source, rows, ahead), pace):
                await self._go_through(part, pace)
                if len(rows) > A_FEW:
                    async for urgent in _parts(self._told_ahead(source, ahead), pace):
                        await self._go_through(urgent, pace)
        message = "There is more to read."
        raise TryLater(message, after=timedelta())

    async def _told_ahead(self, source: SourceName, ahead: Ahead) -> AsyncIterator[_Read]:
        """Read what is urgent and waits further back; what cannot be read is found out in its place."""
        async with self.engine.database.reading() as connection:
            rows = await ahead.next(connection, source)
        for delivery, integration, received_at, body in rows:
            with suppress(BadInput):
                ours = _ours(await self._parsed(source, integration, body), integration)
                pressing = [one.received(received_at) for one in ours if self.engine.policy.is_pressing([one])]
                _, told = self._beats(pressing, received_at)
                ahead.told(delivery, told)
                yield _Read(ended=(), commands=tuple(ReportAlert(report=report) for report in told), beats={})

    async def _understood(
        self, job: Job, source: SourceName, rows: Sequence[inbox.Waiting], ahead: Ahead
    ) -> AsyncIterator[_Read]:
        """Read bodies in their order, without what they repeat, for as long as they are ours to read."""
        repeats = Repeats()
        for row in rows:
            delivery, integration, received_at, body = row
            beats = repeats.again(integration, body, received_at)
            if beats is not None:
                yield _Read(ended=(delivery,), commands=(), beats=beats)
            elif read := await self._understand(source, row, repeats, ahead):
                yield read
            if not job.still_ours():
                return

    async def _understand(self, source: SourceName, row: inbox.Waiting, repeats: Repeats, ahead: Ahead) -> _Read | None:
        """Read a body; what cannot be read is set aside, and nothing comes of it."""
        delivery, integration, received_at, body = row
        try:
            reports = await self._parsed(source, integration, body)
            told_of_page = None if reports else self._page_news(source, body)
        except BadInput as error:
            async with self.engine.database.transaction(what="a quarantine") as connection:
                await inbox.set_aside(connection, delivery, str(error))
                await effects.put(connection, [quarantine_warning(source, str(error), self.clock)])
            return None
        if told_of_page:
            # In a transaction of its own, known by what it says: to read it again changes nothing.
            receipt = Receipt(origin=f"pager.{source}", key=digest(integration, body.hex()))
            await self.engine.handle(told_of_page, receipt=receipt)
        ours = _ours(reports, integration)
        told = [report.received(received_at) for report in ours]
        is_timeless = all(map(is_, told, ours))
        beats, told = self._beats(told, received_at)
        still_news = [report for report in told if not ahead.overtook(delivery, report)]
        commands = tuple(ReportAlert(report=report) for report in repeats.news(still_news))
        if reports and is_timeless and len(still_news) == len(told):
            repeats.remember(integration, body, told, beats)
        return _Read(ended=(delivery,), commands=commands, beats=beats)

    async def _parsed(self, source: SourceName, integration: str, body: bytes) -> tuple[ReportedAlert, ...]:
        parse = self.parser_of(source, integration)
        return await asyncio.to_thread(parse, body) if len(body) > READ_IN_A_THREAD else parse(body)

    def _beats(self, told: list[ReportedAlert], at: datetime) -> tuple[Beats, list[ReportedAlert]]:
        """Part the heartbeats that are expected from what is an alert; one that is over is neither."""
        watchdogs = self.engine.policy.watchdogs
        if not watchdogs:
            return {}, told
        found = [(report, watchdog_of(watchdogs, report)) for report in told]
        beats = {dog.label: (dog, at) for report, dog in found if dog and report.status is AlertStatus.FIRING}
        return beats, [report for report, dog in found if dog is None]

    async def _go_through(self, part: _Part, pace: _Pace) -> None:
        """Take in a part, and make way for a crowd before the next."""
        is_news = await self._take_in(part)
        pace.reports = REPORTS_AT_ONCE if is_news else OLD_NEWS_AT_ONCE
        took = timedelta(seconds=self.clock.monotonic() - pace.began)
        await self._make_way(took * (MAKES_WAY if is_news else MAKES_WAY_WITHOUT_NEWS))
        pace.began = self.clock.monotonic()

    async def _make_way(self, at_most: timedelta) -> None:
        """Let a crowd of senders go first, but never for long."""
        way = timedelta()
        while way < at_most and self._is_crowded():
            await self.clock.sleep(A_MOMENT)
            way += A_MOMENT

    async def _take_in(self, part: _Part) -> bool:
        """Take in a part; tell whether it said anything new."""
        async with self.engine.database.transaction(what="what deliveries say") as connection:
            is_news = await take_in(connection, part.commands, self.clock.now(), self.engine.policy)
            await note(connection, part.beats)
            await inbox.mark_read(connection, part.ended)
        if is_news or part.beats:
            self.engine.on_work()
        return is_news


def _ours(reports: Iterable[ReportedAlert], integration: str) -> list[ReportedAlert]:
    """Return reports as those of a sender of ours."""
    return [one if one.integration == integration else replace(one, integration=integration) for one in reports]


async def _parts(understood: AsyncIterator[_Read], pace: _Pace) -> AsyncIterator[_Part]:
    """Yield what goes into one transaction: so many reports of one delivery or of many, in their order."""
    commands: list[ReportAlert] = []
    ended: list[int] = []
    beats: dict[str, tuple[Watchdog, datetime]] = {}
    async for read in understood:
        rest = read.commands
        while len(commands) + len(rest) > pace.reports:
            room = pace.reports - len(commands)
            yield _Part(commands=[*commands, *rest[:room]], ended=ended, beats=beats)
            rest, commands, ended, beats = rest[room:], [], [], {}
        commands += rest
        ended += read.ended
        beats |= read.beats
    if commands or ended:
        yield _Part(commands=commands, ended=ended, beats=beats)
