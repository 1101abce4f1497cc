"""A storm's webhooks, made from a seed, and those who send them: what is not answered 2xx they send again.

As Alertmanager does it: on 5xx, and when the connection breaks; any other answer is final, and here it is a fault.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import aiohttp

from bench.bodies import Kind, alert, body
from bot.clock import Clock
from tests.e2e.house import ALERTS_TOKEN
from tests.torture.steady import Dice

ALERTS_IN_ONE: Final = range(10, 41)
DUPLICATES: Final = 0.05
MALFORMED: Final = 0.02
CRITICAL_EACH: Final = 25
CONNECTIONS: Final = 32
# Longer than any limit of the bot's own border: who hears nothing for so long was forgotten.
NO_ANSWER: Final = aiohttp.ClientTimeout(total=20)
AFTER_A_REFUSAL: Final = timedelta(milliseconds=200)
SPOILT: Final = (
    b"",
    b"{",
    b"[]",
    b'{"alerts": 7}',
    b"\x00\xff\xfe",
    b'{"alerts": [{"labels": {"alertname": "<!channel>"}}]}',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One delivery. `alerts` are the fingerprints of those in it that can be read; a malformed one has others too."""

    body: bytes
    alerts: tuple[str, ...]
    malformed: bool = False


def webhooks(seed: int, *, alerts: int, groups: int) -> list[Webhook]:
    """Return the deliveries of so many alerts, each in one of so many groups, in an order that the seed chooses.

    Some groups are critical, and read ahead of the others (bot/engine/ahead.py).

    Of the malformed ones half can be read but for one member, the others not at all; those come beside the alerts.
    """
    dice, made, first = Dice(seed), list[Webhook](), 1
    members = [range(1 + n * alerts // groups, 1 + (n + 1) * alerts // groups) for n in range(groups)]
    for group, numbers in enumerate(members):
        first = numbers.start
        while first < numbers.stop:
            last = min(numbers.stop, first + ALERTS_IN_ONE.start + dice.below(len(ALERTS_IN_ONE)))
            severity = "critical" if group % CRITICAL_EACH == 0 else "warning"
            broken = dice.fraction() < MALFORMED / 2
            made.append(_webhook(range(first, last), f"group-{group}", severity, broken=broken))
            first = last
    spoilt = [Webhook(body=dice.one_of(SPOILT) + b" " * n, alerts=(), malformed=True) for n in range(_share(made))]
    again = [dice.one_of(made) for _ in range(round(len(made) * DUPLICATES))]
    return dice.shuffled([*made, *spoilt, *again])


def _share(made: Sequence[Webhook]) -> int:
    return max(1, round(len(made) * MALFORMED / 2))


def _webhook(numbers: range, group: str, severity: str, *, broken: bool) -> Webhook:
    members = [alert(Kind.WEBHOOK, number, service=group, severity=severity) for number in numbers]
    spoilt: list[dict[str, object]] = [{"labels": {"alertname": "NoStart", "group": group}}] if broken else []
    return Webhook(
        body=body(Kind.WEBHOOK, members + spoilt, labels={"group": group}),
        alerts=tuple(str(member["fingerprint"]) for member in members),
        malformed=broken,
    )


@dataclass(slots=True, kw_only=True)
class Senders:
    """Who sends; `answered` are those that heard 2xx, in that order; `took` is what each answer took, seconds."""

    url: str
    clock: Clock
    answered: list[Webhook] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    async def send(self, wanted: Iterable[Webhook]) -> None:
        """Send them all over a number of connections, each the next one when the last was answered."""
        waiting = deque(wanted)
        headers = {"Authorization": f"Bearer {ALERTS_TOKEN}"}
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        async with aiohttp.ClientSession(headers=headers, timeout=NO_ANSWER, connector=connector) as session:

            async def connection() -> None:
                while waiting:
                    await self._one(session, waiting.popleft())

            async with asyncio.TaskGroup() as group:
                for _ in range(CONNECTIONS):
                    group.create_task(connection())

    async def _one(self, session: aiohttp.ClientSession, webhook: Webhook) -> None:
        while not await self._try(session, webhook):
            await self.clock.sleep(AFTER_A_REFUSAL)

    async def _try(self, session: aiohttp.ClientSession, webhook: Webhook) -> bool:
        """Tell whether this was the last try."""
        began = self.clock.monotonic()
        try:
            async with session.post(f"{self.url}/alerts/alertmanager", data=webhook.body) as answer:
                await answer.read()
        except TimeoutError:
            self.wrong.append(f"no answer within {NO_ANSWER.total} s")
            return True
        except aiohttp.ClientError:
            self.statuses["broken"] += 1
            return False
        self.took.append(self.clock.monotonic() - began)
        self.statuses[str(answer.status)] += 1
        if answer.ok:
            self.answered.append(webhook)
        elif answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
            self.wrong.append(f"answered {answer.status}")
        return answer.status != HTTPStatus.SERVICE_UNAVAILABLE
