"""The outage drill: Slack away for a working day and its events lost for longer, then the pager, then both.

As on 26 February 2025: Slack could hardly be used for 9 h 28 min, and what was written in 16 h 42 min was never sent as
an event (https://slack-status.com/2025-02/5b32241eb990dade). On a virtual clock, so that every change can afford it.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.domain.commands import AssignRole, Declare, SetStatus
from bot.domain.events import IncidentDeclared
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.domain.page_events import PagerAnswered
from bot.domain.paging import SILENT_AFTER
from bot.domain.roles_model import Role
from tests.engine.world import ANA, CHECKOUT, CLEO
from tests.fakes.slack import Fault
from tests.invariants.check import found_wrong
from tests.invariants.from_fake import of_world
from tests.torture.life import OPEN, PEOPLE, Life
from tests.torture.quiet import quiet
from tests.torture.steady import Dice, Steady
from tests.torture.suite import Broken, Order, Report, Size, again

SEEDS: Final = {Size.CHANGE: range(1, 13), Size.NIGHT: range(1001, 1301)}
AWAY: Final = timedelta(hours=9, minutes=28)
DEAF: Final = timedelta(hours=16, minutes=42)
AN_HOUR: Final = timedelta(hours=1)
PAGED_WITHIN: Final = timedelta(seconds=5)
CALLED_WITHIN: Final = timedelta(seconds=10)
HEALED_WITHIN: Final = timedelta(seconds=120)
READ_BACK_WITHIN: Final = timedelta(minutes=11)


@dataclass(slots=True)
class Drill:
    """One drill: a life whose weather is not left to chance."""

    life: Life
    calls_away: int = 0
    healed_after: timedelta = timedelta()

    async def whole(self) -> None:
        """Go through all three outages; raise an AssertionError where something does not hold."""
        world, dice = self.life.world, self.life.dice
        await self.declare(Severity.SEV2)
        await self.go_on(timedelta(minutes=dice.below(90)))
        deaf_until = world.clock.now() + DEAF
        called = len(world.slack.calls)
        with self.away(slack=True):
            await self.go_on(AWAY)
            await world.advance(PAGED_WITHIN)  # what was declared last has its time too
            await self.paged_in_time()
        self.calls_away, back = len(world.slack.calls) - called, world.clock.now()
        self.healed_after = await self.until_healed()
        await self.healed("Slack is back")
        self.one_catch_up(back)
        while world.clock.now() < deaf_until:
            await self.somebody_writes()
            await self.go_on(timedelta(minutes=30))
        await world.advance(READ_BACK_WITHIN)
        await self.holds("the events are back")
        with self.away(pager=True):
            number = await self.declare(Severity.SEV1)
            await world.advance(CALLED_WITHIN)
            await self.called(number)
            await world.advance(SILENT_AFTER)
            self.told(number)
            await self.go_on(AN_HOUR)
        await self.healed("the pager is back")
        with self.away(slack=True, pager=True):
            await self.declare(Severity.SEV1)
            await self.go_on(AN_HOUR)
        back = world.clock.now()
        await self.healed("both are back")
        self.one_catch_up(back)
        await world.advance(READ_BACK_WITHIN)
        await self.holds("the end")

    @contextmanager
    def away(self, *, slack: bool = False, pager: bool = False) -> Iterator[None]:
        """Let Slack, the pager or both be away for a while."""
        world = self.life.world
        if slack:
            world.slack.down = self.life.dice.one_of([Fault.REFUSED, Fault.LOST_BEFORE])
        world.pager.down = pager
        yield
        world.slack.heal()
        world.pager.down = False

    async def declare(self, severity: Severity) -> IncidentId:
        """Declare by the door that needs no Slack; return its number."""
        self.life.acts += 1
        title = f"Checkout is down {self.life.acts}"
        await self.life.ask(Declare(title=title, by=ANA, severity=severity, service=CHECKOUT))
        return self.life.log.declared[-1]

    async def go_on(self, time: timedelta) -> None:
        """Let people work for so long: they declare, take roles and move on."""
        world, dice, end = self.life.world, self.life.dice, self.life.world.clock.now() + time
        while world.clock.now() < end:
            await world.advance(min(timedelta(minutes=5 + dice.below(120)), end - world.clock.now()))
            number, by = dice.one_of(self.life.log.declared), dice.one_of(PEOPLE)
            match dice.below(5):
                case 0:
                    await self.declare(dice.one_of(list(Severity)))
                case 1:
                    await self.life.ask(AssignRole(incident=number, role=Role.SCRIBE, user=by, by=by))
                case 2:
                    await self.life.ask(SetStatus(incident=number, status=dice.one_of(OPEN), by=by))
                case 3 if world.slack.down is None:
                    await self.somebody_writes()
                case _:
                    await world.die()

    async def somebody_writes(self) -> None:
        """Let somebody write in a channel; no event tells of it."""
        number = self.life.dice.one_of(self.life.log.declared)
        incident = await self.life.world.incident(number)
        if incident.channel and incident.status is not Status.RESOLVED:
            self.life.acts += 1
            author = self.life.dice.one_of(PEOPLE)
            said = self.life.world.slack.write(incident.channel_name, f"Rolling back {self.life.acts}", author=author)
            self.life.log.written.add((number, said.ts))

    async def paged_in_time(self) -> None:
        """I7: while the pager is there it was asked in time, whatever Slack did."""
        for number in self.life.log.declared:
            events = [row.event for row in await self.life.world.timeline(number)]
            declared = next(event for event in events if isinstance(event, IncidentDeclared))
            answered = [event.at for event in events if isinstance(event, PagerAnswered)]
            if declared.paged:
                assert answered, f"I7 INC-{number}: nobody was paged"
                assert answered[0] <= declared.at + PAGED_WITHIN, f"I7 INC-{number}: paged at {answered[0]}"

    async def called(self, number: IncidentId) -> None:
        """I7: while the pager is away, who is on call is called into the channel, where the card says what it is."""
        incident = await self.life.world.incident(number)
        members = self.life.world.slack.channel(incident.channel_name).members
        assert CLEO in members, f"I7 INC-{number}: who is on call was not called"

    def told(self, number: IncidentId) -> None:
        """I7: soon after the pager's time is over they know, from a message of their own, that it is silent."""
        told = {one.marker for one in self.life.world.slack.said(CLEO)}
        assert f"call:{number}:{CLEO}" in told, f"I7 INC-{number}: who is on call was not told"

    def one_catch_up(self, back: datetime) -> None:
        """I6: each series of reminders has at most one that came when Slack was back."""
        since, until = back.timestamp(), (back + HEALED_WITHIN).timestamp()
        caught_up = Counter(
            (said.marker or "").rpartition(":")[0]
            for said in self.life.world.slack.said()
            if (said.marker or "").startswith("reminder:") and since <= float(said.ts) <= until
        )
        assert all(times == 1 for times in caught_up.values()), f"I6 {caught_up}"

    async def until_healed(self) -> timedelta:
        """Go on until nothing that could be done is left; return how long that took."""
        world, back = self.life.world, self.life.world.clock.now()
        while await world.waiting() and world.clock.now() - back < HEALED_WITHIN:
            await world.advance(timedelta(seconds=1))
        return world.clock.now() - back

    async def healed(self, when: str) -> None:
        """Nothing that could be done is left, soon after all is well again."""
        await self.life.world.advance(HEALED_WITHIN)
        await self.holds(when, but="I1")

    async def holds(self, when: str, *, but: str = "") -> None:
        """Every invariant holds; `but` is the one that has more time (lost events are read back)."""
        seen = await of_world(self.life.world, log=self.life.log)
        wrong = [str(one) for one in found_wrong(seen, at_rest=True) if one.invariant != but]
        assert not wrong, f"{when}: " + "; ".join(wrong)


