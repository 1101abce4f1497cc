"""Waiting for something outside to become true: by looking often, with a deadline, never by a fixed sleep.

Whoever looks leaves the processor to what is looked at: the pause is never shorter than a few times the look itself.
"""

import asyncio
import inspect
from collections.abc import Callable
from datetime import timedelta

from bot.clock import SystemClock

LOOK_EVERY = timedelta(milliseconds=20)
# How many times as long as a look takes the pause after it is, at least.
REST = 3


async def until(
    look: Callable[[], object],
    *,
    what: str,
    timeout: float = 20,  # noqa: ASYNC109 - reads so
    every: timedelta = LOOK_EVERY,
) -> None:
    """Return when `look` (a function or a coroutine function) is true; after `timeout` seconds fail and say `what`."""
    clock = SystemClock()
    try:
        async with asyncio.timeout(timeout):
            while True:
                began = clock.monotonic()
                seen = look()
                if await seen if inspect.isawaitable(seen) else seen:
                    return
                took = timedelta(seconds=clock.monotonic() - began)
                await clock.sleep(max(every, REST * took))
    except TimeoutError:
        message = f"{what} did not happen within {timeout} s"
        raise AssertionError(message) from None
