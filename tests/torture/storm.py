"""A storm of alerts on the real process: it dies in the middle, and whatever it took is kept, and read once.

Senders repeat what was not answered 2xx. After a death somebody declares a SEV-1, which must have its page and its
channel while the storm's thousands of messages wait for Slack, whose limits are on. Times are told, not held.
"""

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import select

from bench.databases import Kind, databases
from bench.figures import percentile
from bench.measure import memory
from bot.clock import SystemClock
from bot.sandbox.state.ids import ChannelId
from bot.store.database import Database
from bot.store.inbox import DeliveryStatus
from bot.store.tables import alerts, deliveries
from tests.e2e.house import House, N, house
from tests.invariants.check import must_hold
from tests.invariants.from_sandbox import of_house
from tests.invariants.picture import Picture
from tests.peers.until import until
from tests.torture.suite import Broken, Order, Report, Size, again
from tests.torture.webhooks import Senders, Webhook, webhooks

CLOCK: Final = SystemClock()
MIB_AT_MOST: Final = 300.0
WITHIN: Final = 120.0
A_SECOND_AT_LEAST: Final = 40
TITLE: Final = "Checkout is down in a storm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How large a storm is, and after which parts of it were answered the process dies.

    Forty alerts are of one rule (bench/bodies.py), so as many are a group.
    """

    alerts: int
    groups: int
    deaths: tuple[float, ...]


SIZES: Final = {
    Size.CHANGE: Wanted(alerts=20_000, groups=500, deaths=(0.5,)),
    Size.NIGHT: Wanted(alerts=100_000, groups=2_500, deaths=(0.1, 0.3, 0.5, 0.7, 0.9)),
}
SEEDS: Final = {Size.CHANGE: range(1, 2), Size.NIGHT: range(1001, 1002)}
DATABASES: Final = {kind.name.lower(): kind for kind in Kind}


@dataclass(slots=True)
class Storm:
    """What was seen; times are seconds."""

    sent: int = 0
    took: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    kept_after: float = 0.0
    read_after: float = 0.0
    most_memory: float = 0.0
    paged_after: float = 0.0
    room_after: float = 0.0
    waited_meanwhile: int = 0
    messages: int = 0


async def storm_on(folder: Path, url: str, seed: int, wanted: Wanted) -> Storm:
    """Raise one; whatever does not hold is an AssertionError."""
    seen, sent = Storm(), webhooks(seed, alerts=wanted.alerts, groups=wanted.groups)
    async with house(folder, url) as opened:
        senders, began = Senders(url=opened.muster.url, clock=CLOCK), CLOCK.monotonic()
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(senders.send(sent))
            for number, part in enumerate(wanted.deaths):
                await until(lambda part=part: len(senders.answered) >= part * len(sent), what="answers", timeout=WITHIN)  # type: ignore[misc] # mypy does not see the default
                seen.most_memory = max(seen.most_memory, memory(opened.muster.pid)[1])
                before = list(senders.answered)
                await opened.muster.kill()
                await opened.muster.start()
                await is_kept(opened.database, before)
                await opened.muster.until_ready()
                if number == len(wanted.deaths) // 2:
                    await _declare(opened, seen)
            await sending
        seen.kept_after = CLOCK.monotonic() - began
        assert not senders.wrong, Counter(senders.wrong)
        await is_kept(opened.database, senders.answered)
        await until(lambda: _is_read(opened), what="the reading", timeout=WITHIN + wanted.alerts / A_SECOND_AT_LEAST)
        seen.read_after = CLOCK.monotonic() - began
        seen.most_memory = max(seen.most_memory, memory(opened.muster.pid)[1])
        seen.sent, seen.took, seen.statuses = len(sent), senders.took, senders.statuses
        await is_read_once(opened.database, sent)
        assert seen.most_memory <= MIB_AT_MOST, f"I17: {seen.most_memory:.0f} MiB resident"
        # The picture of so much takes seconds, and a reminder that is posted meanwhile would be in one half of it only.
        await opened.muster.kill()
        seen.messages = _grouped(await of_house(opened), wanted)
    return seen


def _grouped(picture: Picture, wanted: Wanted) -> int:
    """Hold what was left against the invariants; return how many messages the storm made: no more than groups."""
    must_hold(picture, at_rest=False)
    assert len(picture.groups) == wanted.groups, f"I25: {len(picture.groups)} groups of {wanted.groups}"
    messages = sum(times for marker, times in picture.posted.items() if marker.startswith("group:"))
    assert messages <= wanted.groups, f"{messages} messages of {wanted.groups} groups"
    return messages


async def _declare(opened: House, seen: Storm) -> None:
    """Declare a SEV-1 and wait for its page and its channel."""
    began = CLOCK.monotonic()
    answer = await opened.people.person("ana").command(f"/incident declare sev1 {TITLE} service:checkout")
    assert not answer.get("error"), answer
    await until(lambda: opened.pagerduty.alerts, what="the page of the SEV-1", timeout=WITHIN)
    seen.paged_after = CLOCK.monotonic() - began
    await until(lambda: _has_its_people(opened), what="the channel of the SEV-1, with its people", timeout=WITHIN)
    seen.room_after = CLOCK.monotonic() - began
    seen.waited_meanwhile = (await opened.desk.backlog())["effects_waiting"]


async def _has_its_people(opened: House) -> bool:
    """Whoever is on call as far as the bot knew (the pager may not have told it yet), and who declared it."""
    incident = await opened.desk.incident(N)
    room = opened.sandbox.workspace.channels.get(ChannelId(incident.channel or "")) if incident else None
    return bool(incident and room and len(incident.responders) > 1 and set(incident.responders) <= set(room.members))


async def is_kept(database: Database, answered: Sequence[Webhook]) -> None:
    """I1: what was answered 2xx is in the database, as often as it was answered so; else it fails."""
    async with database.reading() as connection:
        rows = await connection.execute(select(deliveries.c.body))
        kept = Counter(hash(bytes(body)) for body in rows.scalars())
    missing = Counter(hash(one.body) for one in answered) - kept
    assert not missing, f"I1: {missing.total()} of {len(answered)} deliveries were accepted and are not kept"


async def _is_read(opened: House) -> bool:
    return (await opened.desk.backlog())["deliveries_waiting"] == 0


async def is_read_once(database: Database, sent: Sequence[Webhook]) -> None:
    """I2: each alert that can be read is one episode, however often it came; what cannot is in quarantine."""
    async with database.reading() as connection:
        bodies = (await connection.execute(select(alerts.c.body))).scalars().all()
        aside = select(deliveries.c.body).where(deliveries.c.status == DeliveryStatus.QUARANTINED.value)
        quarantined = {bytes(body) for body in (await connection.execute(aside)).scalars()}
    episodes = Counter(str(json.loads(body)["report"]["fingerprint"]) for body in bodies)
    expected = {fingerprint for one in sent for fingerprint in one.alerts}
    twice = [fingerprint for fingerprint, times in episodes.items() if times > 1]
    assert not twice, f"I2: {len(twice)} alerts have more than one episode"
    assert set(episodes) == expected, f"I1: {len(expected - set(episodes))} of {len(expected)} alerts were never read"
    malformed = {one.body for one in sent if one.malformed}
    assert quarantined == malformed, f"{len(malformed)} malformed, {len(quarantined)} in quarantine"


def one(seed: int, kind: Kind, wanted: Wanted) -> Storm:
    """Raise one in this process."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite+aiosqlite:///{folder / 'muster.db'}"
        if kind is Kind.POSTGRESQL:
            url = stack.enter_context(databases()).fresh(kind, folder)
        return asyncio.run(storm_on(folder, url, seed, wanted))


