"""Months in the life of a bot, on a virtual clock: incidents, alerts, outages, deaths, all from one seed.

The same seed lives the same life: work is done one piece after another, in an order that the seed chooses too, and
the trace of everything that Slack, the pager and the record saw has the same hash each time.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.domain.commands import AssignRole, Command, Declare, Resolve, SendUpdate, SetSeverity, SetStatus
from bot.domain.course_commands import Accept, Close, Decline, Merge, Reopen
from bot.domain.group_commands import JoinIncident
from bot.domain.ids import UserId
from bot.domain.model import Incident, Role, Severity, Status
from bot.domain.people_commands import AnswerHandover
from bot.domain.record_commands import RecordMessage
from bot.domain.tracks import Track
from bot.errors import Refused
from tests.engine.invariants import Log, everything_holds
from tests.engine.world import ANA, BO, CHECKOUT, CLEO
from tests.fakes.clock import START
from tests.fakes.hearing import hear
from tests.fakes.slack import Fault
from tests.torture import handing_over, mischief, monitoring
from tests.torture.handing_over import HandingOver
from tests.torture.mischief import Mischief
from tests.torture.monitoring import Monitoring
from tests.torture.steady import Dice, Steady

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
    "writes": 14,
    "writes, and the event is lost or late": 6,
    "resolves": 3,
    "reopens": 2,
    "closes": 1,
    "accepts": 3,
    "declines": 1,
    "merges": 1,
    "repeats a delivery": 6,
    **monitoring.ACTS,
    **mischief.ACTS,
    **handing_over.ACTS,
    "slack stumbles": 8,
    "slack goes away": 1,
    "slack comes back": 3,
    "the pager goes away": 2,
    "the pager comes back": 2,
    "the process is killed": 4,
    "a command comes during a call": 3,
    "a twin freezes": 2,
    "the twin wakes up": 3,
}
PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (0, 1, 5, 20, 61, 300, 900, 1800, 3600))
# How long Slack or the pager stays away unless it comes back before. Whole days of it are outage.py's.
OUTAGES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180))
A_DAY: Final = timedelta(hours=24)
# In Europe, on 29 March; every third life begins shortly before.
THE_CLOCKS_GO_FORWARD: Final = datetime(2026, 3, 29, 1, tzinfo=UTC)
HEALING: Final = timedelta(minutes=25)
# How often who declares takes command at once; a chair that stays empty is reminded of every few minutes.
LEADS_AT_ONCE: Final = 0.7
IN_TRIAGE: Final = 0.2


@dataclass
class Life:
    """One life. `live` goes through so many hours and checks every invariant once a day, with everything healed."""

    world: Steady
    dice: Dice
    log: Log = field(default_factory=Log)
    deliveries: list[tuple[Command, str]] = field(default_factory=list)
    slack_back: datetime = START
    pager_back: datetime = START
    written: int = 0
    acts: int = 0

    def __post_init__(self) -> None:
        self.monitoring, self.mischief = Monitoring(self), Mischief(self)

    async def live(self, hours: float) -> None:
        end = self.world.clock.now() + timedelta(hours=hours)
        while self.world.clock.now() < end:
            tomorrow = min(end, self.world.clock.now() + A_DAY)
            while self.world.clock.now() < tomorrow:
                await self._act()
                await self.world.advance(self.dice.one_of(PAUSES))
            await self.heal_and_check()

    async def heal_and_check(self) -> None:
        """All faults cease; a while later everything must hold."""
        self.world.slack.heal()
        self.world.slack.meanwhile = None
        self.world.pager.down = False
        await self.mischief.heal()
        await self.world.thaw()
        await self.world.advance(HEALING)
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
        for number in sorted(set(self.log.declared)):
            for row in await self.world.timeline(number):
                seen.update(f"{number} {row.seq} {row.event}\n".encode())
        return seen.hexdigest()

    async def _act(self) -> None:
        self.acts += 1
        if self.world.clock.now() >= self.slack_back:
            self.world.slack.down = None
        if self.world.clock.now() >= self.pager_back:
            self.world.pager.down = False
        name = self.dice.weighted(ACTS)
        deeds: dict[str, Callable[[], Awaitable[None]]] = {
            "declares": self._declare,
            "writes": self._write,
            "writes, and the event is lost or late": self._write_unheard,
            "repeats a delivery": self._again,
            "the process is killed": self.world.die,
            "a twin freezes": self._freeze,
            "the twin wakes up": self.world.thaw,
            **self.monitoring.deeds,
            **self.mischief.deeds,
            **HandingOver(self).deeds,
        }
        if name in deeds:
            await deeds[name]()
        elif (command := self._on_an_incident(name)) is not None:
            await self.ask(command)
        else:
            self._weather(name)

    def _on_an_incident(self, name: str) -> Command | None:
        if not self.log.declared:
            return None
        # Nearly always one of the newest: those are open.
        n, by = self.dice.one_of(self.log.declared[-4:]), self.dice.one_of(PEOPLE)
        match name:
            case "gives a role":
                return AssignRole(incident=n, role=self.dice.one_of(ROLES), user=self.dice.one_of(PEOPLE), by=by)
            case "changes the status":
                return SetStatus(incident=n, status=self.dice.one_of(OPEN), by=by)
            case "changes the severity":
                return SetSeverity(incident=n, severity=self.dice.one_of(list(Severity)), by=by)
            case "sends an update":
                return SendUpdate(incident=n, text=f"Rolling back, step {self.acts}", by=by)
            case "resolves":
                return Resolve(incident=n, resolution="Rolled back", by=by)
            case "reopens":
                return Reopen(incident=n, reason="Errors are back", by=by)
            case "accepts":
                return Accept(incident=n, by=by)
            case "merges":
                return Merge(incident=n, into=self.dice.one_of(self.log.declared[-4:]), by=by)
            case "declines":
                return Decline(incident=n, reason="A load test", by=by)
            case "closes":
                return Close(incident=n, by=by)
            case _:
                return None

    def _weather(self, name: str) -> None:
        slack = self.world.slack
        match name:
            case "slack stumbles":
                slack.fail(self.dice.one_of(list(Fault)), times=1 + self.dice.below(3))
            case "slack goes away":
                slack.down = self.dice.one_of([Fault.REFUSED, Fault.LOST_BEFORE])
                self.slack_back = self.world.clock.now() + self.dice.one_of(OUTAGES)
            case "slack comes back":
                slack.down = None
            case "the pager goes away":
                self.world.pager.down = True
                self.pager_back = self.world.clock.now() + self.dice.one_of(OUTAGES)
            case "the pager comes back":
                self.world.pager.down = False
            case "a command comes during a call":
                slack.meanwhile = self._meanwhile
            case _:
                pass

    async def _meanwhile(self, _method: str) -> None:
        self.world.slack.meanwhile = None
        command = self._on_an_incident("gives a role")
        if command:
            await self.ask(command)

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
        told = Declare(title=f"Checkout is down {self.acts}", by=by, severity=severity, service=CHECKOUT, triage=triage)
        await self.ask(told)
        if self.log.declared and self.dice.fraction() < LEADS_AT_ONCE:
            number = self.log.declared[-1]
            await self.ask(AssignRole(incident=number, role=Role.COMMANDER, user=by, by=by), f"T{self.acts}-leads")

    async def _again(self) -> None:
        if self.deliveries:
            await self.ask(*self.dice.one_of(self.deliveries))

    async def _write(self) -> None:
        if not self.log.declared:
            return
        incident = await self.world.desk.incident(self.dice.one_of(self.log.declared[-4:]))
        if incident is None or incident.channel is None:
            return
        self.written += 1
        ts = f"{int(self.world.clock.now().timestamp())}.{self.written % 1_000_000:06}"
        text = f"It leaks <!channel> {self.written}"
        said = self.world.message(incident.channel, ts, by=self.dice.one_of(PEOPLE), text=text)
        await self.ask(said)

    async def _write_unheard(self) -> None:
        """Let somebody write what no event tells of, or one that comes after later ones; reading back finds it."""
        if not self.log.declared:
            return
        number, author = self.dice.one_of(self.log.declared[-4:]), self.dice.one_of(PEOPLE)
        incident = await self.world.incident(number)
        if incident.channel is None or not incident.status.is_open:
            return
        here = self.world.slack.channels[incident.channel]
        if here.archived:
            return
        said = self.world.slack.write(here.name, f"It smokes {self.acts}", author=author)
        self.log.written.add((number, said.ts))
        if self.dice.fraction() < 0.5 and (command := hear(said.raw(), incident.channel)):
            self.deliveries.append((command, f"L{self.acts}"))

    async def _freeze(self) -> None:
        await self.world.freeze(self.dice.one_of([Track.CHAT, Track.PAGER, Track.CLOCK]))


async def live(seed: int, hours: float, file: Path) -> Life:
    """Live one life; whoever calls closes its world."""
    dice = Dice(seed)
    life = Life(world=Steady(file, dice), dice=dice)
    await life.world.open()
    if seed % 3 == 0:
        life.world.clock.jump(THE_CLOCKS_GO_FORWARD - START - timedelta(hours=4))
    if seed % 2:
        life.world.policy = replace(life.world.policy, routes=monitoring.GO_ON)
        life.world.start()
    try:
        await life.live(hours)
    except BaseException:
        await life.world.close()
        raise
    return life
