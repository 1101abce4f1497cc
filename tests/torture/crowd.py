"""People and monitoring at work on replicas, from a seed; each deed is unique, so it is found in the record, once.

What they were told is held against what is kept: what was taken is there exactly once, what was refused ("nothing was
changed", or a reason) is not there at all, and of what nobody answered there is at most one.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Final

import aiohttp

from bot.clock import SystemClock
from bot.domain.events import IncidentDeclared, IncidentResolved, UpdateSent
from bot.domain.message_events import MessagePosted
from bot.sandbox.errors import SandboxError
from bot.sandbox.person import Person
from bot.sandbox.state.records import Channel
from bot.sandbox.texts import words_of
from tests.e2e.house import ALERTS_TOKEN
from tests.invariants.picture import Picture
from tests.torture.company import Company
from tests.torture.steady import Dice

NAMES: Final = ("ana", "bo", "cleo", "dmitri")
ACTS: Final = {"declare": 2, "update": 5, "role": 4, "status": 3, "say": 8, "resolve": 1}
RECORDED_BY_WORDS: Final = frozenset({"declare", "update", "say", "resolve", "fire"})
DONE: Final = ("Declaring INC-", "is on its way to everybody", "is resolved")
STATUSES: Final = ("identified", "monitoring", "investigating")
PAUSE: Final = timedelta(milliseconds=700)
CLOCK: Final = SystemClock()


class Answer(StrEnum):
    """What whoever did something was told."""

    TAKEN = "taken"
    REFUSED = "refused"
    NONE = "nothing that says whether it was taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that somebody did, by the words that nobody else used."""

    kind: str
    words: str
    answer: Answer


@dataclass(slots=True)
class Crowd:
    """Everybody; `deeds` are what they did."""

    company: Company
    seed: int
    deeds: list[Deed] = field(default_factory=list)
    resolved: set[str] = field(default_factory=set)

    async def work(self, lasting: timedelta) -> None:
        """Let them all work for so long."""
        until = CLOCK.monotonic() + lasting.total_seconds()
        people = [self._person(name, Dice(self.seed * 10 + n), until) for n, name in enumerate(NAMES)]
        async with asyncio.TaskGroup() as group:
            for one in (*people, self._monitoring(Dice(self.seed * 10 + 9), until)):
                group.create_task(one)

    def missing_or_too_much(self, seen: Picture) -> Iterator[str]:
        """Hold what people were told against what is kept."""
        kept = Counter[tuple[str, str]]()
        for number in seen.timelines:
            for event in seen.events(number):
                match event:
                    case IncidentDeclared(title=title):
                        kept["declare", title] += 1
                    case UpdateSent(text=text):
                        kept["update", text] += 1
                    case MessagePosted(text=text):
                        kept["say", text] += 1
                    case IncidentResolved(resolution=text):
                        kept["resolve", text] += 1
                    case _:
                        pass
        kept.update(("fire", alert.report.summary) for alert in seen.alerts)
        for deed in [one for one in self.deeds if one.kind in RECORDED_BY_WORDS]:
            times = kept[deed.kind, deed.words]
            fine = {Answer.TAKEN: times == 1, Answer.REFUSED: times == 0, Answer.NONE: times <= 1}
            if not fine[deed.answer]:
                yield f"{deed.kind} {deed.words!r}, {deed.answer}: {times} times in the record"

    async def _person(self, name: str, dice: Dice, until: float) -> None:
        person, number = self.company.house.people.person(name), 0
        while CLOCK.monotonic() < until:
            number += 1
            rooms = self._rooms(name)
            act = dice.weighted(ACTS) if rooms else "declare"
            words = f"{name} {self.seed} {number}"
            room = dice.one_of(rooms) if rooms else None
            try:
                answer = await self._do(person, act, words, room, dice)
            except (SandboxError, aiohttp.ClientError, TimeoutError):
                answer = Answer.NONE
            self.deeds.append(Deed(kind=act, words=words, answer=answer))
            await CLOCK.sleep(PAUSE * (0.5 + dice.fraction()))

    def _rooms(self, name: str) -> list[Channel]:
        """Return the open rooms of somebody's own incidents, so that nobody acts on what another has ended."""
        ours = self.company.house.sandbox.workspace.channels.values()
        return [one for one in ours if f"-{name}-" in one.name and one.is_room and one.name not in self.resolved]

    async def _do(self, person: Person, act: str, words: str, room: Channel | None, dice: Dice) -> Answer:
        if act == "declare" or room is None:
            return await self._types(person, f"/incident declare sev1 {words} service:checkout", "general")
        match act:
            case "say":
                await person.says(words, channel=room.id)
                return Answer.NONE  # Slack hears it, not the bot
            case "update":
                return await self._types(person, f"/incident update {words}", room.id)
            case "role":
                return await self._types(person, f"/incident role scribe @{dice.one_of(NAMES)}", room.id)
            case "status":
                return await self._types(person, f"/incident status {dice.one_of(STATUSES)}", room.id)
            case _:
                self.resolved.add(room.name)
                return await self._types(person, f"/incident resolve {words}", room.id)

    async def _types(self, person: Person, line: str, channel: str) -> Answer:
        answered = await person.command(line, channel=channel)
        if answered.get("error"):
            return Answer.NONE
        said = [words_of(one) for one in await person.sees(channel) if one["ts"] == answered.get("ts")]
        if any("nothing was changed" in text for text in said):
            return Answer.REFUSED
        if any("may or may not" in text for text in said):
            return Answer.NONE
        # Without a word, or with one that says that it is done; every other word says why it cannot be.
        done = not said or any(word in text for text in said for word in DONE)
        return Answer.TAKEN if done else Answer.REFUSED

    async def _monitoring(self, dice: Dice, until: float) -> None:
        headers, patience = {"Authorization": f"Bearer {ALERTS_TOKEN}"}, aiohttp.ClientTimeout(total=5)
        number = 0
        async with aiohttp.ClientSession(headers=headers, timeout=patience) as session:
            while CLOCK.monotonic() < until:
                number += 1
                words = f"alert {self.seed} {number}"
                answer = await self._fire(session, words, number)
                self.deeds.append(Deed(kind="fire", words=words, answer=answer))
                await CLOCK.sleep(PAUSE * dice.fraction())

    async def _fire(self, session: aiohttp.ClientSession, words: str, number: int) -> Answer:
        member = {
            "status": "firing",
            "labels": {"alertname": f"Alert{number}", "service": "checkout", "severity": "warning"},
            "annotations": {"summary": words},
            "startsAt": CLOCK.now().isoformat(),
            "endsAt": "0001-01-01T00:00:00Z",
            "fingerprint": f"{number:016x}",
        }
        try:
            async with session.post(f"{self.company.url}/alerts/alertmanager", json={"alerts": [member]}) as answer:
                return Answer.TAKEN if answer.status == HTTPStatus.ACCEPTED else Answer.NONE
        except (aiohttp.ClientError, TimeoutError):
            return Answer.NONE
