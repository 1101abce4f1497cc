"""The whole story told quickly to a bot that dies somewhere in it: people insist only on what was not acknowledged.

It is the plot of the end-to-end tests, without waiting for what is seen before the next thing is done, and with an
update that is overdue on the way.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import or_, select

from bot.clock import SystemClock
from bot.domain.alert_events import AlertEnded
from bot.domain.events import Event, ReminderPosted
from bot.store.inbox import DeliveryStatus
from bot.store.tables import deliveries, effects, lanes
from tests.e2e.evidence import check_everything, is_recorded
from tests.e2e.house import CONFIG, House, Tenant, house
from tests.e2e.plot import (
    ACKNOWLEDGE,
    ALERT,
    COMMAND,
    COMMUNICATIONS,
    DECLARE,
    NOT_TAKEN,
    RECOVER,
    RESOLVE,
    SCRIBE,
    SEVERITY,
    STATUS,
    TALK,
    TELL,
    Step,
)
from tests.peers.until import until
from tests.torture.forked import Death, Forked, Zygote

CADENCE: Final = "severities: {sev1: {update_every: 2s}, sev2: {update_every: 2s}}\n"
SETTLE: Final = "0.4"
TRIES: Final = 20
PATIENCE: Final = 120.0
LOOK_EVERY: Final = timedelta(milliseconds=100)


async def tell(zygote: Zygote, folder: Path, url: str, port: int, deaths: Sequence[Death]) -> Sequence[Sequence[str]]:
    """Tell the story to a bot that dies so, and check everything; return the points that each life reached.

    Raises:
        AssertionError: something was lost, said twice, or left lying.
    """
    told = folder / "told"

    def make(folder: Path, *, port: int, environment: Mapping[str, str]) -> Forked:
        return Forked(folder, port=port, environment=environment, zygote=zygote, deaths=deaths, told=told)

    tenant = Tenant(
        config=CONFIG + CADENCE, environment={"MUSTER_SETTLE_SECONDS": SETTLE}, make=make, port=port, limits=False
    )
    async with house(folder, url, tenant=tenant) as opened:
        await _tell(opened)
        await until_done(opened)
        await check_everything(opened, dies=bool(deaths))
    return [life.split("\n")[:-1] for life in told.read_text(encoding="utf-8").split("born\n")[1:]]


async def _tell(opened: House) -> None:
    await insist(opened, ALERT)
    await insist(opened, ACKNOWLEDGE)
    await insist(opened, DECLARE)
    await until(lambda: DECLARE.seen(opened), what=DECLARE.name, timeout=PATIENCE)
    for step in (COMMAND, COMMUNICATIONS, SCRIBE, STATUS, SEVERITY):
        await insist(opened, step)
    await until(lambda: _is_there(opened, ReminderPosted), what="a reminder", timeout=PATIENCE)
    for step in (TELL, TALK, RECOVER):
        await insist(opened, step)
    await until(lambda: _is_there(opened, AlertEnded), what="the alert's end", timeout=PATIENCE)
    await insist(opened, RESOLVE)


async def _is_there(opened: House, kind: type[Event]) -> bool:
    return await is_recorded(opened, lambda event: isinstance(event, kind))


async def insist(opened: House, step: Step) -> None:
    """Do a step, and again only as long as nobody has taken it."""
    for _ in range(TRIES):
        try:
            await step.act(opened)
        except NOT_TAKEN:
            await opened.muster.until_ready()
        else:
            return
        if await (is_recorded(opened, step.recorded) if step.recorded else step.seen(opened)):
            return
    raise AssertionError(f"nobody takes it: {step.name}")


async def until_done(opened: House) -> None:
    """Wait until nothing is due, nothing that was begun is undone, and everything is read."""
    clock = SystemClock()
    left: list[str] = []

    async def is_done() -> bool:
        begun = or_(effects.c.due <= clock.now(), effects.c.attempts > 0)
        async with opened.database.reading() as connection:
            undone = select(effects.c.key, effects.c.attempts, effects.c.due, effects.c.error).where(begun)
            leased = select(lanes.c.name, lanes.c.leased_until).where(lanes.c.leased_until.is_not(None))
            unread = select(deliveries.c.id).where(deliveries.c.status == DeliveryStatus.WAITING.value)
            left[:] = [str(row) for query in (undone, leased, unread) for row in await connection.execute(query)]
        return not left

    try:
        await until(is_done, what="all work being done", timeout=PATIENCE, every=LOOK_EVERY)
    except AssertionError as error:
        raise AssertionError(f"{error}; at {clock.now()} there is left {left}") from error
