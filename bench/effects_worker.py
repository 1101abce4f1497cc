"""One dispatcher as a process: `python -m bench.effects_worker URL`; its Slack and its pager answer at once.

It starts when it reads a line, ends with its standard input, and prints how many effects it has done and the processor
time that they took, as JSON.
"""

import asyncio
import json
import logging
import sys
import time
from collections import defaultdict

import structlog

from bot.clock import SystemChance, SystemClock
from bot.domain.ids import ChannelId, MessageTs
from bot.domain.policy import Policy
from bot.domain.result_commands import OpenedChannel
from bot.domain.work import OpenChannel
from bot.engine.dispatch import Dispatcher, Outcome
from bot.engine.handle import Engine
from bot.engine.jobs import Done, Job, Perform, Posted
from bot.engine.loop import Loop
from bot.engine.timers import fire
from bot.store.database import Database

POSTS = ("slack.card", "slack.announce", "slack.say")


async def open_channel(job: Job) -> Done:
    """Make a channel."""
    assert isinstance(job.work, OpenChannel)
    n = job.work.incident
    return Done(command=OpenedChannel(incident=n, channel=ChannelId(f"C{n}"), name=f"inc-{n}"))


async def post(job: Job) -> Done:
    """Post a message."""
    return Done(posted=Posted(channel=ChannelId("C0"), ts=MessageTs(job.key)))


async def nothing(_: Job) -> Done:
    """Do what leaves no trace here."""
    return Done()


def performers() -> dict[str, Perform]:
    """Return a performer for every kind; those that are not named leave no trace here."""
    named = {"slack.open_channel": open_channel, "timer": fire, **dict.fromkeys(POSTS, post)}
    return defaultdict(lambda: nothing, named)


async def work(url: str) -> dict[str, float]:
    """Dispatch until standard input ends."""
    done, clock = 0, SystemClock()

    def count(_kind: str, outcome: Outcome) -> None:
        nonlocal done
        done += outcome is Outcome.DONE

    database = Database(url)
    engine = Engine(database, clock, SystemChance(), Policy(paging=True))
    loop = Loop(Dispatcher(engine, performers(), clock, SystemChance(), on_outcome=count), clock)
    engine.on_work = loop.wake
    async with database.reading():
        pass
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    used = time.process_time()
    task = asyncio.create_task(loop.run())
    loop.wake()
    await asyncio.to_thread(sys.stdin.read)
    used = time.process_time() - used
    loop.stop()
    await task
    await database.close()
    return {"done": done, "cpu": used}


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # standard output is ours
    sys.stdout.write(json.dumps(asyncio.run(work(sys.argv[1]))) + "\n")
