"""The whole bot but its borders, on a clock, a Slack and a pager in the test's hand.

It can die at any call and start again, and it can have a twin that works on the same database.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.commands import Command
from bot.domain.events import TimelineRow
from bot.domain.ids import ChannelId, IncidentId, MessageTs, ServiceName, UserId
from bot.domain.model import Incident
from bot.domain.policy import Channels, Policy, Service
from bot.domain.record_commands import RecordMessage
from bot.domain.tracks import Track
from bot.domain.work import ConfirmSubscription
from bot.engine.desk import EngineDesk
from bot.engine.dispatch import PLACES, Dispatcher
from bot.engine.handle import Engine
from bot.engine.intake import Intake
from bot.engine.jobs import Done, Job, Perform
from bot.engine.loop import Loop
from bot.engine.own_work import own_performers
from bot.engine.reading import Reader
from bot.engine.receipts import Handled, Receipt
from bot.errors import Overloaded
from bot.inbound.alerts import SOURCES
from bot.inbound.remembering import page_news_of, reader_of
from bot.inbound.silence_lists import far_silences
from bot.outbound.alertmanager_api import AlertmanagerApi
from bot.outbound.silences import mirror_performer
from bot.outbound.slack.home import home_performer
from bot.outbound.slack.performers import slack_performers
from bot.store import effects, lanes
from bot.store.at_once import Write
from bot.store.database import PATIENCE, Database
from bot.store.effects import Claimed
from tests.engine.emptying import make_empty
from tests.engine.soonest import next_due
from tests.fakes.clock import TURNS, CountingChance, FakeClock, turn
from tests.fakes.hearing import hear
from tests.fakes.inline_sqlite import on_this_thread
from tests.fakes.pager import FakePager
from tests.fakes.slack import FakeSlack, Killed

ANA, BO, CLEO = UserId("U0ANA"), UserId("U0BO"), UserId("U0CLEO")
CHECKOUT = ServiceName("checkout")
POLICY = Policy(
    paging=True,
    services={CHECKOUT: Service(name=CHECKOUT, on_call=(CLEO,), runbook_url="https://runbooks.example/checkout")},
    channels=Channels(alerts="alerts", announcements="incidents", admin="muster-admin"),
)


class MoodyDatabase(Database):
    """The real database, which refuses the next `unreadable` readers and the next `unwritable` writers.

    `at_work` is how many are in it now, or wait to be let in.
    """

    unreadable = 0
    unwritable = 0
    at_work = 0

    def __init__(self, url: str, *, durable: bool = True) -> None:
        super().__init__(url, durable=durable)
        self.engine = on_this_thread(self.engine)

    @asynccontextmanager
    async def transaction(
        self, patience: timedelta = PATIENCE, *, answering: bool = False, what: str = "a transaction"
    ) -> AsyncIterator[AsyncConnection]:
        if self.unwritable:
            self.unwritable -= 1
            raise Overloaded("The database is busy or away.")
        with self._counted():
            async with super().transaction(patience, answering=answering, what=what) as connection:
                yield connection

    async def write(self, writes: Sequence[Write], *, answering: bool = False, what: str) -> None:
        if self.unwritable:
            self.unwritable -= 1
            raise Overloaded("The database is busy or away.")
        with self._counted():
            await super().write(writes, answering=answering, what=what)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        if self.unreadable:
            self.unreadable -= 1
            raise Overloaded("The database is busy or away.")
        with self._counted():
            async with super().reading() as connection:
                yield connection

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self.at_work += 1
        try:
            yield
        finally:
            self.at_work -= 1


class World:
    """One Muster, or two."""

    def __init__(self, url: str, policy: Policy = POLICY) -> None:
        self.clock, self.chance, self.policy = FakeClock(), CountingChance(), policy
        self.slack, self.pager = FakeSlack(self.clock), FakePager()
        self.database = MoodyDatabase(url, durable=False)
        self.confirmed: list[str] = []
        self.sharing: dict[str, Sequence[AlertmanagerApi]] = {}
        self.deaths = 0
        self.frozen: list[tuple[Dispatcher, tuple[Claimed, Job]]] = []
        self.wrap: Callable[[str, Perform], Perform] = lambda _, perform: perform
        self.start()

    def start(self) -> None:
        """Start the process, for the first time or after its death."""
        self.engine = self.make_engine()
        self.desk = EngineDesk(self.engine)
        self.intake = Intake(self.engine, self.clock)
        self.dispatcher = self.another()

    def make_engine(self) -> Engine:
        """Return the engine of a process that starts."""
        return Engine(self.database, self.clock, self.chance, self.policy)

    async def confirm(self, job: Job) -> Done:
        """Confirm a subscription, as Amazon does."""
        assert isinstance(job.work, ConfirmSubscription)
        self.confirmed.append(job.work.topic)
        return Done()

    def another(self) -> Dispatcher:
        """Return another worker on the same database, as a replica has it."""
        reader = Reader(self.engine, reader_of(SOURCES), self.clock, page_news=page_news_of(SOURCES))
        performers: dict[str, Perform] = {
            **slack_performers(self.slack, self.policy, self.clock, hear=hear),
            "pager.page": self.pager.page,
            "pager.call": self.pager.call,
            "pager.on_call": self.pager.on_call,
            "sns.confirm": self.confirm,
            "alerts.mirror_silence": mirror_performer(
                self.sharing, far_silences, self.clock, scale_is_own=bool(self.policy.alert_severities.words)
            ),
            **own_performers(self.engine),
            "slack.home": home_performer(self.slack, self.desk.home_of, self.clock),
            "intake.read": reader.read,
        }
        wrapped = {kind: self.wrap(kind, perform) for kind, perform in performers.items()}
        return Dispatcher(self.engine, wrapped, self.clock, self.chance)

    def dies_once(self, kind: str, *, before: bool = False) -> None:
        """Let the process die the first time that work of this kind is done: right after it, or right `before`."""
        deaths = iter([True])

        def dying(name: str, perform: Perform) -> Perform:
            async def act(job: Job) -> Done:
                dies = next(deaths, False)
                if dies and before:
                    raise Killed
                done = await perform(job)
                if dies:
                    raise Killed
                return done

            return act if name == kind else perform

        self.wrap = dying
        self.dispatcher = self.another()

    async def open(self) -> "World":
        await make_empty(self.database)
        return self

    async def close(self) -> None:
        await self.database.close()

    async def do(self, command: Command, key: str | None = None) -> Handled:
        """Hand in a command; `key` names its delivery."""
        return await self.desk.handle(command, receipt=Receipt(origin="test", key=key) if key else None)

    async def settle(self) -> datetime | None:
        """Perform what is due now; when the process dies, start it again and go on. Return when more will be due.

        What is due and nobody here takes (a newer version put it) does not hold anybody up.
        """
        found = True
        while True:
            async with self.database.reading() as connection:
                due = await next_due(connection)
            tracks = {track for track in Track if track in due and due[track] <= self.clock.now()}
            if not found or not tracks:
                return self._next(due)
            try:
                found = await self._round(tracks)
            except BaseExceptionGroup as died:
                if died.split(Killed)[1] is not None:
                    raise
                await self.die()

    def _next(self, due: Mapping[str, datetime]) -> datetime | None:
        """Return when something is due next that its track's breaker lets through."""
        waits = {track.value: self.clock.now() + one.opens_in for track, one in self.dispatcher.breakers.items()}
        return min((max(moment, waits.get(track, moment)) for track, moment in due.items()), default=None)

    async def run_live(self) -> None:
        """Let the real loop work until nothing waits, while calls take their time on the test's clock."""
        loop = Loop(self.dispatcher, self.clock)
        self.engine.on_work = loop.wake
        running = asyncio.create_task(loop.run())
        loop.wake()
        while await self.waiting():
            if self.clock.sleepers and not self.database.at_work:
                self.clock.move(timedelta(milliseconds=10))
            await turn(TURNS)
        loop.stop()
        await running

    async def die(self) -> None:
        """Kill the process and start it again; alone on its database, it frees the lanes of the one before."""
        self.deaths += 1
        self.start()
        async with self.database.transaction() as connection:
            await lanes.release_all(connection)

    async def advance(self, by: timedelta) -> None:
        """Let time pass, stopping wherever something is due."""
        end = self.clock.now() + by
        due = await self.settle()
        while self.clock.now() < end:
            step = max(due - self.clock.now(), timedelta(milliseconds=100)) if due else by
            self.clock.move(min(step, end - self.clock.now()))
            due = await self.settle()

    async def claim(self, dispatcher: Dispatcher, track: Track = Track.CHAT) -> list[tuple[Claimed, Job]]:
        """Let a worker lease what is due and go no further: as one that is frozen there."""
        return await dispatcher.claim(track, 100)

    def message(self, channel: ChannelId, ts: str, *, by: UserId, text: str = "It leaks") -> RecordMessage:
        """Return what an event tells of a message that somebody has just written."""
        link = f"https://northwind.slack.com/archives/{channel}/p{ts.replace('.', '')}"
        now = self.clock.now()
        return RecordMessage(channel=channel, ts=MessageTs(ts), by=by, said_at=now, text=text, permalink=link)

    async def freeze(self, track: Track) -> None:
        """Let a twin take work and freeze."""
        twin = self.another()
        self.frozen += [(twin, claim) for claim in await self.claim(twin, track)]

    async def thaw(self) -> None:
        """Let the frozen ones wake up and go on with what they had; some die of it."""
        frozen, self.frozen = self.frozen, []
        for twin, claim in frozen:
            try:
                await twin.work_off(claim)
            except Killed:
                continue

    async def incident(self, number: int = 1) -> Incident:
        found = await self.desk.incident(IncidentId(number))
        assert found
        return found

    async def timeline(self, number: int = 1) -> tuple[TimelineRow, ...]:
        return await self.desk.timeline(IncidentId(number))

    async def waiting(self) -> list[str]:
        """Return the kinds of work that still wait, readings of channels and what has its time aside."""
        async with self.database.reading() as connection:
            return [
                kind
                for kind in await effects.kinds(connection)
                if not kind.startswith("timer") and kind not in {"slack.read_back", "incident.propose"}
            ]

    def said_in(self, name: str) -> list[str]:
        """Return what a channel shows, in its order, but for Slack's own lines of each new topic."""
        return [said.text for said in self.slack.said(name) if said.subtype != "channel_topic"]

    async def _round(self, tracks: Collection[Track]) -> bool:
        """Perform what is due in these tracks, all at once; tell whether there was anything."""
        found = False
        async with asyncio.TaskGroup() as group:
            for track in Track:
                for claim in await self.dispatcher.claim(track, PLACES[track]) if track in tracks else ():
                    found = True
                    group.create_task(self.dispatcher.work_off(claim))
        return found
