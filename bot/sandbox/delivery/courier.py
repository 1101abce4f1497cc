"""Brings deliveries to the app and repeats events that were not acknowledged.

Commands and interactions are never repeated, as in Slack.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final, Protocol

from bot.clock import Clock
from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.delivery.payloads import Delivery, event_delivery
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Direction, Journal
from bot.sandbox.state.workspace import Event, Workspace
from bot.sandbox.tasks import Tasks

# An event that is not acknowledged is sent again: at once, after a minute, after five (https://docs.slack.dev/apis/events-api/#retries).
RETRIES: Final = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


class Channel(Protocol):
    """A way to the app: HTTP or Socket Mode."""

    async def send(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        """Deliver once and say how it went."""


class Courier:
    """Delivers through one channel, notes everything in the journal."""

    def __init__(
        self, workspace: Workspace, *, channel: Channel, clock: Clock, journal: Journal, faults: Faults, tasks: Tasks
    ) -> None:
        self._workspace = workspace
        self._channel = channel
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._tasks = tasks
        # Event types that the app subscribed to; None means all.
        self.subscriptions: Collection[str] | None = None
        workspace.on_event.append(self.event)

    def event(self, event: Event) -> None:
        """Send an event on its way; this returns at once."""
        if self.subscriptions is not None and event.body["type"] not in self.subscriptions:
            return
        if self._faults.strike_event(event.name):
            entry = self._journal.begin(Direction.DELIVERY, event.name, event.body)
            self._journal.end(entry, status=None, result={"outcome": "dropped"})
            return
        self._tasks.start(self._bring(event_delivery(self._workspace, event)))

    async def _bring(self, delivery: Delivery) -> None:
        outcome = await self._attempt(delivery)
        for attempt, pause in enumerate(RETRIES, start=1):
            if outcome.failure is None or outcome.no_retry:
                return
            await self._clock.sleep(pause)
            outcome = await self._attempt(delivery, attempt=attempt, reason=outcome.failure)

    async def deliver(self, delivery: Delivery) -> Outcome:
        """Deliver a command or interaction, once, and wait for the app's answer."""
        self._journal.start_counting_rounds()
        return await self._attempt(delivery)

    async def _attempt(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        entry = self._journal.begin(Direction.DELIVERY, delivery.name, delivery.payload, attempt=attempt)
        outcome = await self._channel.send(delivery, attempt=attempt, reason=reason)
        self._journal.end(entry, status=outcome.status, result=outcome.shape())
        return outcome
