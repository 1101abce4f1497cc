"""What goes on in a life beyond Slack: in the pager, at the Alertmanager that shares silences, at other senders.

What is done there is told back late, twice, in the wrong order, or never; `heal` puts right what does not answer.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final, get_args

from bot.domain.mirroring import mark_of
from bot.domain.page_commands import HearPager, PagerWord
from bot.domain.paging import call_key, page_key
from bot.domain.work import ConfirmSubscription, Effect, RefreshOnCall
from bot.engine.following import Follower, SilencedAt
from tests.engine.world import BO, CHECKOUT, CLEO
from tests.fakes.alertmanager import FakeAlertmanager
from tests.torture.hands import LASTS
from tests.torture.organisation import SHARING

if TYPE_CHECKING:
    from tests.torture.life import Life

ACTS: Final[Mapping[str, int]] = {
    "something is done in the pager": 5,
    "the rota changes": 1,
    "a subscription asks to be confirmed": 1,
    "somebody silences at the Alertmanager": 3,
    "a silence is ended there": 3,
    "its silences are followed": 8,
    "the Alertmanager goes away": 1,
    "the Alertmanager comes back": 2,
    "the Alertmanager loses replies": 1,
}
WORDS: Final[tuple[PagerWord, ...]] = get_args(PagerWord)
RINGS: Final = frozenset({"unacknowledged", "reassigned"})
# As long as what is missing there is not made again (mirroring.py), and a little.
SETTLED: Final = timedelta(seconds=90)


class FarSides:
    """The pager's and the Alertmanager's people in one life."""

    def __init__(self, life: "Life") -> None:
        self._life, self._world, self._dice = life, life.world, life.dice
        self.alertmanager = FakeAlertmanager(life.world.clock)
        life.world.sharing[SHARING] = [self.alertmanager]
        self.deeds: Mapping[str, Callable[[], Awaitable[None]]] = {
            "something is done in the pager": self._in_the_pager,
            "the rota changes": self._rota,
            "a subscription asks to be confirmed": self._confirm,
            "somebody silences at the Alertmanager": self._silence_there,
            "a silence is ended there": self._end_there,
            "its silences are followed": self.follow,
            "the Alertmanager goes away": self._go_away,
            "the Alertmanager comes back": self._come_back,
            "the Alertmanager loses replies": self._lose_replies,
        }

    async def heal(self) -> None:
        """Let the Alertmanager answer, and both sides come together."""
        self.alertmanager.down, self.alertmanager.lost = False, 0
        await self._world.advance(SETTLED)
        await self.follow()
        await self._world.advance(SETTLED)
        await self.follow()

    async def agree(self) -> None:
        """See that a silence that both can have is on both sides, or on neither."""
        ours = await self._world.desk.silences()
        there = {one.id: one for one in await self.alertmanager.ask() if one.id in self.alertmanager.standing}
        marked = {one.mark for one in there.values() if one.mark}
        here = {one.far_id for one in ours if one.sender} | {mark_of(one) for one in ours if not one.sender}
        for name, far in there.items():
            assert name in here or far.mark in here, f"I26 silence {name} of the Alertmanager does not count here"
        for one in ours:
            is_there = one.far_id in there if one.sender else mark_of(one) in marked
            only_here = any(matcher.name == "source" for matcher in one.matchers)
            assert is_there or only_here, f"I26 silence {one.label} is not at the Alertmanager"

    async def follow(self) -> None:
        """Ask the Alertmanager for its silences."""
        peers = {"http://alertmanager.test": self.alertmanager.ask}
        await Follower(self._world.engine, SilencedAt(label=SHARING, peers=peers, shares=True)).round()

    async def _in_the_pager(self) -> None:
        """Let somebody, or time, do something with a page; it is told at once, late, or twice."""
        there = await self._world.desk.open_incidents()
        paged = [(one.id, page_key(one)) for one in there if one.paged]
        called = [(one.id, call_key(one, call)) for one in there for call in one.calls if call.by_pager]
        if not (paged or called):
            return
        (number, key), word = self._dice.one_of([*paged[-4:], *called[-4:]]), self._dice.one_of(WORDS)
        heard = HearPager(
            incident=number,
            key=key,
            word=word,
            name=self._dice.one_of(["", "Dmitri <!here>"]),
            rings=word in RINGS,
            told_at=self._world.clock.now() - timedelta(minutes=self._dice.below(4)),
        )
        await self._life.ask(heard)

    async def _rota(self) -> None:
        self._world.pager.roster = {CHECKOUT: (self._dice.one_of([BO, CLEO]),)}
        await self._world.engine.put(Effect(work=RefreshOnCall(), due=self._world.clock.now()))

    async def _confirm(self) -> None:
        work = ConfirmSubscription(topic=f"arn:aws:sns:eu:1:topic-{self._life.acts}", url="https://sns.example/")
        await self._world.engine.put(Effect(work=work, due=self._world.clock.now()))

    async def _silence_there(self) -> None:
        now = self._world.clock.now()
        self.alertmanager.put(
            matchers=[{"name": "alertname", "value": self._dice.one_of(["Alert1", "QueueIsLong"]), "isRegex": False}],
            startsAt=now.isoformat(),
            endsAt=(now + self._dice.one_of(LASTS)).isoformat(),
            createdBy="<!here>",
            comment="known there",
        )

    async def _end_there(self) -> None:
        if standing := self.alertmanager.standing:
            self.alertmanager.end(self._dice.one_of(standing))

    async def _go_away(self) -> None:
        self.alertmanager.down = True

    async def _come_back(self) -> None:
        self.alertmanager.down = False

    async def _lose_replies(self) -> None:
        self.alertmanager.lost = 1 + self._dice.below(2)
