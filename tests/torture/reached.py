"""What a run has reached of all that the product can be asked, can record and can do: the kinds themselves are asked.

So a new kind is missed at once where nothing leads to it. What cannot be reached here has its reason in `ELSEWHERE`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final, get_args

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.commands import Command
from bot.domain.decisions import Decision
from bot.domain.events import Event
from bot.domain.work import Work
from bot.engine.handle import Engine
from bot.engine.jobs import Done, Job, Perform

# What no run of this clock reaches, by its name here, and where it is tried instead.
ELSEWHERE: Final[Mapping[str, str]] = {}


def kinds() -> frozenset[str]:
    """Return the names of all commands, events and works that there are."""
    commands = {f"command {one.__name__}" for one in get_args(Command)}
    events = {f"event {_kind(one)}" for one in get_args(Event)}
    return frozenset(commands | events | {f"work {_kind(one)}" for one in get_args(Work)})


def never(reached: Iterable[str]) -> list[str]:
    """Return what nothing led to."""
    return [f"{name} was never reached" for name in sorted(kinds() - set(reached) - ELSEWHERE.keys())]


def needless(reached: Iterable[str]) -> list[str]:
    """Return what stands in `ELSEWHERE` without need."""
    there, known = set(reached), kinds()
    return [f"{name} is no exception" for name in sorted(ELSEWHERE) if name in there or name not in known]


class Noting(Engine):
    """An engine that counts the commands that it decided and the events that it recorded."""

    reached: Counter[str]

    async def apply(self, connection: AsyncConnection, command: Command) -> Decision:
        """Decide, and count what was not refused."""
        decision = await super().apply(connection, command)
        self.reached[f"command {type(command).__name__}"] += 1
        events = (*decision.events, *(decision.other.events if decision.other else ()))
        self.reached.update(f"event {event.kind}" for event in events)
        return decision


def noted(kind: str, perform: Perform, reached: Counter[str]) -> Perform:
    """Return what performs work and counts what was done."""

    async def done(job: Job) -> Done:
        came = await perform(job)
        reached[f"work {kind}"] += 1
        return came

    return done


def _kind(one: Any) -> str:
    return str(next(field.default for field in fields(one) if field.name == "kind"))
