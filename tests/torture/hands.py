"""What people do about alerts in a life: those that fire, and those of long ago.

A button stays where it was pressed: on messages that were edited since, of groups that are over, of incidents that are
resolved. Whoever presses it is answered, and nothing that holds is broken by it.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.domain.archive_commands import HearChannelIsBack, KeepChannel
from bot.domain.commands import AcknowledgeAlert, Command, Declare
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert, KeepOpen
from bot.domain.groups_model import Verdict
from bot.domain.ids import GroupId
from bot.domain.matchers import Matcher, Operator
from bot.domain.silence_commands import EndSilence, SilenceAlerts, SilenceGroup, UnsilenceGroup
from bot.errors import Refused
from tests.engine.world import ANA, BO, CLEO
from tests.fakes.records import BOT

if TYPE_CHECKING:
    from tests.torture.life import Life

ACTS: Final[Mapping[str, int]] = {
    "acknowledges": 4,
    "declares from an alert": 2,
    "presses an old button": 10,
    "silences": 3,
    "ends a silence": 2,
    "hushes a group": 2,
    "unhushes it": 2,
    "keeps an incident open": 6,
    "opens the home": 1,
    "hears of a new topic": 2,
    "keeps a channel": 2,
    "brings a channel back": 2,
}
LASTS: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 60, 240))
PEOPLE: Final = (ANA, BO, CLEO)
# What is silenced: two that fire often, what a rule declares, a whole storm, and those that only Muster can tell apart.
SILENCED: Final = (
    Matcher("alertname", Operator.EQUAL, "Alert0"),
    Matcher("service", Operator.EQUAL, "payments"),
    Matcher("service", Operator.MATCHES, "shop-.*"),
    Matcher("team", Operator.EQUAL, "batch"),
    Matcher("source", Operator.EQUAL, "mail"),
)


class Hands:
    """The people of one life who look after alerts."""

    def __init__(self, life: "Life") -> None:
        self._life, self._world, self._dice = life, life.world, life.dice
        self._silences: list[int] = []
        self._hushed: list[GroupId] = []
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "acknowledges": self._acknowledge,
            "declares from an alert": self._declare,
            "presses an old button": self._press_an_old_button,
            "silences": self._silence,
            "ends a silence": self._end_a_silence,
            "hushes a group": self._hush,
            "unhushes it": self._unhush,
            "keeps an incident open": self._keep_open,
            "opens the home": self._open_the_home,
            "hears of a new topic": self._hear_of_a_topic,
            "keeps a channel": self._keep_a_channel,
            "brings a channel back": self._bring_a_channel_back,
        }

    async def _acknowledge(self) -> None:
        if firing := list(self._life.monitoring.firing.values()):
            await self._life.ask(AcknowledgeAlert(alert=self._dice.one_of(firing), by=self._dice.one_of(PEOPLE)))

    async def _declare(self) -> None:
        if firing := list(self._life.monitoring.firing.values()):
            await self._life.ask(Declare(by=self._dice.one_of(PEOPLE), alert=self._dice.one_of(firing)))

    async def _press_an_old_button(self) -> None:
        if not self._life.monitoring.seen:
            return
        alert, by = self._dice.one_of(self._life.monitoring.seen), self._dice.one_of(PEOPLE)
        buttons: list[Command] = [
            AcknowledgeAlert(alert=alert, by=by),
            JoinIncident(alert=alert, by=by),
            AssignAlert(alert=alert, user=self._dice.one_of(PEOPLE), by=by),
            JudgeAlert(alert=alert, verdict=self._dice.one_of(list(Verdict)), by=by),
            SilenceGroup(group=alert, lasts=self._dice.one_of([None, *LASTS]), by=by),
            Declare(by=by, alert=alert),
        ]
        await self._life.ask(self._dice.one_of(buttons))

    async def _silence(self) -> None:
        asked = SilenceAlerts(
            matchers=(self._dice.one_of(SILENCED),),
            lasts=self._dice.one_of(LASTS),
            by=self._dice.one_of(PEOPLE),
            reason="It is known",
            origin="/incident silence",
        )
        if silence := (await self._world.do(asked)).silence:
            self._silences.append(silence.id)
            self._life.log.people.add(asked.by)

    async def _end_a_silence(self) -> None:
        if self._silences:
            await self._life.ask(
                EndSilence(silence=self._dice.one_of(self._silences[-5:]), by=self._dice.one_of(PEOPLE))
            )

    async def _hush(self) -> None:
        firing = list(self._life.monitoring.firing.values())
        if not firing:
            return
        asked = SilenceGroup(group=self._dice.one_of(firing), lasts=None, by=self._dice.one_of(PEOPLE))
        try:
            handled = await self._world.do(asked)
        except Refused:
            return
        assert handled.group
        self._hushed.append(handled.group.id)
        self._life.log.people.add(asked.by)

    async def _unhush(self) -> None:
        if self._hushed:
            await self._life.ask(UnsilenceGroup(group=self._hushed.pop(), by=self._dice.one_of(PEOPLE)))

    async def _keep_open(self) -> None:
        """Say no where it is asked whether all is over; where nobody asks it is an old button."""
        there = await self._world.desk.open_incidents()
        asked = [one.id for one in there if one.proposal and one.proposal.stands] or [one.id for one in there]
        if asked:
            await self._life.ask(KeepOpen(incident=self._dice.one_of(asked), by=self._dice.one_of(PEOPLE)))

    async def _keep_a_channel(self) -> None:
        """Press Keep Open where a channel is about to be archived; elsewhere it is an old button."""
        over = [await self._world.desk.incident(number) for number in sorted(self._life.known)]
        asked = [one.id for one in over if one and one.archiving and one.archiving.stands]
        if asked:
            await self._life.ask(KeepChannel(incident=self._dice.one_of(asked), by=self._dice.one_of(PEOPLE)))

    async def _bring_a_channel_back(self) -> None:
        """Unarchive a channel, which no bot can, and invite Muster."""
        over = [await self._world.desk.incident(number) for number in sorted(self._life.known)]
        if archived := [one for one in over if one and one.is_archived and one.channel]:
            there = self._dice.one_of(archived)
            assert there.channel
            room, by = self._world.slack.channels[there.channel], self._dice.one_of(PEOPLE)
            room.archived = False
            room.members.append(BOT)
            await self._life.ask(HearChannelIsBack(incident=there.id, by=by))

    async def _open_the_home(self) -> None:
        await self._world.desk.show_home(self._dice.one_of(PEOPLE))

    async def _hear_of_a_topic(self) -> None:
        """Hear from Slack itself that a topic was set, perhaps again: the line was taken out before then."""
        lines = [one for one in self._world.slack.said() if one.subtype == "channel_topic"]
        if lines:
            line = self._dice.one_of(lines)
            await self._world.desk.remove_notice(line.channel, line.ts)
            if self._dice.below(5) == 0:
                await self._world.desk.remove_notice(line.channel, line.ts)
