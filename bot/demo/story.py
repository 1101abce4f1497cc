"""The demo's story: one incident from alert to postmortem, played by people and checked against what Slack then has.

Everything is done and seen over the sandbox's HTTP interface, as people would; nothing of the bot is looked into.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiohttp
from rich.console import Console

from bot.clock import Clock
from bot.demo import evidence, words
from bot.demo.alerts import CHECKOUT, PAYMENTS, Monitoring
from bot.demo.evidence import Missing, need
from bot.errors import Overloaded
from bot.sandbox.errors import SandboxError
from bot.sandbox.people import People
from bot.sandbox.state.ids import Obj

ROUND_TRIPS: Final = 2
# Slack lets a channel have about one message a second: several moments in a row take that long.
PATIENCE: Final = timedelta(seconds=20)
SAID: Final = "Release 4.2.0 leaks database connections; I am rolling it back"
ANSWERED: Final = "Connections are down to 40 since 4.1.9 is back"
UPDATE: Final = "Rolling back 4.2.0; next update in 30 minutes"
RESOLUTION: Final = "Rolled back 4.2.0; errors are below 0.1 % again"


@dataclass(slots=True)
class Scene:
    """What a step may say of what it saw."""

    detail: str = ""


class Story:
    """Ana, Bo, Cleo and Dmitri mend the payments."""

    def __init__(self, people: People, monitoring: Monitoring, console: Console, clock: Clock) -> None:
        self._people = people
        self._monitoring = monitoring
        self._console = console
        self._clock = clock
        self._ana, self._bo, self._cleo = (people.person(name) for name in ("ana", "bo", "cleo"))
        self._channel = ""

    async def tell(self) -> bool:
        """Walk through it; say whether everything was as it should be."""
        began = self._clock.monotonic()
        ok = True
        try:
            await self._alerts()
            await self._declares()
            await self._fills_roles()
            await self._works()
            await self._ends()
            await self._looks_back()
        except Missing:
            ok = False
        words.verdict(self._console, self._since(began), ok=ok)
        return ok

    def _since(self, began: float) -> timedelta:
        return timedelta(seconds=self._clock.monotonic() - began)

    @asynccontextmanager
    async def _step(self, what: str) -> AsyncIterator[Scene]:
        """Time a step and print how it went; what it waits for in vain is what is missing."""
        began, scene = self._clock.monotonic(), Scene()
        try:
            yield scene
        except (Missing, TimeoutError, SandboxError, Overloaded, aiohttp.ClientError) as error:
            words.missing(self._console, self._since(began), what, str(error))
            raise Missing(str(error)) from error
        words.done(self._console, self._since(began), what, scene.detail)

    async def _sees(self, text: str, channel: str, as_: str = "ana") -> Obj:
        return await self._people.wait_for(text, channel, as_=as_, timeout=PATIENCE)

    async def _commands(self, line: str) -> None:
        """Ana gives a command in the incident's channel."""
        answer = await self._ana.command(line, channel=self._channel)
        need(not answer.get("error"), f"an answer to {line} (Slack showed: {answer.get('error')})")

    async def _alerts(self) -> None:
        async with self._step("Two alerts arrive, each in its channel"):
            await self._sees(PAYMENTS.summary, "payments-alerts")
            await self._sees(CHECKOUT.summary, "alerts")
        async with self._step("Ana looks what fires"):
            await self._ana.command("/alerts", channel="general")
            await evidence.until_met(self._people, "U0ANA", PATIENCE)
        async with self._step("Bo acknowledges the alert about payments"):
            await self._bo.clicks("Acknowledge", channel="payments-alerts")
            await self._sees("Acknowledged by", "payments-alerts", "bo")

    async def _declares(self) -> None:
        before = await evidence.last_entry(self._people)
        async with self._step("Ana declares an incident from it; its channel is ready") as scene:
            await self._ana.clicks("Declare Incident", channel="payments-alerts")
            room = await self._people.wait_for_channel("inc-1-", timeout=PATIENCE)
            self._channel = str(room["id"])
            await evidence.until_ready(self._people, self._channel, PAYMENTS, PATIENCE)
            scene.detail = f"#{room['name']}"
        async with self._step(f"That took {ROUND_TRIPS} round trips to Slack that waited for one another") as scene:
            trips, calls = await evidence.round_trips(self._people, self._channel, before)
            need(trips == ROUND_TRIPS, f"{ROUND_TRIPS} round trips (there were {trips})")
            scene.detail = f"{calls} calls"

    async def _fills_roles(self) -> None:
        for line, seen in (
            ("/incident ic @ana", "<@U0ANA> took command"),
            ("/incident comms @bo", "gave <@U0BO> the role of Communications Lead"),
            ("/incident role scribe @dmitri", "gave <@U0DMITRI> the role of Scribe"),
        ):
            async with self._step(line):
                await self._commands(line)
                await self._sees(seen, self._channel)
        async with self._step("Dmitri is in the channel, and was told what a scribe does"):
            await evidence.until_member(self._people, self._channel, "U0DMITRI", PATIENCE)
            await self._sees("You are the Scribe of INC-1", "@muster", "dmitri")

    async def _works(self) -> None:
        for line, seen in (
            ("/incident status identified", "to Identified"),
            ("/incident severity sev2", "to SEV-2"),
            (f"/incident update {UPDATE}", UPDATE),
        ):
            async with self._step(line):
                await self._commands(line)
                await self._sees(seen, self._channel)
        async with self._step("The announcement follows"):
            await self._people.wait_for(evidence.all_of("INC-1", "SEV-2", UPDATE), "incidents", timeout=PATIENCE)
        async with self._step("People talk in the channel"):
            root = await self._bo.says(SAID, channel=self._channel)
            await self._cleo.says(ANSWERED, channel=self._channel, thread=root)
        async with self._step("The alert ends by itself"):
            await self._monitoring.resolve(PAYMENTS)
            await self._sees("Resolved", "payments-alerts")
            await self._sees("Alert ended", self._channel)

    async def _ends(self) -> None:
        async with self._step(f"/incident resolve {RESOLUTION}"):
            await self._commands(f"/incident resolve {RESOLUTION}")
            await self._sees(RESOLUTION, self._channel)
        async with self._step("The postmortem draft is in the channel, with what was said") as scene:
            name, draft = await evidence.draft(self._people, self._channel, PATIENCE)
            for part in (SAID, ANSWERED, UPDATE, RESOLUTION, "ana declared INC-1", PAYMENTS.summary):
                need(evidence.holds(draft, part), f"“{part}” in {name}")
            scene.detail = f"{name}, {len(draft.splitlines())} lines"

    async def _looks_back(self) -> None:
        async with self._step("Nothing was said twice, nothing is missing") as scene:
            counts: Mapping[str, int] = await evidence.markers(self._people)
            twice = sorted(marker for marker, count in counts.items() if count != 1)
            need(not twice, f"exactly one message for each of {', '.join(twice)}")
            for marker in ("card:1", "announcement:1"):
                need(marker in counts, f"a message {marker}")
            scene.detail = f"{len(counts)} messages"
