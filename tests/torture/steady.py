"""A world that repeats itself: everything left to chance is thrown by dice with a seed, the order of work as well."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from bot.clock import SeededChance
from bot.domain.tracks import Track
from bot.engine.dispatch import PLACES
from tests.engine.world import World
from tests.fakes import inline_sqlite
from tests.fakes.slack import Killed

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
    """A world in which one piece of work is done after another, in an order that `dice` choose."""

    def __init__(self, file: Path, dice: Dice) -> None:
        super().__init__(inline_sqlite.url(file))
        self._dice = dice

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