async def drill(seed: int, file: Path) -> Drill:
    """Go through one drill; whoever calls closes its world."""
    dice = Dice(seed)
    life = Life(world=Steady(file, dice), dice=dice)
    await life.world.open()
    drilled = Drill(life)
    await drilled.whole()
    return drilled


def one(seed: int) -> str:
    """Go through one drill; return what there was in it.

    Raises:
        AssertionError: something did not hold.
    """

    async def whole(file: Path) -> str:
        done = await drill(seed, file)
        life = done.life
        try:
            incidents, messages = len(life.log.declared), len(life.log.written)
            counted = f"{incidents} incidents, {messages} messages, {life.world.deaths} deaths"
            healed = f"healed {done.healed_after.total_seconds():g} s after it"
            return f"seed {seed}: {counted}; {done.calls_away} calls while Slack was away, {healed}"
        finally:
            await life.world.close()

    quiet()
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(whole(Path(folder) / "muster.db"))


def outage(order: Order) -> Report:
    """Go through them all."""
    seeds, broken = order.seeds or SEEDS[order.size], []
    with ProcessPoolExecutor(order.processes) as pool:
        drills = {pool.submit(one, seed): seed for seed in seeds}
        for done in as_completed(drills):
            if error := done.exception():
                seed = drills[done]
                broken.append(Broken(what=f"seed {seed}: {error}", again=again("outage", seed=seed)))
            else:
                order.say(done.result())
    return Report(figures={"drills": len(seeds)}, broken=tuple(broken))
