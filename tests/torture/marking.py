"""Who marks what others wrote in the incidents' channels of a life, and takes it back; some events are lost."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final

from bot.domain.correcting import is_by_hand
from bot.domain.deploys import Deploy
from bot.domain.keeping_commands import EditRow, MarkMessage, UnmarkMessage
from bot.engine.deploy_desk import DeployDesk
from tests.engine.world import ANA, BO, CHECKOUT
from tests.fakes.hearing import hear
from tests.fakes.records import BOT
from tests.torture.organisation import LEDGER

if TYPE_CHECKING:
    from tests.torture.life import Life

ACTS: Final[Mapping[str, int]] = {
    "marks a message, or unmarks it": 8,
    "corrects a row": 6,
    "comes or goes": 4,
    "tells of a deploy": 3,
}


class Marking:
    """Those who mark."""

    def __init__(self, life: "Life") -> None:
        self._life, self._world, self._dice = life, life.world, life.dice
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "marks a message, or unmarks it": self._mark,
            "corrects a row": self._correct,
            "comes or goes": self._move,
            "tells of a deploy": self._deploy,
        }

    async def _deploy(self) -> None:
        """Let a CI system tell of a deploy, perhaps twice."""
        of = CHECKOUT if self._life.acts % 2 else LEDGER
        told = Deploy(service=of, version=f"4.{self._life.acts}", at=self._world.clock.now())
        for _ in range(1 + self._dice.below(2)):
            await DeployDesk(self._world.engine).tell(told)

    async def _move(self) -> None:
        """Let Slack say in an incident's channel that somebody came or went; the event comes, or it is read."""
        if not self._life.newest:
            return
        incident = await self._world.incident(self._dice.one_of(self._life.newest))
        there = self._world.slack.channels.get(incident.channel) if incident.channel else None
        if there is None or there.archived:
            return
        said = self._world.slack.write(there.name, "has moved", author=self._dice.one_of((ANA, BO)))
        said.subtype = self._dice.one_of(("channel_join", "channel_leave"))
        if self._dice.fraction() < 0.7 and (command := hear(said.raw(), there.id)):
            await self._life.ask(command)

    async def _correct(self) -> None:
        """Let somebody correct one of the last rows, leave it out or put it back, as a form asks for it."""
        if not self._life.newest:
            return
        number = self._dice.one_of(self._life.newest)
        rows = [row for row in await self._world.timeline(number) if is_by_hand(row.event)]
        if rows:
            row, out, now = self._dice.one_of(rows[-3:]), bool(self._dice.below(2)), self._world.clock.now()
            text = f"It was otherwise {self._life.acts}"
            await self._life.ask(EditRow(incident=number, row=row.seq, by=BO, left_out=out, text=text, happened_at=now))

    async def _mark(self) -> None:
        if not self._life.newest:
            return
        incident = await self._world.incident(self._dice.one_of(self._life.newest))
        there = self._world.slack.channels.get(incident.channel) if incident.channel else None
        if (
            there and incident.status.is_open and not there.archived and self._dice.fraction() < 0.3
        ):  # no event told of it
            fresh = self._world.slack.write(there.name, f"It glows {self._life.acts}", author=BO)
            self._life.log.written.add((incident.id, fresh.ts))
        messages = [one for one in there.messages.values() if one.author != BOT and not one.subtype] if there else []
        if not messages:
            return
        # Nearly always one of the last: that is what people see, and what no event told of yet.
        said, by = self._dice.one_of(messages[-3:]), self._dice.one_of((ANA, BO))
        users = said.reactions.setdefault("pushpin", [])
        command = UnmarkMessage if by in users else MarkMessage
        if by in users:
            users.remove(by)
        else:
            users.append(by)
        if self._dice.fraction() < 0.8:
            asked = command(incident=incident.id, ts=said.ts, how="reaction", by=by, at=self._world.clock.now())
            await self._life.ask(asked)
