"""The whole story told quickly to a bot that dies somewhere in it: people insist only on what was not acknowledged.

It is the plot of the end-to-end tests, without waiting for what is seen before the next thing is done, and with an
update that is overdue on the way.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import SystemClock
from bot.domain.action_items import ActionAdded
from bot.domain.alert_events import AlertEnded
from bot.domain.events import Event, ReminderPosted
from bot.domain.links import Linked
from bot.domain.note_events import NoteTaken
from bot.sandbox.texts import words_of
from tests.e2e.evidence import check_everything, is_recorded, undone
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
    UPDATE,
    Step,
    messages,
    types,
)
from tests.peers.until import until
from tests.torture.forked import Death, Forked, Zygote

CADENCE: Final = "severities: {sev1: {update_every: 2s}, sev2: {update_every: 2s}}\n"
SETTLE: Final = "0.4"
TRIES: Final = 20
PATIENCE: Final = 120.0
LOOK_EVERY: Final = timedelta(milliseconds=100)
TO_DO: Final = "Mend the pool for good"


async def _never(_opened: House) -> bool:
    return False


# Who subscribes twice has subscribed.
SUBSCRIBE: Final = Step(name="Cleo subscribes", act=types("/incident subscribe", by="cleo"), seen=_never)
ACTION: Final = Step(
    name="something is left to do",
    act=types(f"/incident action {TO_DO} @cleo"),
    seen=_never,
    recorded=lambda event: isinstance(event, ActionAdded),
)
LINK: Final = Step(
    name="something belongs to it",
    act=types("/incident link https://status.example/checkout"),
    seen=_never,
    recorded=lambda event: isinstance(event, Linked),
)
NOTE: Final = Step(
    name="something is noted",
    act=types("/incident note moved traffic"),
    seen=_never,
    recorded=lambda event: isinstance(event, NoteTaken),
)


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
        await _check_what_was_done_beside(opened)
    return [life.split("\n")[:-1] for life in told.read_text(encoding="utf-8").split("born\n")[1:]]


async def _tell(opened: House) -> None:
    await insist(opened, ALERT)
    await insist(opened, ACKNOWLEDGE)
    await insist(opened, DECLARE)
    await until(lambda: DECLARE.seen(opened), what=DECLARE.name, timeout=PATIENCE)
    for step in (COMMAND, COMMUNICATIONS, SCRIBE, STATUS, SEVERITY):
        await insist(opened, step)
    await until(lambda: _is_there(opened, ReminderPosted), what="a reminder", timeout=PATIENCE)
    for step in (SUBSCRIBE, ACTION, LINK, NOTE, TELL, TALK, RECOVER):
        await insist(opened, step)
    await until(lambda: _is_there(opened, AlertEnded), what="the alert's end", timeout=PATIENCE)
    await insist(opened, RESOLVE)


async def _check_what_was_done_beside(opened: House) -> None:
    """See that it happened once, and that Cleo was told: of what is theirs to do, and of the update."""
    kinds = Counter(type(event) for event in await opened.events())
    assert [kinds[kind] for kind in (ActionAdded, Linked, NoteTaken)] == [1, 1, 1], f"each once, not {kinds}"
    told = [words_of(one) for one in await messages(opened, "@muster", "cleo")]
    assert [sum(text in one for one in told) for text in (TO_DO, UPDATE)] == [1, 1], f"each told once, not {told}"


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
    left: list[str] = []

    async def is_done() -> bool:
        left[:] = await undone(opened.database)
        return not left

    try:
        await until(is_done, what="all work being done", timeout=PATIENCE, every=LOOK_EVERY)
    except AssertionError as error:
        raise AssertionError(f"{error}; at {SystemClock().now()} there is left {left}") from error
