"""What people write in the incidents' channels of a life, and whether Slack's events of it come."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final

from bot.domain.ids import UserId
from tests.engine.world import ANA, BO, CLEO
from tests.fakes.hearing import hear

if TYPE_CHECKING:
    from tests.torture.life import Life

ACTS: Final[Mapping[str, int]] = {"writes": 14, "writes, and the event is lost or late": 6}
PEOPLE: Final = (ANA, BO, CLEO, UserId("U0DMITRI"))


class Writing:
    """The writers."""

    def __init__(self, life: "Life") -> None:
        self._life, self._world, self._dice = life, life.world, life.dice
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "writes": self._write,
            "writes, and the event is lost or late": self._write_unheard,
        }

    async def _write(self) -> None:
        if not self._life.newest:
            return
        incident = await self._world.desk.incident(self._dice.one_of(self._life.newest))
        if incident is None or incident.channel is None:
            return
        ts = f"{int(self._world.clock.now().timestamp())}.{self._life.acts % 1_000_000:06}"
        text = f"It leaks <!channel> {self._life.acts}"
        said = self._world.message(incident.channel, ts, by=self._dice.one_of(PEOPLE), text=text)
        await self._life.ask(said)

    async def _write_unheard(self) -> None:
        """Let somebody write what no event tells of, or one that comes after later ones; reading back finds it."""
        if not self._life.newest:
            return
        number, author = self._dice.one_of(self._life.newest), self._dice.one_of(PEOPLE)
        incident = await self._world.incident(number)
        if incident.channel is None or not incident.status.is_open:
            return
        here = self._world.slack.channels[incident.channel]
        if here.archived:
            return
        said = self._world.slack.write(here.name, f"It smokes {self._life.acts}", author=author)
        self._life.log.written.add((number, said.ts))
        if self._dice.fraction() < 0.5 and (command := hear(said.raw(), incident.channel)):
            self._life.deliveries.append((command, f"L{self._life.acts}"))
