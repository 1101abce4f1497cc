"""What is done beside an acknowledgement: nothing waits for it, but the end of Muster."""

import asyncio
from collections.abc import Coroutine


class Background:
    """Does things in the background, each of which takes its own failures: who asked has had their answer."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()

    async def drain(self) -> None:
        """Wait until all that was begun is done."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    def _begin(self, what: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(what)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
