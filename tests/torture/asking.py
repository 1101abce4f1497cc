"""What people write down of an incident in a life, whom they ask in or wake by the escalation path, and who is back."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.domain.calls import Callee, CalleeKind
from bot.domain.ids import IncidentId
from bot.domain.model import Milestone
from bot.domain.people_commands import Escalate, Invite, NoticeReturn
from bot.domain.record_commands import SetMilestone, TakeNote
from bot.domain.subscriptions import ALL, Subscribe, of_incident, of_service
from tests.engine.world import ANA, BO, CHECKOUT, CLEO

if TYPE_CHECKING:
    from tests.torture.life import Life

ACTS: Final[Mapping[str, int]] = {
    "takes a note": 3,
    "sets a milestone": 2,
    "escalates": 3,
    "asks people in": 2,
    "is back": 3,
    "subscribes, or no more": 4,
}
PEOPLE: Final = (ANA, BO, CLEO)
ON_DUTY: Final = Callee(kind=CalleeKind.GROUP, name="S0DUTY")


class Asking:
    """The deeds; each is about one of the newest incidents."""

    def __init__(self, life: "Life") -> None:
        self._life, self._dice = life, life.dice
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "takes a note": self._note,
            "sets a milestone": self._milestone,
            "escalates": self._escalate,
            "asks people in": self._invite,
            "is back": self._be_back,
            "subscribes, or no more": self._subscribe,
        }

    async def _note(self) -> None:
        for number in self._one():
            text = f"<!here> it leaked {self._life.acts}"
            await self._life.ask(TakeNote(incident=number, text=text, by=self._dice.one_of(PEOPLE)))

    async def _milestone(self) -> None:
        for number in self._one():
            ago = timedelta(minutes=self._dice.below(90))
            milestone = self._dice.one_of(list(Milestone))
            happened = self._life.world.clock.now() - ago
            told = SetMilestone(incident=number, milestone=milestone, happened_at=happened, by=ANA)
            await self._life.ask(told)

    async def _escalate(self) -> None:
        for number in self._one():
            await self._life.ask(Escalate(incident=number, why="Nobody answers", by=self._dice.one_of(PEOPLE)))

    async def _invite(self) -> None:
        for number in self._one():
            await self._life.ask(Invite(incident=number, users=(self._dice.one_of(PEOPLE),), groups=(ON_DUTY,), by=BO))

    async def _be_back(self) -> None:
        """Let somebody come back who held a role and was gone, as Slack tells of it."""
        for number in self._life.newest:
            incident = await self._life.world.incident(number)
            if incident.gone:
                await self._life.ask(NoticeReturn(incident=number, user=self._dice.one_of(incident.gone)))
                return

    async def _subscribe(self) -> None:
        for number in self._one():
            topic = self._dice.one_of((of_incident(number), of_service(CHECKOUT), ALL))
            wanted = self._dice.below(3) > 0
            await self._life.ask(Subscribe(topic=topic, wanted=wanted, by=self._dice.one_of(PEOPLE)))

    def _one(self) -> list[IncidentId]:
        return [self._dice.one_of(self._life.newest)] if self._life.newest else []
