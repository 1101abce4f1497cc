"""What people do in the simulation with roles that were offered to them, and with what their roles ask of them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.domain.calls import Callee, CalleeKind
from bot.domain.commands import SnoozeUpdate
from bot.domain.model import Incident
from bot.domain.people_commands import (
    AnswerHandover,
    CallPeople,
    NoticeGone,
    NoticePause,
    NoticeReturn,
    TickDuties,
    WithdrawHandover,
)
from tests.engine.world import ANA, CHECKOUT, CLEO

if TYPE_CHECKING:
    from tests.torture.life import Life

CLEO_CALLED: Final = Callee(kind=CalleeKind.PERSON, name=CLEO)
ACTS: Final[Mapping[str, int]] = {
    "answers a handover": 8,
    "takes a handover back": 4,
    "ticks off duties": 2,
    "goes or comes": 4,
    "leaves a private channel": 3,
    "pauses notifications": 6,
    "puts an update off": 2,
    "calls somebody": 2,
}


class HandingOver:
    """The deeds; each is about one of the newest incidents."""

    def __init__(self, life: "Life") -> None:
        self._life, self._dice = life, life.dice
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "answers a handover": self._answer,
            "takes a handover back": self._take_back,
            "ticks off duties": self._tick,
            "goes or comes": self._go,
            "leaves a private channel": self._leave_in_private,
            "pauses notifications": self._pause,
            "puts an update off": self._snooze,
            "calls somebody": self._call,
        }

    async def _incident(self) -> Incident | None:
        known = self._life.newest
        return await self._life.world.incident(self._dice.one_of(known)) if known else None

    async def _answer(self) -> None:
        incident = await self._incident()
        if incident and incident.handovers:
            one = self._dice.one_of(incident.handovers)
            accepts = self._dice.fraction() < 0.7
            await self._life.ask(AnswerHandover(incident=incident.id, n=one.n, accepts=accepts, by=one.to))

    async def _take_back(self) -> None:
        incident = await self._incident()
        if incident and incident.handovers:
            one = self._dice.one_of(incident.handovers)
            await self._life.ask(WithdrawHandover(incident=incident.id, n=one.n, by=one.holder))

    async def _go(self) -> None:
        """Let a holder of a role leave the channel, or come back, as Slack tells of it."""
        incident = await self._incident()
        if incident and incident.roles:
            user = self._dice.one_of(tuple(incident.roles.values()))
            gone = NoticeGone(incident=incident.id, user=user, how="left")
            await self._hear(incident, gone if self._dice.below(2) else NoticeReturn(incident=incident.id, user=user))

    async def _leave_in_private(self) -> None:
        """Let somebody leave the channel of a private incident, or be back, as Slack tells of it."""
        there = [await self._life.world.incident(number) for number in sorted(self._life.known)]
        if private := [one for one in there if one.private]:
            one = self._dice.one_of(private)
            if one.left and self._dice.below(2):
                await self._hear(one, NoticeReturn(incident=one.id, user=self._dice.one_of(one.left)))
            else:
                user = self._dice.one_of(one.responders or (ANA,))
                await self._hear(one, NoticeGone(incident=one.id, user=user, how="left"))

    async def _pause(self) -> None:
        """Let a holder of a role pause notifications, or hear of everything again until the night, as Slack tells."""
        incident = await self._incident()
        if incident and (people := (*incident.roles.values(), *incident.paused)):
            user, now = self._dice.one_of(people), self._life.world.clock.now()
            begins = now + timedelta(hours=8 * self._dice.below(2))
            ends = begins + timedelta(minutes=30 * (1 + self._dice.below(4)))
            await self._life.ask(NoticePause(incident=incident.id, user=user, begins=begins, ends=ends))

    async def _hear(self, incident: Incident, command: NoticeGone | NoticeReturn) -> None:
        """Hear it of who is in the channel: whom nobody has brought in yet cannot leave it, nor have come back."""
        room = self._life.world.slack.channels.get(incident.channel) if incident.channel else None
        if room and command.user in room.members:
            await self._life.ask(command)

    async def _snooze(self) -> None:
        if incident := await self._incident():
            lasts = timedelta(minutes=1 + self._dice.below(90))
            by = self._dice.one_of(incident.responders or (ANA,))
            await self._life.ask(SnoozeUpdate(incident=incident.id, lasts=lasts, reason="We wait", by=by))

    async def _call(self) -> None:
        if incident := await self._incident():
            callee = self._dice.one_of((Callee(kind=CalleeKind.SERVICE, name=CHECKOUT), CLEO_CALLED))
            await self._life.ask(CallPeople(incident=incident.id, callees=(callee,), why="It leaks", by=ANA))

    async def _tick(self) -> None:
        incident = await self._incident()
        if incident and incident.duties:
            role = self._dice.one_of(tuple(incident.duties))
            tick = TickDuties(
                incident=incident.id,
                role=role,
                seq=incident.duties[role].seq,
                done=tuple(range(self._dice.below(6))),
                by=incident.roles[role],
            )
            await self._life.ask(tick)
