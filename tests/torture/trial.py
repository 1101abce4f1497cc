"""A short run of a world that the checker looks at: the world, and what its people were told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from bot.domain.commands import AssignRole, Command, Declare, Resolve
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Severity
from bot.domain.people_commands import AnswerHandover
from bot.domain.record_commands import RecordMessage
from bot.domain.roles_model import Role
from bot.errors import Refused
from tests.engine.world import ANA, BO, CHECKOUT
from tests.fakes.slack import Killed
from tests.invariants.check import found_wrong
from tests.invariants.from_fake import of_world
from tests.invariants.picture import Call, Log
from tests.torture.steady import Steady

N: Final = IncidentId(1)
SECRET: Final = "xoxb-canary-of-the-plants"
LATE: Final = timedelta(seconds=5)
A_MINUTE: Final = timedelta(minutes=1)
HEALING: Final = timedelta(minutes=25)


@dataclass(slots=True)
class Trial:
    """A world, what its people were told, what was logged, and the invariants that were found broken."""

    world: Steady
    log: Log = field(default_factory=Log)
    broken: dict[str, str] = field(default_factory=dict)
    acts: int = 0
    delivered: set[str] = field(default_factory=set)
    logged: Sequence[Mapping[str, Any]] = ()

    async def look(self, *, at_rest: bool = False, limited: str | None = None) -> None:
        """Look for what does not hold; `limited` names the method of which Slack asked to be left alone."""
        seen = await of_world(self.world, log=self.log, late=LATE, secrets=[SECRET])
        seen = replace(seen, public={"log": repr(self.logged)})
        if limited:
            seen = replace(seen, calls=tuple(self._calls(limited)))
        for one in found_wrong(seen, at_rest=at_rest):
            self.broken.setdefault(one.invariant, str(one))

    def _calls(self, method: str) -> Iterator[Call]:
        """Yield the calls of a method, by the wall clock; those that were refused were asked to wait."""
        clock, wait = self.world.clock, self.world.slack.retry_after
        for one in self.world.slack.calls:
            if one.method == method:
                at = clock.now() - timedelta(seconds=clock.monotonic() - one.start)
                ended = at + timedelta(milliseconds=1)  # on this clock a call takes no time
                yield Call(method=method, at=at, ended=ended, wait=None if one.outcome == "ok" else wait)

    async def end(self) -> None:
        """All faults cease; a while later everything must hold."""
        self.world.slack.heal()
        self.world.slack.meanwhile = None
        self.world.pager.down = False
        await self.world.thaw()
        await self.world.advance(HEALING)
        await self.look(at_rest=True)

    async def ask(self, command: Command, key: str | None = None) -> None:
        """Hand in a command, again if the process dies of it, and write down what was answered."""
        self.acts += 1
        key = key or f"T{self.acts}"
        try:
            handled = await self.world.do(command, key)
        except Killed:
            await self.world.die()
            handled = await self.world.do(command, key)
        except Refused:
            return
        if key in self.delivered:
            return
        self.delivered.add(key)
        match command:
            case Declare() if handled.incident:
                self.log.declared.append(handled.incident.id)
            case AssignRole() | AnswerHandover():
                self.log.given(command, handled.incident)
            case Resolve():
                self.log.resolved.add(command.incident)
            case RecordMessage():
                self.log.messages[N, command.ts] += 1
            case _:
                pass

    async def declare(
        self, title: str = "Checkout is down", severity: Severity = Severity.SEV2, *, private: bool = False
    ) -> None:
        await self.ask(Declare(title=title, by=ANA, severity=severity, service=CHECKOUT, private=private))

    async def give(self, user: UserId, key: str | None = None) -> None:
        await self.ask(AssignRole(incident=N, role=Role.COMMANDER, user=user, by=user), key)

    async def resolve(self) -> None:
        await self.ask(Resolve(incident=N, resolution="Rolled back", by=ANA))

    async def write(self, text: str = "It leaks") -> None:
        """Let somebody write in the first incident's channel, and its event come."""
        incident = await self.world.incident()
        if incident.channel:
            said = self.world.slack.write(incident.channel_name, text, author=BO)
            await self.ask(self.world.message(incident.channel, said.ts, by=BO, text=text))
