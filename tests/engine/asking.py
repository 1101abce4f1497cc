"""A made-up history's way of asking: what was handed in may come again, and what was accepted is remembered."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final

from hypothesis.stateful import RuleBasedStateMachine

from bot.domain.commands import AssignRole, Command, Declare, Resolve
from bot.domain.group_commands import JoinIncident
from bot.domain.ids import IncidentId
from bot.domain.people_commands import AnswerHandover
from bot.domain.record_commands import RecordMessage
from bot.errors import Refused
from tests.engine.agreeing import Model
from tests.engine.invariants import Log
from tests.engine.world import World
from tests.fakes.slack import BOT

# The fields of commands that name incidents.
OTHERS: Final = ("incident", "into", "to")


class Asking(RuleBasedStateMachine):
    """A world, the log and the model of what it accepted, and the deliveries that may come again.

    They are set by whoever opens the world. `highest` is the number of the newest incident, as far as anybody looked.
    `was_away` tells that for hours nobody was at work, so that what was due is late.
    """

    runner: asyncio.Runner
    world: World
    log: Log
    model: Model
    deliveries: list[tuple[Command, str]]
    highest = 0
    was_away = False

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Let the world go on until this is done."""
        return self.runner.run(coroutine)

    async def ask(self, command: Command, key: str) -> None:
        """Hand in a command as a delivery that may come again; remember what was accepted.

        What is meant for an incident that there is not is meant for one that there is, if there is any.
        """
        if (command, key) not in self.deliveries:
            meant = {name: await self.there(getattr(command, name)) for name in OTHERS if getattr(command, name, None)}
            there = {name: number for name, number in meant.items() if number}
            command = replace(command, **there)  # type: ignore[arg-type] # real fields
            self.deliveries.append((command, key))
        try:
            handled = await self.world.do(command, key)
        except Refused:
            return
        if handled.repeated:
            return
        self.model.heard(command, handled.incident)
        named = {getattr(command, "by", None), getattr(command, "user", None)}
        self.log.people |= {user for user in named if user}  # what was posted names them, whoever has it later
        match command:
            case Declare():
                assert handled.incident
                self.log.declared.append(handled.incident.id)
                if command.existing:  # what was said there before is taken along
                    before = self.world.slack.channels[command.existing.channel].messages.values()
                    self.log.written |= {(handled.incident.id, one.ts) for one in before if one.author != BOT}
            case RecordMessage() if handled.incident:
                self.log.messages[handled.incident.id, command.ts] += 1
            case JoinIncident() if handled.incident:
                self.log.joined.add((handled.incident.id, command.by))
            case Resolve():
                self.log.resolved.add(command.incident)
            case AssignRole() | AnswerHandover():
                self.log.given(command, handled.incident)
            case _:
                pass

    async def there(self, number: IncidentId) -> IncidentId | None:
        """Return an incident that there is for a number that may be of none; None when there is none at all."""
        while number > self.highest and await self.world.desk.incident(IncidentId(self.highest + 1)):
            self.highest += 1
        return IncidentId((number - 1) % self.highest + 1) if self.highest else None

    def key(self) -> str:
        """Return the name of the next delivery."""
        return f"T{len(self.deliveries)}"
