"""Months in the life of a bot, on a virtual clock: incidents, alerts, outages, deaths, all from one seed.

The same seed lives the same life: work is done one piece after another, in an order that the seed chooses too, and
the trace of everything that Slack, the pager and the record saw has the same hash each time.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.domain.commands import AssignRole, Command, Declare, Resolve, SendUpdate, SetSeverity, SetStatus
from bot.domain.course_commands import Accept, Close, Decline, Merge, Reopen
from bot.domain.group_commands import JoinIncident
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Incident, Severity, Status
from bot.domain.people_commands import AnswerHandover
from bot.domain.record_commands import RecordMessage
from bot.domain.roles_model import Role
from bot.engine.presence import be_present
from bot.errors import Refused
from tests.engine.invariants import Log, everything_holds
from tests.engine.world import ANA, BO, CHECKOUT, CLEO
from tests.fakes.clock import START
from tests.torture import (
    asking,
    far_sides,
    follow_up,
    handing_over,
    hands,
    marking,
    mischief,
    monitoring,
    weather,
    writing,
)
from tests.torture.asking import Asking
from tests.torture.far_sides import FarSides
from tests.torture.follow_up import FollowUp
from tests.torture.handing_over import HandingOver
from tests.torture.hands import Hands
from tests.torture.marking import Marking
from tests.torture.mischief import Mischief
from tests.torture.monitoring import Monitoring
from tests.torture.organisation import LEDGER, ROOMS, policy_of
from tests.torture.steady import Dice, Steady
from tests.torture.weather import Weather
from tests.torture.writing import Writing

PEOPLE: Final = (ANA, BO, CLEO, UserId("U0DMITRI"))
ROLES: Final = tuple(Role)
OPEN: Final = (Status.INVESTIGATING, Status.IDENTIFIED, Status.MONITORING)
# What may happen, and how often in comparison.
ACTS: Final[dict[str, int]] = {
    "declares": 3,
    "gives a role": 8,
    "changes the status": 6,
    "changes the severity": 3,
    "sends an update": 6,
    "resolves": 4,
    "reopens": 4,
    "closes": 4,
    "accepts": 3,
    "declines": 2,
    "merges": 3,
    "repeats a delivery": 6,
    **monitoring.ACTS,
    **hands.ACTS,
    **far_sides.ACTS,
    **mischief.ACTS,
    **handing_over.ACTS,
    **follow_up.ACTS,
    **asking.ACTS,
    **writing.ACTS,
    **marking.ACTS,
    **weather.ACTS,
}
PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (0, 1, 5, 20, 61, 150, 300, 900, 900, 3600))
# The pauses of a day on which much goes on.
BUSY: Final = PAUSES[:7]
A_DAY: Final = timedelta(hours=24)
# In Europe, on 29 March; every third life begins shortly before.
THE_CLOCKS_GO_FORWARD: Final = datetime(2026, 3, 29, 1, tzinfo=UTC)
HEALING: Final = timedelta(minutes=25)
# How often Muster says that it is there, where that is asked for: often enough to count as never away.
IS_THERE_EVERY: Final = timedelta(seconds=100)
# How often who declares takes command at once; a chair that stays empty is reminded of every few minutes.
LEADS_AT_ONCE: Final = 0.7
IN_TRIAGE: Final = 0.2
IN_PRIVATE: Final = 0.15
# One act in so many that declares names another service besides.
ALSO_OF_OTHERS: Final = 3


@dataclass
class Life:
    """One life. `live` goes through so many hours and checks every invariant once a day, with everything healed.

    `known` are all its incidents, declared by people or by rules; `newest` are those that people still have in sight.
    """

    world: Steady
    dice: Dice
    log: Log = field(default_factory=Log)
    deliveries: list[tuple[Command, str]] = field(default_factory=list)
    acts: int = 0
    pauses: Sequence[timedelta] = PAUSES
    known: set[IncidentId] = field(default_factory=set)
    newest: list[IncidentId] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.monitoring, self.mischief = Monitoring(self), Mischief(self)
        self.hands, self.far_sides, self.weather = Hands(self), FarSides(self), Weather(self)

    async def live(self, hours: float) -> None:
        end = self.world.clock.now() + timedelta(hours=hours)
        while self.world.clock.now() < end:
            tomorrow = min(end, self.world.clock.now() + A_DAY)
            while self.world.clock.now() < tomorrow:
                await self._act()
                await self._pause(self.dice.one_of(self.pauses))
            await self.heal_and_check()

    async def _pause(self, lasts: timedelta) -> None:
        """Let time pass; where a heartbeat is expected it comes meanwhile, and Muster says that it is there."""
        end = self.world.clock.now() + lasts
        while self.world.policy.watchdogs and self.world.clock.now() < end:
            await be_present(self.world.engine)
            await self.monitoring.beat()
            await self.world.advance(min(IS_THERE_EVERY, end - self.world.clock.now()))
        await self.world.advance(end - self.world.clock.now())

    async def heal_and_check(self) -> None:
        """All faults cease; a while later everything must hold."""
        await self._look_round()
        await self.weather.heal()
        await self.mischief.heal()
        await self._pause(HEALING)
        await self.far_sides.heal()
        await self.far_sides.agree()
        await everything_holds(self.world, self.log, disturbed=self.mischief.disturbed)
        await self.mischief.went_well()

    async def trace(self) -> str:
        """Return the hash of everything that was seen outside and kept inside."""
        seen = hashlib.sha256()
        for call in self.world.slack.calls:
            seen.update(f"{call.method} {call.start:.6f} {call.end:.6f} {call.channel} {call.outcome}\n".encode())
        for said in self.world.slack.said():
            seen.update(f"{said.ts} {said.channel} {said.marker} {said.text}\n".encode())
        seen.update(repr(self.world.pager.accepted).encode())
        for number in sorted(self.known):
            for row in await self.world.timeline(number):
                seen.update(f"{number} {row.seq} {row.event}\n".encode())
        return seen.hexdigest()

    async def _act(self) -> None:
        self.acts += 1
        await self._look_round()
        self.weather.clear_up()
        name = self.dice.weighted(ACTS)
        deeds: dict[str, Callable[[], Awaitable[None]]] = {
            "declares": self._declare,
            "repeats a delivery": self._again,
            **self.monitoring.deeds,
            **self.hands.deeds,
            **self.far_sides.deeds,
            **self.mischief.deeds,
            **self.weather.deeds,
            **Writing(self).deeds,
            **Marking(self).deeds,
            **HandingOver(self).deeds,
            **FollowUp(self).deeds,
            **Asking(self).deeds,
        }
        if name in deeds:
            await deeds[name]()
        elif command := self.on_an_incident(name):
            await self.ask(command)

    async def _look_round(self) -> None:
        """See which incidents there are: rules declare some."""
        by_rule = sorted(one.id for one in await self.world.desk.open_incidents() if one.rule)
        self.known.update(self.log.declared, by_rule)
        self.newest = [*self.log.declared[-4:], *by_rule[-3:]]

    def on_an_incident(self, name: str) -> Command | None:
        if not self.newest:
            return None
        # Nearly always one of the newest: those are open.
        over = [number for number in self.newest if number in self.log.resolved and name in {"reopens", "closes"}]
        n = self.dice.one_of(over or self.newest)
        by = self.dice.one_of(PEOPLE)
        match name:
            case "gives a role":
                return AssignRole(incident=n, role=self.dice.one_of(ROLES), user=self.dice.one_of(PEOPLE), by=by)
            case "changes the status":
                return SetStatus(incident=n, status=self.dice.one_of(OPEN), by=by)
            case "changes the severity":
                return SetSeverity(incident=n, severity=self.dice.one_of(list(Severity)), by=by)
            case "sends an update":
                soon = timedelta(minutes=1 + self.dice.below(10)) if self.dice.below(3) == 0 else None
                return SendUpdate(incident=n, text=f"Rolling back, step {self.acts}", by=by, doing="Wait", next_in=soon)
            case "resolves":
                return Resolve(incident=n, resolution="Rolled back", by=by)
            case "reopens":
                return Reopen(incident=n, reason="Errors are back", by=by)
            case "accepts":
                return Accept(incident=n, by=by)
            case "merges":
                return Merge(incident=n, into=self.dice.one_of(self.newest), by=by)
            case "declines":
                return Decline(incident=n, reason="A load test", by=by)
            case "closes":
                return Close(incident=n, by=by)
            case _:
                return None

    async def ask(self, command: Command, key: str | None = None) -> None:
        key = key or f"T{self.acts}-{len(self.deliveries)}"
        if (command, key) not in self.deliveries:
            self.deliveries = [*self.deliveries[-50:], (command, key)]
        try:
            handled = await self.world.do(command, key)
        except Refused:
            return
        if not handled.repeated:
            self._remember(command, handled.incident)

    def _remember(self, command: Command, incident: Incident | None) -> None:
        named: set[UserId | None] = {getattr(command, "by", None), getattr(command, "user", None)}
        self.log.people |= {user for user in named if user}
        match command:
            case Declare():
                assert incident
                self.log.declared.append(incident.id)
            case RecordMessage() if incident:
                self.log.messages[incident.id, command.ts] += 1
            case JoinIncident() if incident:
                self.log.joined.add((incident.id, command.by))
            case Resolve():
                self.log.resolved.add(command.incident)
            case AssignRole() | AnswerHandover():
                self.log.given(command, incident)
            case _:
                pass

    async def _declare(self) -> None:
        severity = self.dice.one_of(list(Severity))
        by = self.dice.one_of(PEOPLE)
        triage = self.dice.fraction() < IN_TRIAGE
        private = self.dice.fraction() < IN_PRIVATE
        what = "A laptop was stolen" if private else "Checkout is down"
        told = Declare(
            title=f"{what} {self.acts}", by=by, severity=severity, service=CHECKOUT, triage=triage, private=private
        )
        await self.ask(replace(told, also=(LEDGER, CHECKOUT)) if self.acts % ALSO_OF_OTHERS == 0 else told)
        if self.log.declared and self.dice.fraction() < LEADS_AT_ONCE:
            number = self.log.declared[-1]
            await self.ask(AssignRole(incident=number, role=Role.COMMANDER, user=by, by=by), f"T{self.acts}-leads")

    async def _again(self) -> None:
        if self.deliveries:
            await self.ask(*self.dice.one_of(self.deliveries))


async def live(seed: int, hours: float, file: Path, pauses: Sequence[timedelta] = PAUSES) -> Life:
    """Live one life; whoever calls closes its world."""
    dice = Dice(seed)
    life = Life(world=Steady(file, dice, policy_of(seed)), dice=dice, pauses=pauses)
    for name in ROOMS:
        life.world.slack.add_channel(name)
    await life.world.open()
    await life.world.begin()
    if seed % 3 == 0:
        life.world.clock.jump(THE_CLOCKS_GO_FORWARD - START - timedelta(hours=4))
    try:
        await life.live(hours)
    except BaseException:
        await life.world.close()
        raise
    return life
