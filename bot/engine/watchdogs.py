"""Keeps expected heartbeats: notes each that comes, and looks when the next is overdue (bot/domain/watchdogs.py).

When it came last is a row, and the next look is an effect with a due time: neither is lost with the process.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts import identity
from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import ReportAlert
from bot.domain.policy import Policy
from bot.domain.tracks import Urgency
from bot.domain.watchdogs import Heard, Watchdog, judged, over, silence
from bot.domain.work import Effect, WatchHeartbeat
from bot.engine.busy import later_if_busy
from bot.engine.handle import Engine
from bot.engine.jobs import Done, Job
from bot.engine.reports import take_in
from bot.store import alerts, effects, moments
from bot.store.moments import AT_WORK, BACK

Beats = Mapping[str, tuple[Watchdog, datetime]]
"""The heartbeats that came, by the label of their sender: the newest of each."""


def watching(policy: Policy, now: datetime) -> list[Effect]:
    """Return what sets the looking going, when Muster starts."""
    return [_look(dog, now) for dog in policy.watchdogs]


async def note(connection: AsyncConnection, beats: Beats) -> None:
    """Note heartbeats in the caller's transaction, and look at once whether they end an alarm."""
    for _, (dog, at) in sorted(beats.items()):  # in one order everywhere: two replicas never wait for each other
        last = await moments.load(connection, _name(dog.label), lock=True)
        await moments.save(connection, _name(dog.label), max(at, last or at))
    await effects.put(connection, [_look(dog, at) for dog, at in beats.values()])


class Watcher:
    """Looks whether a heartbeat is overdue."""

    def __init__(self, engine: Engine) -> None:
        """Nothing starts here."""
        self.engine = engine

    async def watch(self, job: Job) -> Done:
        """Perform `WatchHeartbeat`."""
        work = job.work
        assert isinstance(work, WatchHeartbeat)  # noqa: S101 - the table of performers says so
        with later_if_busy():
            async with self.engine.database.transaction(what="a look at a heartbeat") as connection:
                await self._look(connection, work)
        self.engine.on_work()
        return Done()

    async def _look(self, connection: AsyncConnection, work: WatchHeartbeat) -> None:
        now, policy = self.engine.clock.now(), self.engine.policy
        wanted = (work.source, work.integration)
        dog = next((one for one in policy.watchdogs if (one.source, one.integration) == wanted), None)
        series = identity(silence(*wanted))
        alarm = (await alerts.newest(connection, [series])).get(series)
        if dog is None:  # nobody expects it any more
            report = over(alarm, now) if alarm and alarm.status is AlertStatus.FIRING else None
        else:
            report, again = judged(dog, await _heard(connection, dog, now), alarm, now)
            await effects.put(connection, [_look(dog, again)])
        if report:
            await take_in(connection, [ReportAlert(report=report)], now, policy)


async def _heard(connection: AsyncConnection, dog: Watchdog, now: datetime) -> Heard:
    """Return when it was heard; a heartbeat that never came is waited for from now on."""
    last = await moments.load(connection, _name(dog.label), lock=True)
    if last is None:
        await moments.save(connection, _name(dog.label), now)
    return Heard(
        last=last or now, at_work=await moments.load(connection, AT_WORK), back=await moments.load(connection, BACK)
    )


def _name(label: str) -> str:
    return f"heartbeat {label}"


def _look(dog: Watchdog, due: datetime) -> Effect:
    work = WatchHeartbeat(source=dog.source, integration=dog.integration)
    return Effect(work=work, due=due, urgency=Urgency.NOW)
