"""Work for a bot that is killed all the time: incidents from beginning to end, alerts, talk; all from one seed.

Each incident has one person after another act on it; many go on at once. Who is not answered asks again, but only when
the record shows that nothing was taken, and only for a while: then it is left as it is, and the books say so.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import aiohttp

from bot.clock import SystemClock
from bot.domain.alerts_model import AlertStatus
from bot.domain.events import Event, IncidentResolved, RoleAssigned, UpdateSent
from bot.domain.ids import UserId
from bot.domain.model import Incident, Severity
from bot.domain.roles_model import Role
from bot.sandbox.errors import SandboxError
from bot.sandbox.state.ids import Obj
from bot.store import incidents
from tests.e2e.house import House, NotTaken, Webhook
from tests.e2e.plot import NOT_TAKEN
from tests.torture.books import Books
from tests.torture.forked import Forked
from tests.torture.steady import Dice

PEOPLE: Final = {"ana": UserId("U0ANA"), "bo": UserId("U0BO"), "cleo": UserId("U0CLEO"), "dmitri": UserId("U0DMITRI")}
NOT_NOW: Final = ("I cannot take this in", "Something went wrong")
BREATH: Final = timedelta(milliseconds=120)
ACTS: Final = {"says": 6, "role": 3, "status": 2, "severity": 1, "update": 2, "alert": 3, "acknowledge": 1}
ACTS_OF_AN_INCIDENT: Final = 9
ALERTS: Final = 60
INCIDENTS: Final = 8
TRIES: Final = 60
# Five seconds: as long again as Slack waits for an answer, and more.
LOOKS: Final = 40


@dataclass(slots=True)
class Load:
    """People at work in a house, until they are told to `come_to_an_end`."""

    house: House
    dice: Dice
    books: Books = field(default_factory=Books)
    ending: bool = False
    _count: int = 0
    _alerts: int = 0
    _firing: list[int] = field(default_factory=list)

    async def go_on(self, *, at_once: int) -> None:
        """Live through incidents, so many at once, until it is to come to an end and all are resolved."""
        await asyncio.gather(*(self._incidents() for _ in range(at_once)))
        self.ending = True

    async def _incidents(self) -> None:
        while not self.ending and self._count < INCIDENTS:
            self._count += 1
            await self._incident(f"Number {self._count} is down", Dice(self.dice.below(2**31)))

    async def _incident(self, title: str, dice: Dice) -> None:
        severity = dice.one_of(list(Severity)).value
        # Whatever is less than SEV-1 is asked about first while something is open on its service.
        service = " service:checkout" if severity == Severity.SEV1 else ""
        declare = f"/incident declare {severity} {title}{service}"
        await self._insist(dice, declare, "general", lambda: self._find(title))
        self.books.declared.add(title)
        channel = await self._channel_of(title)
        for number in range(ACTS_OF_AN_INCIDENT):
            if self.ending:
                break
            await self._act(dice, dice.weighted(ACTS), title, channel, number)
            await SystemClock().sleep(BREATH * dice.fraction())
        await self._insist(
            dice, "/incident resolve Rolled back", channel, lambda: self._is_recorded(title, _is(IncidentResolved))
        )
        self.books.resolved.add(title)

    async def _act(self, dice: Dice, name: str, title: str, channel: str, number: int) -> None:
        match name:
            case "says":
                await self._says(dice, title, channel)
            case "role":
                await self._gives_a_role(dice, title, channel)
            case "status":
                status = dice.one_of(["investigating", "identified", "monitoring"])
                before = await self._find(title)
                if before and before.status.value != status:
                    await self._insist(dice, f"/incident status {status}", channel, lambda: self._has(title, status))
            case "severity":
                severity = dice.one_of(list(Severity)).value
                await self._insist(dice, f"/incident severity {severity}", channel, lambda: self._has(title, severity))
            case "update":
                text = f"Step {number} of {title}"
                seen = _is(UpdateSent, text=text)
                await self._insist(dice, f"/incident update {text}", channel, lambda: self._is_recorded(title, seen))
                self.books.updates.add((title, text))
            case "alert":
                await self._alert(dice)
            case _:
                await self._acknowledges(dice)

    async def _says(self, dice: Dice, title: str, channel: str) -> None:
        who = dice.one_of(["ana", "bo", "cleo"])
        try:
            await self.house.people.person(who).joins(channel)
            ts = await self.house.people.person(who).says(f"It leaks <!channel> {dice.below(1000)}", channel=channel)
        except SandboxError:
            return
        self.books.written.add((title, ts))

    async def _gives_a_role(self, dice: Dice, title: str, channel: str) -> None:
        role, who = dice.one_of([Role.COMMANDER, Role.COMMUNICATIONS, Role.SCRIBE]), dice.one_of(list(PEOPLE))
        word = {Role.COMMANDER: "ic", Role.COMMUNICATIONS: "comms", Role.SCRIBE: "role scribe"}[role]
        given = _is(RoleAssigned, role=role, user=PEOPLE[who])

        def asked() -> None:
            self.books.assigned.append((title, role, PEOPLE[who]))

        line = f"/incident {word}"
        await self._insist(dice, line, channel, lambda: self._is_recorded(title, given), by=who, asked=asked)
        self.books.given.append((title, role, PEOPLE[who]))

    async def _alert(self, dice: Dice) -> None:
        """Let a new alert fire, or one that fires end; nobody else speaks of that one meanwhile."""
        if self._firing and dice.fraction() < 0.5:
            await self._send(self._firing.pop(0), AlertStatus.RESOLVED)
        elif self._alerts < ALERTS:
            self._alerts += 1
            await self._send(number := self._alerts, AlertStatus.FIRING)
            self._firing.append(number)

    async def _send(self, number: int, status: AlertStatus) -> None:
        """Send an alert; one that is not accepted says nothing: monitoring sends it again, and a repeat is nothing."""
        assert isinstance(self.house.monitoring, Webhook)
        for _ in range(TRIES):
            try:
                if await self.house.monitoring.send(status.value, number=number) == HTTPStatus.ACCEPTED:
                    self.books.webhooks += 1
                    self.books.alerts[number] = status
                    return
            except (aiohttp.ClientError, TimeoutError):
                pass
            await SystemClock().sleep(BREATH)
        raise AssertionError(f"nobody takes alert {number}")

    async def _acknowledges(self, dice: Dice) -> None:
        try:
            await self.house.people.person(dice.one_of(list(PEOPLE))).clicks(
                "Acknowledge", channel="alerts", timeout=BREATH
            )
        except NOT_TAKEN:
            return

    async def come_to_an_end(self) -> None:
        """Let every alert end, when the last incident has."""
        while self._firing:
            await self._send(self._firing.pop(), AlertStatus.RESOLVED)

    async def _insist(
        self,
        dice: Dice,
        line: str,
        channel: str,
        look: Callable[[], Awaitable[object]],
        *,
        by: str = "",
        asked: Callable[[], None] = lambda: None,
    ) -> None:
        person = self.house.people.person(by or dice.one_of(["ana", "bo", "cleo"]))
        assert isinstance(self.house.muster, Forked)
        for _ in range(TRIES):
            lives = self.house.muster.lives
            asked()
            try:
                answer = await person.command(line, channel=channel)
                if not answer.get("error") and not self._is_refused(answer, channel):
                    return
            except NOT_TAKEN:
                pass
            if await self._took(self.house.muster, lives, look):
                return
        raise NotTaken(line)

    async def _took(self, muster: Forked, lives: int, look: Callable[[], Awaitable[object]]) -> bool:
        """Tell whether the record shows it: a bot that was slow to answer, and lives on, may be about to take it."""
        for _ in range(LOOKS):
            if await look():
                return True
            if muster.lives != lives:  # whoever was asked is dead
                break
            await SystemClock().sleep(BREATH)
        await muster.until_ready()
        return bool(await look())

    def _is_refused(self, answer: Obj, channel: str) -> bool:
        """Tell whether the bot says that it did not take it."""
        workspace = self.house.sandbox.workspace
        room = workspace.channel_named(channel) or next(c for c in workspace.channels.values() if c.id == channel)
        whispered = room.whispers.get(answer["ts"]) if answer.get("ts") else None
        return whispered is not None and whispered.text.startswith(NOT_NOW)

    async def _channel_of(self, title: str) -> str:
        while True:
            found = await self._find(title)
            if found and found.channel:
                return found.channel
            await SystemClock().sleep(BREATH)

    async def _find(self, title: str) -> Incident | None:
        async with self.house.database.reading() as connection:
            known = await incidents.newest(connection, 2 * INCIDENTS)
        return next((one for one in known if one.title == title), None)

    async def _has(self, title: str, value: str) -> bool:
        found = await self._find(title)
        return found is not None and value in {found.status.value, found.severity.value}

    async def _is_recorded(self, title: str, recognise: Callable[[Event], bool]) -> bool:
        found = await self._find(title)
        return found is not None and any(recognise(row.event) for row in await self.house.desk.timeline(found.id))


def _is(kind: type[Event], **wanted: object) -> Callable[[Event], bool]:
    """Recognise an event of a kind with these values."""
    return lambda event: isinstance(event, kind) and all(getattr(event, k) == v for k, v in wanted.items())
