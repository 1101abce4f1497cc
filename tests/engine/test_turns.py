"""Who writes next, where there is one writer."""

import asyncio

from bot.store.turns import IN_A_ROW, Turns


class Queue:
    """People who wait for a turn, and the order in which they had it; whoever has it keeps it until `goes_on`."""

    def __init__(self) -> None:
        self.turns, self.had = Turns(), list[str]()

    def joins(self, name: str, *, answering: bool = False) -> asyncio.Task[None]:
        async def wait() -> None:
            await self.turns.acquire(answering=answering)
            self.had.append(name)

        return asyncio.create_task(wait())

    async def goes_on(self, times: int) -> list[str]:
        for _ in range(times):
            await asyncio.sleep(0)  # noqa: TID251 - lets the tasks run, waits for no time
            self.turns.release()
            await asyncio.sleep(0)  # noqa: TID251 - as above
        return self.had


async def test_who_waits_for_an_answer_goes_first() -> None:
    queue = Queue()
    await queue.turns.acquire(answering=False)
    waiting = [queue.joins("result"), queue.joins("reading"), queue.joins("webhook", answering=True)]
    assert await queue.goes_on(3) == ["webhook", "result", "reading"]
    await asyncio.gather(*waiting)


async def test_what_goes_on_by_itself_is_never_overtaken_for_ever() -> None:
    queue = Queue()
    await queue.turns.acquire(answering=False)
    waiting = [queue.joins("result")]
    waiting += [queue.joins("webhook", answering=True) for _ in range(IN_A_ROW + 2)]
    assert await queue.goes_on(IN_A_ROW + 3) == [*["webhook"] * IN_A_ROW, "result", "webhook", "webhook"]
    await asyncio.gather(*waiting)


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    queue = Queue()
    await queue.turns.acquire(answering=True)
    impatient, patient = queue.joins("impatient", answering=True), queue.joins("patient")
    await asyncio.sleep(0)  # noqa: TID251 - lets the tasks run, waits for no time
    impatient.cancel()
    assert await queue.goes_on(1) == ["patient"]
    await asyncio.gather(impatient, patient, return_exceptions=True)


async def test_who_gives_up_in_the_moment_of_their_turn_hands_it_on() -> None:
    queue = Queue()
    await queue.turns.acquire(answering=True)
    impatient, patient = queue.joins("impatient", answering=True), queue.joins("patient")
    await asyncio.sleep(0)  # noqa: TID251 - lets the tasks run, waits for no time
    queue.turns.release()
    impatient.cancel()
    await asyncio.wait([patient])
    assert queue.had == ["patient"]
    await asyncio.gather(impatient, return_exceptions=True)


async def test_a_turn_that_nobody_waits_for_is_free() -> None:
    turns = Turns()
    for answering in (True, False, True):
        await turns.acquire(answering=answering)
        turns.release()