def storm(order: Order) -> Report:
    """Raise one on each database."""
    chosen = [kind for name, kind in DATABASES.items() if order.only in {None, name}]
    broken, figures = list[Broken](), dict[str, str | int | float]()
    with ProcessPoolExecutor(order.processes) as pool:
        raised = {
            pool.submit(one, seed, kind, SIZES[order.size]): (seed, kind)
            for seed in order.seeds or SEEDS[order.size]
            for kind in chosen
        }
        for done in as_completed(raised):
            seed, kind = raised[done]
            if error := done.exception():
                repeat = again("storm", seed=seed, only=kind.name.lower(), size=order.size)
                broken.append(Broken(what=f"{kind}, seed {seed}: {error!r}", again=repeat))
                continue
            told = _told(done.result(), SIZES[order.size].alerts)
            order.say(f"{kind}, seed {seed}: {told}")
            figures[f"{kind}, seed {seed}"] = told
    return Report(figures=figures, broken=tuple(broken))


def _told(seen: Storm, alerts_sent: int) -> str:
    took = [1000 * each for each in seen.took]
    return (
        f"{seen.sent} webhooks with {alerts_sent} alerts kept after {seen.kept_after:.0f} s, read after "
        f"{seen.read_after:.0f} s ({alerts_sent / seen.read_after:.0f} a second, goal 30 s for 20,000); answers "
        f"{dict(seen.statuses)}, p50 {percentile(took, 50):.0f} ms, p99 {percentile(took, 99):.0f} ms (goal 250), "
        f"slowest {max(took):.0f} ms; SEV-1 paged after {seen.paged_after:.1f} s, its channel after "
        f"{seen.room_after:.1f} s (goal 5) while {seen.waited_meanwhile} waited; {seen.most_memory:.0f} MiB at most; "
        f"{seen.messages} messages so far"
    )
