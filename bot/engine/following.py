"""Asks a sender for its silences, and brings its and ours together (bot/domain/mirroring.py).

Who does not answer is told of by whoever asks for its alerts (reconcile.py); here nothing changes then. Replicas ask
each for itself, and conclude the same: what is heard of is taken over once, by a receipt.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.domain.matchers import text_of
from bot.domain.mirroring import FarSilence, Sides, newest, numbers, steps
from bot.domain.names import digest
from bot.domain.reconciling import Pace
from bot.domain.work import Effect
from bot.engine.handle import Engine
from bot.engine.receipts import Receipt
from bot.errors import BadInput, TryLater
from bot.store import silences

log = structlog.get_logger()
AGAIN_AFTER: Final = timedelta(hours=1)

AskSilences = Callable[[], Awaitable[tuple[FarSilence, ...]]]
"""Asks one peer. Raises `TryLater` when it does not answer, `BadInput` when what it answers cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilencedAt:
    """Whose silences are followed, how often, whether ours are made there, and how each of its peers is asked."""

    label: str
    peers: Mapping[str, AskSilences]
    shares: bool
    pace: Pace = field(default_factory=Pace)


class Follower:
    """Follows one sender's silences."""

    def __init__(self, engine: Engine, sender: SilencedAt) -> None:
        """Nothing is asked yet."""
        self.engine, self.sender, self.clock = engine, sender, engine.clock
        self._asked_for: dict[tuple[int, bool], datetime] = {}

    async def round(self) -> int:
        """Ask once; return how many silences stand otherwise now.

        Raises:
            Overloaded: the database is busy or away; the next round does it.
        """
        answers = await asyncio.gather(*(self._answer(url, ask) for url, ask in self.sender.peers.items()))
        heard = [answer for answer in answers if answer is not None]
        if not heard:
            return 0
        far, label, now = newest(heard), self.sender.label, self.clock.now()
        async with self.engine.database.reading() as connection:
            ours = await silences.shared_with(connection, label, far, set(numbers(far.values())), now)
        sides = Sides(
            sender=label,
            far=far,
            ours=ours,
            now=now,
            whole=len(heard) == len(answers),
            shares=self.sender.shares,
            scale_is_own=bool(self.engine.policy.alert_severities.words),
        )
        found = steps(sides)
        for over in found.ended:
            await self.engine.handle(over)
        for one in found.heard:
            key = digest(label, one.far_id, one.ends_at.isoformat(), text_of(one.matchers))
            await self.engine.handle(one, receipt=Receipt(origin="silence", key=key))
        ended = {one.id for one in ours if one.ended_at}
        wanted = [one for one in found.wanted if self._is_due((one.silence, one.silence in ended), now)]
        if wanted:
            await self.engine.put(*(Effect(work=one, due=now) for one in wanted))
        changed = len(found.heard) + len(found.ended) + len(wanted)
        if changed:
            log.info("silences_followed", sender=label, silences=changed)
        return changed

    async def _answer(self, url: str, ask: AskSilences) -> tuple[FarSilence, ...] | None:
        try:
            return await ask()
        except (TryLater, BadInput) as error:
            log.debug("silences_not_had", sender=self.sender.label, url=url, reason=str(error))
            return None

    def _is_due(self, wanted: tuple[int, bool], now: datetime) -> bool:
        """Tell whether it was not asked for lately: what is refused there is not asked for every minute."""
        asked = self._asked_for.get(wanted)
        if asked and now < asked + AGAIN_AFTER:
            return False
        self._asked_for[wanted] = now
        return True
