"""Whose turn it is to write, where there is one writer (SQLite).

Who waits for an answer (a webhook's sender, somebody who clicked) goes before what goes on by itself (results of
effects, reading deliveries): in a storm the answer would else stand behind dozens of transactions that nobody waits
for. A few in a row at most: then one of the others has its turn, so that nothing ever stands still.
"""

import asyncio
from collections import deque

IN_A_ROW = 4


class Turns:
    """A lock with two queues."""

    def __init__(self) -> None:
        self._taken = False
        self._in_a_row = 0
        self._answering: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    async def acquire(self, *, answering: bool) -> None:
        """Wait for a turn; `answering` when somebody outside waits for what is written."""
        if not self._taken:
            self._taken = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._answering if answering else self._others).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.release()  # the turn had come already
            raise

    def release(self) -> None:
        """Hand the turn on."""
        while turn := self._next():
            if not turn.done():  # else its owner has given up waiting
                turn.set_result(None)
                return
        self._taken = False

    def _next(self) -> asyncio.Future[None] | None:
        if self._others and (not self._answering or self._in_a_row >= IN_A_ROW):
            self._in_a_row = 0
            return self._others.popleft()
        if not self._answering:
            return None
        self._in_a_row += 1
        return self._answering.popleft()
