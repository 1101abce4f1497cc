"""When a process dies: at a seeded moment of a step, or in the middle of a call to Slack."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from bot.clock import SeededChance, SystemClock
from tests.e2e.house import House
from tests.e2e.walk import Accident

# Every call to Slack takes so long, so that many deaths fall between a call and its answer.
LATENCY = timedelta(milliseconds=40)
# A step is over within this time when nothing happens; starting takes about two seconds.
A_STEP, A_START = timedelta(milliseconds=400), timedelta(seconds=2)
KILLED_AGAIN = 0.3
FIRST_CALLS = 4


def at_some_moment(opened: House, chance: SeededChance) -> Accident:
    """Return a death at a moment of the step, and perhaps another one while it comes up."""
    first, again, second = chance.fraction(), chance.fraction() < KILLED_AGAIN, chance.fraction()

    async def die() -> None:
        await SystemClock().sleep(A_STEP * first)
        await opened.kill_and_start_again()
        if again:
            await SystemClock().sleep(A_START * second)
            await opened.kill_and_start_again()

    return die


def in_the_middle_of_a_call(opened: House, chance: SeededChance) -> Accident:
    """Return a death while Slack works on one of the step's first calls: done there, and unknown here."""
    return in_the_middle_of_call(opened, 1 + int(chance.fraction() * FIRST_CALLS))


def in_the_middle_of_call(opened: House, number: int) -> Accident:
    """Return a death while Slack works on the call of that number, counted from now."""
    wanted = len(opened.sandbox.journal.calls()) + number

    async def die() -> None:
        with suppress(TimeoutError):  # a step with fewer calls
            async with asyncio.timeout(A_STEP.total_seconds()):
                while len(opened.sandbox.journal.calls()) < wanted:
                    await SystemClock().sleep(LATENCY / 20)
        await opened.kill_and_start_again()

    return die
