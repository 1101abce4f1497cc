"""The auditor: asks every minute whether what Muster promises still holds, over the database alone, and says so.

It changes nothing and repairs nothing. What it finds is counted, logged, and told to the administrators: once while it
lasts, and once when it is over. It remembers that in the process: after a restart what still lasts is told again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.domain.ids import IncidentId, SourceName
from bot.domain.places import place
from bot.domain.tracks import Track
from bot.domain.work import Effect, Reminder, Timer, WarnAdmins
from bot.engine.audit_record import Fault, RecordAudit
from bot.engine.handle import Engine
from bot.engine.tidy import KEPT_FOR
from bot.store import audit, effects

log = structlog.get_logger()
# What is due and free is taken up within this time, or something is wrong.
TAKEN_UP_WITHIN: Final = timedelta(seconds=60)
CHANNEL_WITHIN: Final = timedelta(minutes=2)
READ_WITHIN: Final = timedelta(seconds=60)
# Tidying up comes every hour, and may miss a round.
TIDIED_WITHIN: Final = timedelta(hours=3)
QUARANTINE_IS_NEWS_FOR: Final = timedelta(days=1)
AT_MOST: Final = 100
_TIMER: Final = Timer(incident=IncidentId(0), about=Reminder.UPDATE).kind
NAMED: Final = 10


class Watched(StrEnum):
    """What is watched; the value is the metric's label. docs/reliability.md says what each means and what to do."""

    TIMELINE_GAP = "timeline_gap"
    TIMELINE_CHAIN = "timeline_chain"
    INCIDENT_STATE = "incident_state"
    EFFECT_OVERDUE = "effect_overdue"
    EFFECT_QUARANTINED = "effect_quarantined"
    LANE_ABANDONED = "lane_abandoned"
    TIMER_LATE = "timer_late"
    TIMER_MISSING = "timer_missing"
    CHANNEL_MISSING = "channel_missing"
    DELIVERY_UNREAD = "delivery_unread"
    DELIVERY_QUARANTINED = "delivery_quarantined"
    RECEIPT_OLD = "receipt_old"
    GROUP_COUNTS = "group_counts"


