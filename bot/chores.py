"""What goes on beside the engine for as long as Muster runs: who we are, the time, the meters, tidying up, the audit.

Senders are asked for their lists of alerts, and that Muster is at work is written down.

None of it may end the process, and none of it is missed when it comes late.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, repeat

import structlog
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.engine.audit import Auditor
from bot.engine.desk import EngineDesk
from bot.engine.following import Follower
from bot.engine.handle import Engine
from bot.engine.loop import Loop, Outage
from bot.engine.presence import be_present
from bot.engine.reconcile import Reconciler
from bot.engine.tidy import tidy
from bot.errors import DeliveryError, Overloaded, TryLater
from bot.inbound.slack.port import Identity
from bot.meters import Meters
from bot.outbound.heartbeat import Heartbeat
from bot.outbound.slack.directory import Directory
from bot.outbound.slack.port import Slack
from bot.store.database import Database
from bot.store.shared_clock import SharedClock

log = structlog.get_logger()
# Slack is asked again soon, then less often: one call in seven that fails must not keep us from being ready.
ASK_AGAIN_AFTER = tuple(timedelta(milliseconds=pause) for pause in (250, 500, 1000, 2000, 5000))
AGREE_EVERY = timedelta(seconds=60)
LOOK_EVERY = timedelta(seconds=15)
PRESENT_EVERY = timedelta(seconds=60)
TIDY_EVERY = timedelta(hours=1)
AUDIT_EVERY = timedelta(seconds=60)
STANDS_STILL_AFTER = timedelta(seconds=60)


@dataclass(slots=True)
class WhoWeAre:
    """Our identity in Slack, once Slack has told us; Slack may be down while we start."""

    known: Identity | None = None

    def __call__(self) -> Identity | None:
        """Return it, or None as long as it is not known."""
        return self.known

    async def learn(self, slack: Slack, directory: Directory, clock: Clock) -> None:
        """Ask until we are told."""
        pauses = chain(ASK_AGAIN_AFTER, repeat(ASK_AGAIN_AFTER[-1]))
        while self.known is None:
            try:
                me = await slack.whoami()
                self.known = Identity(team=me.team, bot=me.bot, user=me.user, url=me.url)
                await directory.learn()
            except DeliveryError as error:
                log.warning("slack_does_not_answer", reason=str(error))
                await clock.sleep(_patience(error, next(pauses)))
        log.info("slack_knows_us", team=self.known.team, user=self.known.user)


async def keep_time(clock: Clock) -> None:
    """Ask the database every minute what time it is, for ever; who works alone has nobody to agree with."""
    while isinstance(clock, SharedClock):
        await clock.sleep(AGREE_EVERY)
        try:
            await clock.agree()
        except (Overloaded, DBAPIError) as error:
            log.info("time_not_agreed", reason=type(error).__name__)


def _patience(error: DeliveryError, pause: timedelta) -> timedelta:
    """Return how long to wait after an error: what Slack asked for, if it did."""
    return max(pause, error.after) if isinstance(error, TryLater) and error.after else pause


async def look(desk: EngineDesk, loop: Loop, meters: Meters, clock: Clock) -> None:
    """Keep the meters up to date, for ever."""
    while True:
        meters.far_sides({track: one.is_open for track, one in loop.dispatcher.breakers.items()})
        try:
            meters.look(await desk.backlog(), loop.last_tick)
        except (Overloaded, DBAPIError):
            meters.look({}, loop.last_tick)  # the loop has said so already
        await clock.sleep(LOOK_EVERY)


async def tidy_up(database: Database, clock: Clock) -> None:
    """Forget what nobody needs any more, every hour, for ever."""
    while True:
        try:
            forgotten = await tidy(database, clock.now())
            log.debug("tidied", rows=forgotten)
        except (Overloaded, DBAPIError) as error:
            log.info("not_tidied", reason=type(error).__name__)
        await clock.sleep(TIDY_EVERY)


async def be_there(engine: Engine, clock: Clock) -> None:
    """Write down every minute that Muster is at work, for ever."""
    while True:
        try:
            await be_present(engine)
        except (Overloaded, DBAPIError) as error:
            log.info("presence_not_written", reason=type(error).__name__)
        await clock.sleep(PRESENT_EVERY)


async def reconcile(reconciler: Reconciler | Follower, clock: Clock) -> None:
    """Ask a sender for its list of alerts, or of silences, at once and as often as is set, for ever."""
    sender = reconciler.sender
    outage = Outage(f"{type(reconciler).__name__.lower()} of {sender.label}")
    while True:
        try:
            await reconciler.round()
            outage.is_over()
        except (Overloaded, DBAPIError) as error:
            outage.goes_on(error)
        await clock.sleep(sender.pace.every)


async def watch(auditor: Auditor, loop: Loop, meters: Meters, heartbeat: Heartbeat | None, clock: Clock) -> None:
    """Audit every minute, for ever; the heart beats after each round that shows progress, and after no other.

    So it stands still when the loop does, when the database is away, when work is left lying, and when this dies.
    """
    outage = Outage("auditor")
    while True:
        await clock.sleep(AUDIT_EVERY)
        try:
            done = await auditor.round()
        except (Overloaded, DBAPIError) as error:
            outage.goes_on(error)
            meters.progress(made=False)
            continue
        outage.is_over()
        meters.audited(done)
        ticks = loop.last_tick is not None and clock.now() - loop.last_tick <= STANDS_STILL_AFTER
        made = ticks and done.work_gets_done
        meters.progress(made=made)
        if made and heartbeat:
            await heartbeat.beat()
