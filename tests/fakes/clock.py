"""Time and chance that the test holds in its hand."""

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.clock import READABLE

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# How often others may go on before the clock does: more steps than any chain of callbacks between two sleeps.
TURNS = 25


class FakeClock:
    """A clock that stands still until the test moves it; who sleeps is woken when their time comes."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._monotonic = 0.0
        self.set_back = timedelta()  # at once, at most: what is later may seem to be so much earlier
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, delay: timedelta) -> None:
        if delay <= timedelta():
            await turn()
            return
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._monotonic + delay.total_seconds(), next(self._order), waking))
        await waking

    @property
    def sleepers(self) -> int:
        """How many wait for the clock."""
        return sum(not waking.done() for _, _, waking in self._sleepers)

    def move(self, by: timedelta) -> None:
        """Move on at once; sleepers whose time has come go on when the loop next turns."""
        self._now += by
        self._monotonic += by.total_seconds()
        while self._sleepers and self._sleepers[0][0] <= self._monotonic + 1e-9:
            waking = heapq.heappop(self._sleepers)[2]
            if not waking.done():
                waking.set_result(None)

    async def advance(self, by: timedelta) -> None:
        """Move on from one sleeper to the next, letting each do its work at its own time."""
        until = self._monotonic + by.total_seconds()
        await turn(TURNS)
        while self._sleepers and self._sleepers[0][0] <= until:
            self.move(timedelta(seconds=max(0.0, self._sleepers[0][0] - self._monotonic)))
            await turn(TURNS)
        self.move(timedelta(seconds=until - self._monotonic))
        await turn(TURNS)

    def jump(self, by: timedelta) -> None:
        """Set the wall clock, as an operator or NTP does: what is measured monotonically notices nothing."""
        self._now += by
        self.set_back = max(self.set_back, -by)


async def turn(times: int = 1) -> None:
    """Let the others on the loop go on."""
    loop = asyncio.get_running_loop()
    for _ in range(times):
        turned: asyncio.Future[None] = loop.create_future()
        loop.call_soon(turned.set_result, None)
        await turned


class CountingChance:
    """Chance that counts: tokens 0001, 0002 …; fractions as the test gives them, else always 0.5."""

    def __init__(self, *fractions: float) -> None:
        self._tokens = count(1)
        self._fractions = list(fractions)

    def token(self, length: int) -> str:
        number, digits = next(self._tokens), ""
        while number:
            number, digit = divmod(number, len(READABLE))
            digits = READABLE[digit] + digits
        return digits.rjust(length, "0")[-length:]

    def fraction(self) -> float:
        return self._fractions.pop(0) if self._fractions else 0.5