IN_WORDS: Final[Mapping[Watched, str]] = {
    Watched.TIMELINE_GAP: "A timeline has a gap",
    Watched.TIMELINE_CHAIN: "A timeline was changed after it was written",
    Watched.INCIDENT_STATE: "An incident is not what its timeline says",
    Watched.EFFECT_OVERDUE: "Work is due and nobody takes it up",
    Watched.EFFECT_QUARANTINED: "Work failed again and again and was set aside",
    Watched.LANE_ABANDONED: "A worker took work and never came back, and nobody took it over",
    Watched.TIMER_LATE: "A reminder's timer is due and has not fired",
    Watched.TIMER_MISSING: "An open incident has lost the timer of its updates",
    Watched.CHANNEL_MISSING: "An open incident has no channel",
    Watched.DELIVERY_UNREAD: "Alerts were accepted and are not read",
    Watched.DELIVERY_QUARANTINED: "Alerts came in that could not be understood",
    Watched.RECEIPT_OLD: "Receipts are kept for longer than they should be",
    Watched.GROUP_COUNTS: "A group of alerts counts other alerts as firing than those that do",
}
_FAULTS: Final[Mapping[Fault, Watched]] = {
    Fault.GAP: Watched.TIMELINE_GAP,
    Fault.CHAIN: Watched.TIMELINE_CHAIN,
    Fault.STATE: Watched.INCIDENT_STATE,
}
# While one of these lasts the engine makes no progress.
STANDSTILL: Final = frozenset(
    {Watched.EFFECT_OVERDUE, Watched.LANE_ABANDONED, Watched.TIMER_LATE, Watched.DELIVERY_UNREAD}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something does not hold: what, where (ids only), how it is instead, and how many of it."""

    what: Watched
    where: str
    detail: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One look at everything: when it ended, how long it took, what it found, how many timeline rows it read."""

    at: datetime
    took: timedelta
    findings: tuple[Finding, ...]
    rows: int

    @property
    def counts(self) -> Mapping[Watched, int]:
        """Return how many violations of each kind there are; 0 where all is well."""
        counts = dict.fromkeys(Watched, 0)
        for finding in self.findings:
            counts[finding.what] += finding.count
        return counts

    @property
    def work_gets_done(self) -> bool:
        """Tell whether nothing that is due and free waits for longer than it may."""
        return not any(finding.what in STANDSTILL for finding in self.findings)


class Auditor:
    """Looks, and remembers what it has said already."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        sources: Collection[SourceName],
        held_back: Callable[[], Collection[Track]] = tuple,
    ) -> None:
        """`sources` are those whose deliveries are looked at.

        `held_back` returns the tracks whose work waits rightly, because their far side is away. Nothing starts here.
        """
        self._held_back = held_back
        self.engine, self.clock, self.sources = engine, clock, sources
        self._record = RecordAudit(engine.database)
        self._said: dict[Watched, frozenset[str]] = {}

    async def round(self) -> Round:
        """Look at everything once, and say what is new and what is over.

        Raises:
            Overloaded: the database is busy or away; the next round looks again.
        """
        began, now = self.clock.monotonic(), self.clock.now()
        rows = await self._record.look()
        async with self.engine.database.reading() as connection:
            await audit.freeze(connection)
            findings = [
                *self._flaws(),
                *await _work(connection, now, self._held_back()),
                *await _incidents(connection, now),
                *await self._deliveries(connection, now),
                *await _receipts(connection, now),
                *await _groups(connection),
            ]
        await self._say(findings, now)
        took = timedelta(seconds=self.clock.monotonic() - began)
        log.debug("audited", findings=len(findings), rows=rows, behind=self._record.behind, took=took.total_seconds())
        return Round(at=self.clock.now(), took=took, findings=tuple(findings), rows=rows)

    def _flaws(self) -> Iterable[Finding]:
        for flaw in self._record.flaws.values():
            yield Finding(what=_FAULTS[flaw.fault], where=f"INC-{flaw.incident}", detail=flaw.detail)

    async def _deliveries(self, connection: AsyncConnection, now: datetime) -> list[Finding]:
        found = []
        for source in self.sources:
            waiting = await audit.unread(connection, source, now - READ_WITHIN)
            aside = await audit.not_understood(connection, source, now - QUARANTINE_IS_NEWS_FOR)
            for what, count in ((Watched.DELIVERY_UNREAD, waiting), (Watched.DELIVERY_QUARANTINED, aside)):
                if count:
                    found.append(Finding(what=what, where=source, detail=f"{count} deliveries", count=count))
        return found

    async def _say(self, findings: Iterable[Finding], now: datetime) -> None:
        """Log and tell what is new and what is over; what cannot be told now is told by the next round."""
        by_kind: dict[Watched, dict[str, Finding]] = {}
        for finding in findings:
            by_kind.setdefault(finding.what, {})[finding.where] = finding
        news = []
        for what in Watched:
            there, known = by_kind.get(what, {}), self._said.get(what, frozenset())
            if there.keys() - known:
                news.append(_warning(what, tuple(there.values()), now))
            elif known and not there:
                news.append(_all_clear(what, now))
        if news:
            async with self.engine.database.transaction() as connection:
                await effects.put(connection, news)
            self.engine.on_work()
        for what in Watched:
            self._note(what, by_kind.get(what, {}))

    def _note(self, what: Watched, there: Mapping[str, Finding]) -> None:
        known = self._said.pop(what, frozenset())
        for where in list(there.keys() - known)[:NAMED]:
            log.error("audit_found", invariant=what.value, where=where, detail=there[where].detail)
        if there:
            self._said[what] = frozenset(there)
        elif known:
            log.info("audit_over", invariant=what.value)


async def _work(connection: AsyncConnection, now: datetime, held: Collection[Track]) -> list[Finding]:
    """Look at effects and lanes."""
    found = []
    for late in await audit.overdue(connection, now, now - TAKEN_UP_WITHIN, AT_MOST, held=held):
        what = Watched.TIMER_LATE if late.kind == _TIMER else Watched.EFFECT_OVERDUE
        found.append(Finding(what=what, where=late.key, detail=f"{late.kind} was due at {_moment(late.due)}"))
    found += [
        Finding(what=Watched.LANE_ABANDONED, where=name, detail="its lease is long over")
        for name in await audit.abandoned(connection, now - TAKEN_UP_WITHIN, AT_MOST)
    ]
    return found + [
        Finding(what=Watched.EFFECT_QUARANTINED, where=aside.key, detail=aside.kind)
        for aside in await audit.set_aside(connection, AT_MOST)
    ]


async def _incidents(connection: AsyncConnection, now: datetime) -> list[Finding]:
    """Look at what every open incident must have: a channel, and (not in triage) the timer of its updates."""
    found = [
        Finding(what=Watched.CHANNEL_MISSING, where=f"INC-{number}", detail="declared more than two minutes ago")
        for number in await audit.without_channel(connection, now - CHANNEL_WITHIN, AT_MOST)
    ]
    timers = {_timer(number): number for number in await audit.running_ones(connection, AT_MOST)}
    missing = timers.keys() - await audit.present(connection, _TIMER, list(timers))
    return found + [
        Finding(what=Watched.TIMER_MISSING, where=f"INC-{timers[key]}", detail=f"no effect {key} waits")
        for key in sorted(missing)
    ]


async def _receipts(connection: AsyncConnection, now: datetime) -> list[Finding]:
    oldest = await audit.oldest_receipt(connection)
    if oldest is None or oldest >= now - KEPT_FOR - TIDIED_WITHIN:
        return []
    return [Finding(what=Watched.RECEIPT_OLD, where="receipts", detail=f"the oldest is of {_moment(oldest)}")]


async def _groups(connection: AsyncConnection) -> list[Finding]:
    return [
        Finding(what=Watched.GROUP_COUNTS, where=f"group {group}", detail=f"{said} fire as it says, {fire} do")
        for group, said, fire in await audit.miscounted(connection, AT_MOST)
    ]


def _timer(incident: IncidentId) -> str:
    return place(Timer(incident=incident, about=Reminder.UPDATE)).key


def _warning(what: Watched, there: tuple[Finding, ...], now: datetime) -> Effect:
    lines = [f"{finding.where}: {finding.detail}" for finding in there[:NAMED]]
    more = [f"and {len(there) - NAMED} more"] if len(there) > NAMED else []
    return _notice(what, "\n".join([f"{IN_WORDS[what]}.", *lines, *more]), now)


def _all_clear(what: Watched, now: datetime) -> Effect:
    return _notice(what, f"This is over since {_moment(now)}: {IN_WORDS[what]}.", now)


def _notice(what: Watched, text: str, now: datetime) -> Effect:
    return Effect(work=WarnAdmins(subject=f"audit {what.value}", text=text), due=now)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
