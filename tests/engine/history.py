"""Histories that Hypothesis makes up: at the end of each all faults cease, and everything must hold.

Commands, time, Slack refusing, losing replies, applying late, the process killed before or after a call, a command
during a call, a worker that is frozen while another does its work; and alerts (alert_history.py).
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final, cast, get_args

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import engine
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from bot.domain.commands import AssignRole, Declare, Resolve, SendUpdate, SetSeverity, SetStatus
from bot.domain.course_commands import Accept, Close, Decline, Merge, Reopen
from bot.domain.existing import Existing
from bot.domain.ids import IncidentId, ServiceName, UserId
from bot.domain.model import Severity, Status
from bot.domain.page_commands import HearPager, PagerWord
from bot.domain.paging import page_key
from bot.domain.people_commands import AnswerHandover
from bot.domain.roles_model import Role
from bot.domain.tracks import Track
from tests.engine.agreeing import Model
from tests.engine.alert_history import LEDGER, ORGANISATION, AlertActs
from tests.engine.following_history import FollowingActs
from tests.engine.invariants import Log, everything_holds
from tests.engine.keeping_history import KeepingActs
from tests.engine.world import ANA, CHECKOUT, World
from tests.fakes.hearing import hear
from tests.fakes.slack import BOT, Fault

NUMBERS = st.integers(1, 3).map(IncidentId)
USERS = st.sampled_from(["U0ANA", "U0BO", "U0CLEO"]).map(UserId)
ROLES = st.sampled_from([Role.COMMANDER, Role.SCRIBE])
# What the engine must survive without a person: everything but refusals for good.
FAULTS = st.sampled_from(list(Fault))
# Seconds that a history which failed may take to become shorter, before it is told as it is then.
SHRINKING: Final = 40
# Behind its tenth history Hypothesis also makes new ones out of parts of old ones, and may not come to an end with it.
IN_A_LOT: Final = 9


class AnyHistory(AlertActs, FollowingActs, KeepingActs):
    """All that may happen, from an empty database to the end at which everything must hold."""

    def __init__(self, new_url: Callable[[], str], counted: Callable[[], None] = lambda: None) -> None:
        """`new_url` gives an empty database; `counted` is called after each step."""
        super().__init__()
        self.new_url, self.counted = new_url, counted

    @initialize(first=st.lists(st.sampled_from(Severity), max_size=2))
    def open(self, first: list[Severity]) -> None:
        self.runner = asyncio.Runner()
        self.world = World(self.new_url(), policy=ORGANISATION)
        self.world.slack.add_channel("everything")
        self.run(self.world.open())
        self.log, self.model, self.deliveries = Log(), Model(), []
        for severity in first:
            declared = Declare(title="Checkout is down", by=ANA, severity=severity, service=CHECKOUT)
            self.run(self.ask(declared, self.key()))

    @precondition(lambda self: len(self.log.declared) < 3)
    @rule(
        user=USERS,
        severity=st.sampled_from(Severity),
        triage=st.booleans(),
        pages=st.booleans(),
        private=st.booleans(),
        converts=st.booleans(),
        also=st.sampled_from([(), (), (CHECKOUT, LEDGER)]),
    )
    def declare(
        self,
        user: UserId,
        severity: Severity,
        also: tuple[ServiceName, ...],
        *,
        triage: bool,
        pages: bool,
        private: bool,
        converts: bool,
    ) -> None:
        what = f"A laptop was stolen ({len(self.log.declared)})" if private else "Checkout is down"
        told = Declare(title=what, by=user, severity=severity, service=CHECKOUT, also=also, private=private)
        there = self._talks(user, private=private) if converts else None
        self.run(self.ask(replace(told, triage=triage, pages=pages, existing=there), self.key()))

    def _talks(self, user: UserId, *, private: bool) -> Existing:
        """Let somebody open a channel and write there before anything is declared."""
        room = self.world.slack.add_channel(f"talk-{len(self.deliveries)}", creator=user)
        room.private = private
        self.world.slack.write(room.name, "It smells", author=user)
        return Existing(channel=room.id, name=room.name, private=private)

    @rule(n=NUMBERS, into=NUMBERS, user=USERS)
    def merge(self, n: IncidentId, into: IncidentId, user: UserId) -> None:
        self.run(self.ask(Merge(incident=n, into=into, by=user), self.key()))

    @rule(n=NUMBERS, user=USERS)
    def accept(self, n: IncidentId, user: UserId) -> None:
        self.run(self.ask(Accept(incident=n, by=user), self.key()))

    @rule(n=NUMBERS, user=USERS)
    def decline(self, n: IncidentId, user: UserId) -> None:
        self.run(self.ask(Decline(incident=n, reason="A load test", by=user), self.key()))

    @rule(n=NUMBERS, role=ROLES, user=USERS, by=USERS)
    def give_a_role(self, n: IncidentId, role: Role, user: UserId, by: UserId) -> None:
        self.run(self.ask(AssignRole(incident=n, role=role, user=user, by=by), self.key()))

    @rule(n=NUMBERS, count=st.integers(1, 3), accepts=st.booleans(), user=USERS)
    def answer_a_handover(self, n: IncidentId, count: int, accepts: bool, user: UserId) -> None:
        self.run(self.ask(AnswerHandover(incident=n, n=count, accepts=accepts, by=user), self.key()))

    @rule(n=NUMBERS, status=st.sampled_from([Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING]), user=USERS)
    def change_status(self, n: IncidentId, status: Status, user: UserId) -> None:
        self.run(self.ask(SetStatus(incident=n, status=status, by=user), self.key()))

    @rule(n=NUMBERS, severity=st.sampled_from(Severity), user=USERS)
    def change_severity(self, n: IncidentId, severity: Severity, user: UserId) -> None:
        self.run(self.ask(SetSeverity(incident=n, severity=severity, by=user), self.key()))

    @rule(n=NUMBERS, user=USERS, doing=st.sampled_from(["", "Wait"]), minutes=st.sampled_from([None, 5]))
    def send_an_update(self, n: IncidentId, user: UserId, doing: str, minutes: int | None) -> None:
        soon = timedelta(minutes=minutes) if minutes else None
        self.run(self.ask(SendUpdate(incident=n, text="Rolling back", by=user, doing=doing, next_in=soon), self.key()))

    @rule(
        n=NUMBERS, word=st.sampled_from(get_args(PagerWord)), name=st.sampled_from(["", "Ana"]), ago=st.integers(0, 3)
    )
    def something_is_done_in_the_pager(self, n: IncidentId, word: PagerWord, name: str, ago: int) -> None:
        self.run(self._in_the_pager(n, word, name, ago))

    async def _in_the_pager(self, n: IncidentId, word: PagerWord, name: str, ago: int) -> None:
        incident = await self.world.desk.incident(await self.there(n) or n)
        if incident is None:
            return
        at = self.world.clock.now() - timedelta(minutes=ago)
        rings = word in {"unacknowledged", "reassigned"}
        heard = HearPager(incident=incident.id, key=page_key(incident), word=word, name=name, rings=rings, told_at=at)
        await self.ask(heard, self.key())

    @rule(n=NUMBERS, user=USERS)
    def resolve(self, n: IncidentId, user: UserId) -> None:
        self.run(self.ask(Resolve(incident=n, resolution="Rolled back", by=user), self.key()))

    @rule(n=NUMBERS, user=USERS)
    def reopen(self, n: IncidentId, user: UserId) -> None:
        self.run(self.ask(Reopen(incident=n, reason="Errors are back", by=user), self.key()))

    @rule(n=NUMBERS, user=USERS)
    def close(self, n: IncidentId, user: UserId) -> None:
        self.run(self.ask(Close(incident=n, by=user), self.key()))

    @rule(n=NUMBERS, user=USERS, second=st.integers(0, 3))
    def somebody_writes(self, n: IncidentId, user: UserId, second: int) -> None:
        self.run(self._write(n, user, second))

    async def _write(self, n: IncidentId, user: UserId, second: int) -> None:
        incident = await self.world.desk.incident(await self.there(n) or n)
        if incident is None or incident.channel is None:
            return
        await self.ask(self.world.message(incident.channel, f"177244{second}.000100", by=user), self.key())

    @rule(n=NUMBERS, user=USERS, told=st.sampled_from(["at once", "later", "never"]), answers=st.booleans())
    def somebody_writes_and_the_event_may_be_lost(self, n: IncidentId, user: UserId, told: str, answers: bool) -> None:
        self.run(self._write_in_slack(n, user, told, answers=answers))

    async def _write_in_slack(self, n: IncidentId, user: UserId, told: str, *, answers: bool) -> None:
        incident = await self.world.desk.incident(await self.there(n) or n)
        if incident is None or incident.channel is None or not incident.status.is_open:
            return
        channel = self.world.slack.channels[incident.channel]
        # Threads whose root is older than a day are left to the final reading.
        since = (self.world.clock.now() - timedelta(days=1)).timestamp()
        roots = (one.ts for one in channel.messages.values() if one.author != BOT and one.thread is None)
        root = next((ts for ts in roots if float(ts) > since), None)
        said = self.world.slack.write(channel.name, "It leaks", author=user, thread=root if answers else None)
        self.log.written.add((incident.id, said.ts))
        command = hear(said.raw(), incident.channel)
        assert command
        if told == "at once":
            await self.ask(command, self.key())
        elif told == "later":
            self.deliveries.append((command, self.key()))

    @precondition(lambda self: self.deliveries)
    @rule(data=st.data())
    def a_delivery_comes_again(self, data: st.DataObject) -> None:
        # What was refused left no receipt: when it comes again it may well be accepted.
        self.run(self.ask(*data.draw(st.sampled_from(self.deliveries))))

    @rule(n=NUMBERS, role=ROLES, user=USERS)
    def a_command_comes_during_the_next_call(self, n: IncidentId, role: Role, user: UserId) -> None:
        key = self.key()

        async def meanwhile(_method: str) -> None:
            self.world.slack.meanwhile = None
            await self.ask(AssignRole(incident=n, role=role, user=user, by=user), key)

        self.world.slack.meanwhile = meanwhile

    @rule(seconds=st.sampled_from([0, 1, 20, 61, 31 * 60]))
    def time_passes(self, seconds: int) -> None:
        self.run(self.world.advance(timedelta(seconds=seconds)))

    @rule(fault=FAULTS, times=st.integers(1, 3))
    def slack_has_a_bad_day(self, fault: Fault, times: int) -> None:
        self.world.slack.fail(fault, times=times)

    @rule(down=st.sampled_from([Fault.REFUSED, Fault.LOST_BEFORE, None]))
    def slack_goes_or_comes_back(self, down: Fault | None) -> None:
        self.world.slack.down = down

    @rule(down=st.booleans())
    def the_pager_goes_or_comes_back(self, down: bool) -> None:
        self.world.pager.down = down

    @rule()
    def the_process_is_killed(self) -> None:
        self.run(self.world.die())

    @rule(track=st.sampled_from([Track.CHAT, Track.PAGER, Track.CLOCK]))
    def a_twin_takes_work_and_freezes(self, track: Track) -> None:
        self.run(self.world.freeze(track))

    @precondition(lambda self: self.world.frozen)
    @rule()
    def the_twin_wakes_up(self) -> None:
        self.run(self.world.thaw())

    @invariant()
    def a_step_is_counted(self) -> None:
        self.counted()

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.run(self._end())
        finally:
            self.run(self.world.close())
            self.runner.close()

    async def _end(self) -> None:
        """All faults cease; a while later everything must hold."""
        self.world.slack.heal()
        self.world.slack.meanwhile = None
        self.world.pager.down = False
        await self.world.thaw()
        await self.world.advance(timedelta(minutes=20))  # a channel may have been read just before the faults ceased
        await everything_holds(self.world, self.log)
        await self.model.agrees(self.world)


def run_histories(new_history: Callable[[], AnyHistory], *, steps: int, number: int, histories: int = IN_A_LOT) -> None:
    """Live a lot of histories of so many steps; the same `number` makes up the same ones.

    Raises:
        AssertionError: one of them did not end well; Hypothesis has made it as short as it can.
    """
    chosen = settings(
        max_examples=histories,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[one for one in Phase if one is not Phase.explain],
        database=None,
        derandomize=False,
        print_blob=False,
    )
    # Hypothesis takes any factory.
    factory = cast("type[AnyHistory]", seed(number)(new_history))
    with shrinking_for(SHRINKING):
        run_state_machine_as_test(factory, settings=chosen)


@contextmanager
def shrinking_for(seconds: int) -> Iterator[None]:
    """Let Hypothesis make what failed shorter for so long at most: by itself it takes five minutes."""
    before = engine.MAX_SHRINKING_SECONDS
    engine.MAX_SHRINKING_SECONDS = seconds
    try:
        yield
    finally:
        engine.MAX_SHRINKING_SECONDS = before
