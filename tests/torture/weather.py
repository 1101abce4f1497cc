"""What happens in a life to Slack, to the pager and to the process: stumbles, outages, deaths, frozen twins."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.domain.course_commands import Reopen
from bot.domain.tracks import Track
from bot.engine.presence import be_present
from tests.engine.world import ANA
from tests.fakes.clock import START
from tests.fakes.slack import Fault

if TYPE_CHECKING:
    from tests.torture.life import Life

ACTS: Final[Mapping[str, int]] = {
    "slack stumbles": 8,
    "slack goes away": 1,
    "slack comes back": 3,
    "the pager goes away": 2,
    "the pager comes back": 2,
    "a command comes during a call": 3,
    "an incident is reopened while its channel is archived": 3,
    "the process is killed": 4,
    "nobody is at work for a while": 1,
    "a twin freezes": 2,
    "the twin wakes up": 3,
}
# How long Slack or the pager stays away unless it comes back before. Whole days of it are outage.py's.
OUTAGES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180))


class Weather:
    """The bad days of one life."""

    def __init__(self, life: "Life") -> None:
        self._life, self._world, self._dice = life, life.world, life.dice
        self._slack_back = self._pager_back = START
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "slack stumbles": self._stumble,
            "slack goes away": self._slack_goes,
            "slack comes back": self._slack_comes,
            "the pager goes away": self._pager_goes,
            "the pager comes back": self._pager_comes,
            "a command comes during a call": self._interrupt,
            "an incident is reopened while its channel is archived": self._reopen_in_the_last_moment,
            "the process is killed": self._die,
            "nobody is at work for a while": self._be_away,
            "a twin freezes": self._freeze,
            "the twin wakes up": self._world.thaw,
        }

    def clear_up(self) -> None:
        """Let come back what was away for its time."""
        if self._world.clock.now() >= self._slack_back:
            self._world.slack.down = None
        if self._world.clock.now() >= self._pager_back:
            self._world.pager.down = False

    async def heal(self) -> None:
        """Put everything right."""
        self._world.slack.heal()
        self._world.slack.meanwhile = None
        self._world.pager.down = False
        await self._world.thaw()

    async def _stumble(self) -> None:
        self._world.slack.fail(self._dice.one_of(list(Fault)), times=1 + self._dice.below(3))

    async def _slack_goes(self) -> None:
        self._world.slack.down = self._dice.one_of([Fault.REFUSED, Fault.LOST_BEFORE])
        self._slack_back = self._world.clock.now() + self._dice.one_of(OUTAGES)

    async def _slack_comes(self) -> None:
        self._world.slack.down = None

    async def _pager_goes(self) -> None:
        self._world.pager.down = True
        self._pager_back = self._world.clock.now() + self._dice.one_of(OUTAGES)

    async def _pager_comes(self) -> None:
        self._world.pager.down = False

    async def _interrupt(self) -> None:
        self._world.slack.meanwhile = self._meanwhile

    async def _meanwhile(self, _method: str) -> None:
        self._world.slack.meanwhile = None
        if command := self._life.on_an_incident("gives a role"):
            await self._life.ask(command)

    async def _reopen_in_the_last_moment(self) -> None:
        self._world.slack.meanwhile = self._reopened

    async def _reopened(self, method: str) -> None:
        """Let somebody reopen what is to be archived now, whichever it is."""
        if method != "conversations.archive":
            return
        self._world.slack.meanwhile = None
        over = [await self._world.desk.incident(number) for number in sorted(self._life.known)]
        for one in over:
            if one and one.archiving and one.archiving.stands:
                await self._life.ask(Reopen(incident=one.id, reason="Errors are back", by=ANA))

    async def _die(self) -> None:
        await self._world.die()
        await self._world.begin()

    async def _be_away(self) -> None:
        """Let no process be there; what comes meanwhile waits, or comes to nobody."""
        self._world.clock.move(self._dice.one_of(OUTAGES))
        await self._die()
        if self._world.policy.watchdogs:
            await be_present(self._world.engine)

    async def _freeze(self) -> None:
        await self._world.freeze(self._dice.one_of([Track.CHAT, Track.PAGER, Track.CLOCK]))
