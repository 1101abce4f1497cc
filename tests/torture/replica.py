"""`python -m tests.torture.replica CONFIG PORT`: `muster run` on a machine whose clock is wrong.

It is the product, built by its own wiring, with three things done to it by its environment: the clock that it is given
is ahead or behind (SKEW, seconds); it stops itself, as SIGSTOP does, when it reaches a place (bot/failpoints.py) that
the file FREEZE names; and it is an older version, which does not know some kinds of work (OLDER, their names).
"""

import asyncio
import os
import signal
import sys
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from bot import log, settings
from bot.clock import SystemChance, SystemClock
from bot.domain.work import Work
from bot.failpoints import HOOKS
from bot.store import effects
from bot.store.bodies import work_body
from bot.wiring import running

SKEW: Final = "TORTURE_SKEW"
FREEZE: Final = "TORTURE_FREEZE"
OLDER: Final = "TORTURE_OLDER"


class WrongClock(SystemClock):
    """A machine's clock that is ahead of the right time, or behind."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return super().now() + self._ahead


class Older:
    """How an older version reads work: some kinds are not in it."""

    def __init__(self, whole: TypeAdapter[Work], unknown: Collection[str]) -> None:
        self._whole, self._unknown = whole, unknown

    def validate_json(self, body: str) -> Work:
        work = self._whole.validate_json(body)
        if work.kind in self._unknown:
            message = f"no kind of work is called {work.kind}"
            raise ValueError(message)
        return work

    def dump_json(self, work: Work) -> bytes:
        return self._whole.dump_json(work)


def freeze_where(order: Path) -> None:
    """Stop, once an order, at the first place that it names."""

    def hook(place: str) -> None:
        if order.exists() and place.startswith(order.read_text(encoding="utf-8")):
            order.unlink()
            os.kill(os.getpid(), signal.SIGSTOP)

    HOOKS.append(hook)


async def run(config: Path, port: int) -> int:
    """Run until SIGTERM, or until a part of it dies."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    loaded = settings.load(config, os.environ)
    log.configure(now=SystemClock().now)
    freeze_where(Path(os.environ[FREEZE]))
    if unknown := os.environ.get(OLDER):
        vars(effects)["work_body"] = Older(work_body, unknown.split(","))
    clock = WrongClock(timedelta(seconds=float(os.environ[SKEW])))
    async with running(loaded, host="127.0.0.1", port=port, clock=clock, chance=SystemChance()) as muster:
        waiting = [asyncio.create_task(event.wait()) for event in (stop, muster.broken)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
    return 1 if muster.broken.is_set() else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run(Path(sys.argv[1]), int(sys.argv[2]))))
