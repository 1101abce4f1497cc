"""Many lives side by side: a share for each process, several at once in each, since a life mostly waits."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from tests.torture.forked import Zygote, zygote
from tests.torture.suite import Order

T = TypeVar("T")
R = TypeVar("R")
Say = Callable[[str], None]
# What lives one life; the number is its own among those that live at the same time in its process.
Live = Callable[[Zygote, T, int], Awaitable[R]]


def spread(live: Live[T, R], items: Sequence[T], order: Order, *, at_once: int) -> list[R]:
    """Live all of them; say what became of each when it ends, and return it in the order of `items`.

    `live` is a function of a module, so that other processes find it.
    """
    processes = min(order.processes, len(items))
    shares = [items[number::processes] for number in range(processes)]
    with ProcessPoolExecutor(processes) as pool:
        done = list(pool.map(_share, [live] * processes, shares, [at_once] * processes, [order.say] * processes))
    return [done[number % processes][number // processes] for number in range(len(items))]


def _share(live: Live[T, R], items: Sequence[T], at_once: int, say: Say) -> list[R]:
    return asyncio.run(_all(live, items, at_once, say))


async def _all(live: Live[T, R], items: Sequence[T], at_once: int, say: Say) -> list[R]:
    free = list(range(at_once))
    places = asyncio.Semaphore(at_once)
    async with zygote() as mother:

        async def one(item: T) -> R:
            async with places:
                number = free.pop()
                try:
                    became = await live(mother, item, number)
                    say(str(became))
                    return became
                finally:
                    free.append(number)

        return list(await asyncio.gather(*map(one, items)))
