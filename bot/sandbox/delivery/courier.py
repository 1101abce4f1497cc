"""Brings deliveries to the app and repeats events that were not acknowledged.

Commands and interactions are never repeated, as in Slack.
"""

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

from bot.clock import Clock
from bot.sandbox.delivery.outcome import DEADLINE, Failure, Outcome
from bot.sandbox.delivery.payloads import Delivery, event_delivery, rate_limited_delivery
from bot.sandbox.delivery.quota import Health, Quota
from bot.sandbox.delivery.subscriptions import hears
from bot.sandbox.faults import Faults, When
from bot.sandbox.journal import Direction, Journal
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.workspace import Event, Workspace
from bot.sandbox.tasks import Tasks

# An event that is not acknowledged is sent again: at once, after a minute, after five (https://docs.slack.dev/apis/events-api/#retries).
RETRIES: Final = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
# With "Delayed Events" switched on in the app's settings it is sent every hour after that, for a day.
DELAYED_RETRIES: Final = (timedelta(hours=1),) * 24


class Channel(Protocol):
    """A way to the app: HTTP, Socket Mode, or an app in the same process."""

    @property
    def may_be_disabled(self) -> bool:
        """Say whether Slack gives up on it when too many deliveries fail; it does so with request URLs."""

    async def send(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        """Deliver once and say how it went."""


class Courier:
    """Delivers through one `channel`, notes everything in the journal."""

    def __init__(
        self, workspace: Workspace, *, channel: Channel, clock: Clock, journal: Journal, faults: Faults, tasks: Tasks
    ) -> None:
        self.channel = channel
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._tasks = tasks
        # What the app subscribed to ("message.channels", "app_mention", ...); None means all.
        self.subscriptions: Collection[str] | None = None
        # The app's setting "Delayed Events".
        self.delayed_events = False
        self.quota = Quota(clock)
        self.health = Health(clock)
        self._workspace = workspace
        workspace.on_event.append(partial(self.event, workspace))

    def event(self, workspace: Workspace, event: Event) -> None:
        """Send a workspace's event on its way; this returns at once."""
        if not hears(workspace, event, self.subscriptions):
            return
        fault = self._faults.strike_event(event.name)
        if fault is not None and fault.when is When.DROPPED:
            self._skip(event, "dropped")
        elif self.health.disabled:
            self._skip(event, "disabled")
        elif not self.quota.take():
            self._skip(event, "rate_limited")
            if (minute := self.quota.minute_to_tell()) is not None:
                self._tasks.start(self._bring(rate_limited_delivery(workspace, minute)))
        else:
            self.health.event()
            delivery = event_delivery(workspace, event)
            late = fault.delay if fault is not None and fault.when is When.REORDERED else None
            self._tasks.start(self._bring(delivery, after=late))
            if fault is not None and fault.when is When.REPEATED:
                self._tasks.start(self._bring(delivery))

    def _skip(self, event: Event, why: str) -> None:
        entry = self._journal.begin(Direction.DELIVERY, event.name, event.body)
        self._journal.end(entry, status=None, result={"outcome": why})

    async def _bring(self, delivery: Delivery, *, after: timedelta | None = None) -> None:
        if after is not None:
            await self._clock.sleep(after)
        outcome = await self._attempt_event(delivery)
        pauses = (*RETRIES, *DELAYED_RETRIES) if self.delayed_events else RETRIES
        for attempt, pause in enumerate(pauses, start=1):
            if outcome.failure is None or outcome.no_retry:
                return
            await self._clock.sleep(pause)
            if self.health.disabled:
                return
            outcome = await self._attempt_event(delivery, attempt=attempt, reason=outcome.failure)

    async def _attempt_event(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        outcome = await self._attempt(delivery, attempt=attempt, reason=reason)
        if self.channel.may_be_disabled:
            self.health.attempt(failed=outcome.failure is not None)
        return outcome

    async def deliver(self, delivery: Delivery, *, waited_for: bool = True) -> Outcome:
        """Deliver a command or interaction, once; somebody waits for what the app does (see Journal), or does not."""
        if waited_for:
            self._journal.start_counting_rounds()
        return await self._attempt(delivery)

    async def _attempt(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        entry = self._journal.begin(Direction.DELIVERY, delivery.name, delivery.payload, attempt=attempt)
        fault = self._faults.strike_attempt(delivery.name)
        struck: Obj = {"fault": fault.when.value} if fault else {}
        if fault is not None and fault.when is When.UNDELIVERED:
            outcome = Outcome(failure=Failure.UNREACHABLE)
        else:
            outcome = await self.channel.send(delivery, attempt=attempt, reason=reason)
        if fault is not None and fault.when is When.ACK_LOST:
            struck["seen"] = outcome.shape()
            await self._clock.sleep(DEADLINE)
            outcome = Outcome(failure=Failure.TIMEOUT)
        self._journal.end(entry, status=outcome.status, result=outcome.shape() | struck)
        return outcome
