"""What people do in the simulation about what is left to do: write it down, give it away, do it, think again."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.domain.comms_commands import OpenComms
from bot.domain.links import Relation
from bot.domain.model import Incident
from bot.domain.task_commands import (
    AddAction,
    ChangeAction,
    EndAction,
    LinkThing,
    OpenRunbook,
    ReopenAction,
    TickStep,
    UndoChange,
    UnlinkThing,
)
from bot.domain.undoing import last_change
from bot.errors import Refused
from tests.engine.world import ANA, BO, CLEO

if TYPE_CHECKING:
    from tests.torture.life import Life

ZONES: Final = ("UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Auckland")
PEOPLE: Final = (ANA, BO, CLEO)
ACTS: Final[Mapping[str, int]] = {
    "writes down what is left": 3,
    "gives or moves what is left": 3,
    "does what is left": 4,
    "does it after all": 2,
    "links": 4,
    "undoes": 6,
    "opens a runbook": 3,
    "ticks a step": 6,
    "unlinks": 2,
    "opens a channel for communications": 4,
}


class FollowUp:
    """The deeds; each is about one of the newest incidents, over or not."""

    def __init__(self, life: "Life") -> None:
        self._life, self._dice = life, life.dice
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "writes down what is left": self._add,
            "gives or moves what is left": self._change,
            "does what is left": self._end,
            "does it after all": self._reopen,
            "links": self._link,
            "undoes": self._undo,
            "opens a runbook": self._open,
            "ticks a step": self._tick,
            "unlinks": self._unlink,
            "opens a channel for communications": self._open_comms,
        }

    async def _incident(self) -> Incident | None:
        known = self._life.newest
        return await self._life.world.incident(self._dice.one_of(known)) if known else None

    async def _add(self) -> None:
        if incident := await self._incident():
            today = self._life.world.clock.now().date()
            await self._life.ask(
                AddAction(
                    incident=incident.id,
                    text=f"Mend it <!here> for good, {self._life.acts}",
                    by=self._dice.one_of(PEOPLE),
                    owner=self._dice.one_of((None, *PEOPLE)),
                    due=self._dice.one_of((None, today + timedelta(days=1), today + timedelta(days=2))),
                    zone=self._dice.one_of(ZONES),
                )
            )

    async def _change(self) -> None:
        incident = await self._incident()
        if incident and incident.actions:
            today = self._life.world.clock.now().date()
            await self._life.ask(
                ChangeAction(
                    incident=incident.id,
                    n=self._dice.one_of(incident.actions).n,
                    by=self._dice.one_of(PEOPLE),
                    user=self._dice.one_of((None, *PEOPLE)),
                    zone=self._dice.one_of(ZONES),
                    moves=self._dice.below(2) == 0,
                    due=self._dice.one_of((None, today + timedelta(days=1), today + timedelta(days=3))),
                )
            )

    async def _end(self) -> None:
        incident = await self._incident()
        if incident and incident.open_actions:
            n, by = self._dice.one_of(incident.open_actions).n, self._dice.one_of(PEOPLE)
            await self._life.ask(EndAction(incident=incident.id, n=n, by=by, dropped=self._dice.below(3) == 0))

    async def _reopen(self) -> None:
        incident = await self._incident()
        if incident and incident.actions:
            n, by = self._dice.one_of(incident.actions).n, self._dice.one_of(PEOPLE)
            await self._life.ask(ReopenAction(incident=incident.id, n=n, by=by))

    async def _link(self) -> None:
        one, other = await self._incident(), await self._incident()
        if one and other:
            relation, by = self._dice.one_of(list(Relation)), self._dice.one_of(PEOPLE)
            await self._life.ask(LinkThing(incident=one.id, to=other.id, relation=relation, by=by))

    async def _unlink(self) -> None:
        incident = await self._incident()
        if incident and incident.links:
            one = self._dice.one_of(incident.links)
            await self._life.ask(UnlinkThing(incident=incident.id, to=one.incident, url=one.url, by=ANA))

    async def _open(self) -> None:
        if incident := await self._incident():
            name = self._dice.one_of(self._life.world.policy.runbooks).name
            await self._life.ask(OpenRunbook(incident=incident.id, name=name, by=self._dice.one_of(PEOPLE)))

    async def _tick(self) -> None:
        incident = await self._incident()
        if incident and incident.runbooks:
            one = self._dice.one_of(incident.runbooks)
            step, by = 1 + self._dice.below(len(one.steps)), self._dice.one_of(PEOPLE)
            await self._life.ask(
                TickStep(incident=incident.id, n=one.n, step=step, done=self._dice.below(3) > 0, by=by)
            )

    async def _undo(self) -> None:
        incident = await self._incident()
        if incident is None:
            return
        try:
            found = last_change(incident, await self._life.world.timeline(incident.id))
        except Refused:
            return
        by = self._dice.one_of(PEOPLE)
        await self._life.ask(UndoChange(incident=incident.id, seq=found.seq, what=found.what, other=found.other, by=by))

    async def _open_comms(self) -> None:
        if incident := await self._incident():
            await self._life.ask(OpenComms(incident=incident.id, by=self._dice.one_of(PEOPLE)))
