"""`python -m tests.torture.zygote`: a process that has imported all of Muster, and forks a `muster run` for each life.

A life so begins in tens of milliseconds, where a fresh interpreter needs two seconds for its imports. It asks for
nothing but lines of JSON and answers each with a process id. It has no thread and no event loop: only such a process
may fork. Its children die with it.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypedDict

import structlog

from bot import failpoints
from bot.__main__ import app

# What the product imports only when it needs it.
LATER: Final = (
    *("bot.wiring", "bot.log", "bot.settings", "aiosqlite", "asyncpg", "sqlalchemy.dialects.sqlite.aiosqlite"),
    *("sqlalchemy.dialects.postgresql.asyncpg", "uvicorn.loops.auto", "uvicorn.protocols.http.httptools_impl"),
    *("uvicorn.lifespan.off", "apscheduler.schedulers.asyncio", "apscheduler.triggers.interval"),
    *("alembic.runtime.environment", "alembic.ddl.sqlite", "alembic.ddl.postgresql", "mako.template"),
    *("slack_bolt.async_app", "slack_sdk.web.async_client", "encodings.idna"),
)
DIE_WITH_THE_PARENT: Final = 1  # PR_SET_PDEATHSIG of prctl(2)


class Birth(TypedDict):
    """What a life is told. `told` is a file for the names of the points that it reaches, `death` one of them.

    It dies at the `death`'s hit of that number; without a name it dies when it is killed.
    """

    arguments: list[str]
    environment: dict[str, str]
    log: str
    told: str
    death: str
    hit: int


@dataclass(slots=True)
class Points:
    """Notes each named point as it is reached, and dies at the chosen one."""

    file: int
    death: str
    hit: int
    seen: Counter[str] = field(default_factory=Counter)

    def __call__(self, place: str) -> None:
        effect = structlog.contextvars.get_contextvars().get("effect")
        name = f"{place} for {effect}" if effect and not place.endswith(str(effect)) else place
        self.seen[name] += 1
        os.write(self.file, f"{name}\n".encode())
        if name == self.death and self.seen[name] == self.hit:
            os.kill(os.getpid(), signal.SIGKILL)


def _live(birth: Birth) -> int:
    """Be `muster run` from here on; return its exit code."""
    ctypes.CDLL(None).prctl(DIE_WITH_THE_PARENT, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(birth["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(birth["environment"])
    if birth["told"]:
        told = os.open(birth["told"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(told, b"born\n")
        failpoints.HOOKS.append(Points(told, birth["death"], birth["hit"]))
    try:
        app(birth["arguments"], prog_name="muster")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    return 0


def _forked(birth: Birth, answers: int, live: Callable[[Birth], int]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    with contextlib.suppress(BaseException):  # whatever it is: a child never goes on as a second zygote
        os.close(answers)
        code = live(birth)
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def main(environment: Mapping[str, str]) -> None:
    """Fork a life for each line, until there are no more."""
    answers = os.dup(1)
    os.dup2(2, 1)
    for name in LATER:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    gc.collect()
    gc.freeze()  # what is shared stays shared
    os.write(answers, b"ready\n")
    for line in sys.stdin:
        birth: Birth = json.loads(line)
        birth["environment"] = {**environment, **birth["environment"]}
        os.write(answers, f"{_forked(birth, answers, _live)}\n".encode())


if __name__ == "__main__":
    from tests.e2e.processes import clean_environment

    main(clean_environment())
