"""What people do to a workspace and to its machine while incidents go on, none of it meant badly.

They archive a channel and bring it back, rename it, put the bot out of it; accounts are deactivated; messages are
edited, and the events of it come in the wrong order; the machine's clock is set. `heal` puts everything right.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.domain.commands import Command
from bot.domain.heard import heard
from bot.domain.ids import IncidentId, MessageTs, UserId
from bot.domain.model import Incident, Status
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordMessage
from tests.engine.world import BO, CLEO
from tests.fakes.hearing import hear
from tests.fakes.slack import BOT, FakeChannel

if TYPE_CHECKING:
    from tests.torture.life import Life

ACTS: Final[Mapping[str, int]] = {
    "archives a channel": 1,
    "unarchives it": 3,
    "renames a channel": 1,
    "puts the bot out": 1,
    "lets it in again": 3,
    "deactivates an account": 1,
    "activates it again": 2,
    "edits, and the events come in the wrong order": 4,
    "takes a message back": 2,
    "sets the clock": 2,
}
# By how much the clock of the machine is set, in seconds, there or back.
JUMPS: Final = (-300, -30, -1, 1, 30, 300)
ACCOUNTS: Final = (BO, CLEO, UserId("U0DMITRI"))


class Mischief:
    """What was done in one life. In `disturbed` incidents some things could not be said, and people were told so."""

    def __init__(self, life: "Life") -> None:
        self._life, self._world, self._dice = life, life.world, life.dice
        self.disturbed: set[IncidentId] = set()
        self._ahead = timedelta()
        self._somebody_was_out = False
        self._edited: dict[tuple[IncidentId, MessageTs], str] = {}
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "archives a channel": self._archive,
            "unarchives it": self._unarchive,
            "renames a channel": self._rename,
            "puts the bot out": self._put_out,
            "lets it in again": self._let_in,
            "deactivates an account": self._deactivate,
            "activates it again": self._activate,
            "edits, and the events come in the wrong order": self._edit,
            "takes a message back": self._take_back,
            "sets the clock": self._set_the_clock,
        }

    async def heal(self) -> None:
        """Put everything right."""
        await self._unarchive()
        await self._let_in()
        await self._activate()
        self._set(timedelta())
        if self._somebody_was_out:  # what was declared meanwhile could not reach them either
            self.disturbed.update(self._life.known)
        self._somebody_was_out = False

    async def went_well(self) -> None:
        """What was edited says in the record what it says in Slack, whichever event came first."""
        for (number, ts), text in self._edited.items():
            events = [row.event for row in await self._world.timeline(number)]
            known = heard(events)[ts]
            assert (known.posted, known.text) == (True, text), f"I1 INC-{number} message {ts}: {known}"

    async def _room(self) -> tuple[Incident, FakeChannel] | None:
        """Return one of the newest incidents with its channel."""
        if not self._life.newest:
            return None
        incident = await self._world.incident(self._dice.one_of(self._life.newest))
        return (incident, self._world.slack.channels[incident.channel]) if incident.channel else None

    async def _archive(self) -> None:
        if found := await self._room():
            found[1].archived = True
            self.disturbed.add(found[0].id)

    async def _unarchive(self) -> None:
        for channel in self._world.slack.channels.values():
            channel.archived = False

    async def _rename(self) -> None:
        if found := await self._room():
            found[1].name = f"inc-renamed-{self._life.acts}"

    async def _put_out(self) -> None:
        if found := await self._room():
            found[1].members = [one for one in found[1].members if one != BOT]

    async def _let_in(self) -> None:
        for channel in self._world.slack.channels.values():
            channel.members += [BOT] if BOT not in channel.members else []

    async def _deactivate(self) -> None:
        self._world.slack.deactivated.add(self._dice.one_of(ACCOUNTS))
        self._somebody_was_out = True

    async def _activate(self) -> None:
        self._world.slack.deactivated.clear()

    async def _edit(self) -> None:
        """Let somebody write and put it right at once; of the two events the second may come first."""
        found = await self._room()
        if found is None or found[1].archived or found[0].status is Status.RESOLVED:
            return
        incident, channel = found
        said = self._world.slack.write(channel.name, f"It smoks {self._life.acts}", author=BO)
        posted, text = hear(said.raw(), channel.id), f"It smokes {self._life.acts}"
        assert isinstance(posted, RecordMessage)
        self._world.slack.edit(said, text)
        edited = RecordEdit(channel=channel.id, ts=said.ts, by=BO, text=text, permalink=posted.permalink)
        self._life.log.written.add((incident.id, said.ts))
        self._edited[incident.id, said.ts] = text
        told: list[Command] = [posted, edited]
        for command in self._dice.shuffled(told):
            await self._life.ask(command, f"T{self._life.acts}-{type(command).__name__}")

    async def _take_back(self) -> None:
        """Let somebody write and delete it at once; who is quick is not read by Muster at all."""
        found = await self._room()
        if found is None or found[1].archived or found[0].status is Status.RESOLVED:
            return
        incident, channel = found
        said = self._world.slack.write(channel.name, f"It smoks {self._life.acts}", author=BO)
        posted = hear(said.raw(), channel.id)
        assert posted
        self._world.slack.delete(said)
        self._life.log.written.add((incident.id, said.ts))
        for command in (posted, RecordDeletion(channel=channel.id, ts=said.ts)):
            await self._life.ask(command, f"T{self._life.acts}-{type(command).__name__}")

    async def _set_the_clock(self) -> None:
        self._set(timedelta(seconds=self._dice.one_of(JUMPS)))

    def _set(self, ahead: timedelta) -> None:
        self._world.clock.jump(ahead - self._ahead)
        self._ahead = ahead
