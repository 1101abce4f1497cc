"""Asks a sender for its own list of alerts, and takes in what its webhooks never told (bot/domain/reconciling.py).

What follows is written as if it had come by webhook, and only when nothing that did come is still unread: the older
knowledge never overtakes the newer. Nothing is kept of a round but, in memory, who was absent from it: a death costs
no more than that the absent are counted anew. Replicas ask each for itself, and conclude the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain.alerts import identity
from bot.domain.alerts_model import Alert
from bot.domain.ids import AlertId, SourceName
from bot.domain.reconciling import Answer, Differences, Pace, differences, seen, settled
from bot.domain.watchdogs import watchdog_of
from bot.domain.work import Effect, WarnAdmins
from bot.engine.handle import Engine
from bot.engine.reports import take_in
from bot.errors import BadInput, TryLater
from bot.store import alerts, inbox

log = structlog.get_logger()
WARN_AFTER: Final = timedelta(minutes=10)
# As many as a reading of deliveries takes in at once: whoever waits for an answer does not wait for longer.
AT_ONCE: Final = 100

Ask = Callable[[], Awaitable[Answer]]
"""Asks one peer. Raises `TryLater` when it does not answer, `BadInput` when what it answers cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whose alerts are reconciled, how often, and how each of its peers is asked, by address."""

    source: SourceName
    integration: str
    peers: Mapping[str, Ask]
    pace: Pace = field(default_factory=Pace)

    @property
    def label(self) -> str:
        """Return the name that people read: alertmanager/eu."""
        return f"{self.source}/{self.integration}"


class Reconciler:
    """Reconciles one sender's alerts."""

    def __init__(self, engine: Engine, sender: Sender) -> None:
        """Nothing is asked yet."""
        self.engine, self.sender, self.clock = engine, sender, engine.clock
        self._absent: Mapping[AlertId, datetime] = {}
        self._silent: set[str] = set()
        self._alone_since: datetime | None = None
        self._warned = False

    async def round(self) -> int:
        """Ask once; return how many alerts stand otherwise now.

        Raises:
            Overloaded: the database is busy or away; the next round does it.
        """
        began, sender = self.clock.now(), self.sender
        async with self.engine.database.reading() as connection:
            held = await alerts.firing(connection, sender.source, sender.integration)
        asked = (self._answer(url, ask) for url, ask in sender.peers.items())
        answers = [answer for answer in await asyncio.gather(*asked) if answer]
        await self._tell_whether_it_answers(began, answers=bool(answers))
        if not answers:
            return 0
        # In a thread, as reading what came is: lists are long when it counts.
        found = await asyncio.to_thread(self._compare, answers, held, began)
        changed = 0
        for part in found.parts(AT_ONCE):
            changed += await self._take_in(part, began)
        self._absent = found.absent
        if changed:
            log.info("reconciled", sender=sender.label, alerts=changed)
        return changed

    async def _answer(self, url: str, ask: Ask) -> Answer | None:
        """Return a peer's answer; when there is none, and when there is one again, it is logged once."""
        try:
            answer = await ask()
        except (TryLater, BadInput) as error:
            if url not in self._silent:
                log.warning("list_not_had", sender=self.sender.label, url=url, reason=str(error))
            self._silent.add(url)
            return None
        if url in self._silent:
            log.info("list_had_again", sender=self.sender.label, url=url)
            self._silent.remove(url)
        return answer

    def _compare(self, answers: Sequence[Answer], held: Sequence[Alert], began: datetime) -> Differences:
        ours = [self._without_heartbeats(answer) for answer in answers]
        return differences(seen(ours, began, self.sender.pace), held, self._absent, self.sender.pace)

    def _without_heartbeats(self, answer: Answer) -> Answer:
        """Leave out what is expected to fire: that it stands in a list does not say that it reaches us."""
        watchdogs = self.engine.policy.watchdogs
        return replace(answer, listed=tuple(one for one in answer.listed if not watchdog_of(watchdogs, one.report)))

    async def _tell_whether_it_answers(self, now: datetime, *, answers: bool) -> None:
        """Tell the administrators once when nobody has answered for long, and once when somebody does again."""
        if answers:
            text = f"{self.sender.label} answers again: its alerts are reconciled."
            is_news, self._alone_since = self._warned, None
        else:
            self._alone_since = self._alone_since or now
            since = f"{self._alone_since:%Y-%m-%d %H:%M} UTC"
            text = (
                f"{self.sender.label} has not answered for its list of alerts since {since}. What it tells by webhook "
                "is taken as always; what it does not tell stays unknown. The log says why (list_not_had)."
            )
            is_news = not self._warned and now - self._alone_since >= WARN_AFTER
        if is_news:
            subject = f"reconciling {self.sender.label}"
            await self.engine.put(Effect(work=WarnAdmins(subject=subject, text=text), due=now))
            self._warned = not answers

    async def _take_in(self, found: Differences, began: datetime) -> int:
        """Write what follows, unless something newer is still unread: then the next round does it."""
        sender = self.sender
        about = {identity(report) for report in found.appeared} | {identity(alert.report) for alert in found.gone}
        async with self.engine.database.transaction(what="what a list says") as connection:
            if await inbox.is_unread(connection, sender.source, sender.integration):
                log.debug("list_waits_for_deliveries", sender=sender.label)
                return 0
            newest = await alerts.newest(connection, about)
            commands = tuple(settled(found, newest, began, sender.pace))
            news = await take_in(connection, commands, self.clock.now(), self.engine.policy)
        if news:
            self.engine.on_work()
        return len(commands)
