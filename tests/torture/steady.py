"""A world that repeats itself: everything left to chance is thrown by dice with a seed, the order of work as well."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from bot.clock import SeededChance
from bot.domain.policy import Policy
from bot.domain.tracks import Track
from bot.engine.dispatch import PLACES, Dispatcher
from bot.engine.handle import Engine
from bot.engine.timers import first_look
from bot.engine.watchdogs import watching
from tests.engine.world import POLICY, World
from tests.fakes import inline_sqlite
from tests.fakes.slack import Killed
from tests.torture.reached import Noting, noted

T = TypeVar("T")


class Dice(SeededChance):
    """All that is left to chance in one life."""

    def below(self, limit: int) -> int:
        return int(self.fraction() * limit)

    def one_of(self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]

    def shuffled(self, things: Iterable[T]) -> list[T]:
        return [thing for _, _, thing in sorted((self.fraction(), n, thing) for n, thing in enumerate(things))]

    def weighted(self, weights: Mapping[str, int]) -> str:
        """Return a name, each as often as its weight says."""
        point = self.below(sum(weights.values()))
        return next(name for name, until in zip(weights, accumulate(weights.values()), strict=True) if point < until)


class Steady(World):
    """A world in which one piece of work is done after another, in an order that `dice` choose.

    `reached` counts the commands, events and works that there were in it (reached.py).
    """

    def __init__(self, file: Path, dice: Dice, policy: Policy = POLICY) -> None:
        self._dice, self.reached = dice, Counter[str]()
        super().__init__(inline_sqlite.url(file), policy)

    def make_engine(self) -> Engine:
        engine = Noting(self.database, self.clock, self.chance, self.policy)
        engine.reached = self.reached
        return engine

    async def begin(self) -> None:
        """Set going what each start does."""
        now = self.clock.now()
        await self.engine.put(first_look(now), *watching(self.policy, now))

    def another(self) -> Dispatcher:
        dispatcher = super().another()
        dispatcher.performers = {
            kind: noted(kind, perform, self.reached) for kind, perform in dispatcher.performers.items()
        }
        return dispatcher

    async def _round(self, tracks: Collection[Track]) -> bool:
        claims = [
            claim for track in Track if track in tracks for claim in await self.dispatcher.claim(track, PLACES[track])
        ]
        for claim in self._dice.shuffled(claims):
            try:
                await self.dispatcher.work_off(claim)
            except Killed:
                await self.die()
                return True
        return bool(claims)
