"""A Slack that answers the second round of calls only when all of it has come: so nobody in it waited for another.

Counting overlaps by their times would depend on how busy the machine is; this does not. While somebody is asked for a
pause nobody is held: the others may have to wait for its end, and a call that is held for long is given up.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.clock import SystemClock
from bot.sandbox.gate import Act, Gate, Reply
from bot.sandbox.server import Sandbox
from bot.sandbox.state.ids import ChannelId

SECOND_ROUND: Final = frozenset({"conversations.invite", "conversations.setTopic", "bookmarks.add", "chat.postMessage"})
PATIENCE: Final = timedelta(seconds=15)
TOO_MANY: Final = 429
# So long after a pause was asked for others may still wait for its end.
SHORTLY: Final = 5.0
CLOCK: Final = SystemClock()


class Together(Gate):
    """The sandbox's gate, which holds the first calls into each channel that the bot made.

    `held` has for how long each was, in seconds; `alone` names the channels where some never came.
    """

    def __init__(self, sandbox: Sandbox, patience: timedelta = PATIENCE) -> None:
        super().__init__(clock=CLOCK, journal=sandbox.journal, faults=sandbox.faults, tasks=sandbox._tasks)
        self._workspace, self._patience = sandbox.workspace, patience
        self._came: dict[ChannelId, set[str]] = {}
        self._complete: dict[ChannelId, asyncio.Event] = {}
        self._free_until = 0.0
        self.held: dict[tuple[str, str], float] = {}
        self.alone: list[str] = []

    async def call(self, name: str, args: Mapping[str, object], act: Act, *, delay: timedelta | None = None) -> Reply:
        """Hold it, perhaps; then do it."""
        channel = ChannelId(str(args.get("channel") or args.get("channel_id") or ""))
        room = self._workspace.channels.get(channel)
        if name in SECOND_ROUND and room is not None and room.creator == self._workspace.bot:
            await self._hold(name, channel)
        reply = await super().call(name, args, act, delay=delay)
        if reply.status == TOO_MANY:
            self._free_until = CLOCK.monotonic() + SHORTLY
            for complete in self._complete.values():
                complete.set()
        return reply

    async def _hold(self, name: str, channel: ChannelId) -> None:
        complete = self._complete.setdefault(channel, asyncio.Event())
        came, began = self._came.setdefault(channel, set()), CLOCK.monotonic()
        came.add(name)
        if came == SECOND_ROUND or began < self._free_until:
            complete.set()
        try:
            await asyncio.wait_for(complete.wait(), self._patience.total_seconds())
        except TimeoutError:
            if not complete.is_set():
                self.alone.append(
                    f"{channel}: {', '.join(sorted(came))} came, {', '.join(sorted(SECOND_ROUND - came))} did not"
                )
                complete.set()
        self.held.setdefault((channel, name), CLOCK.monotonic() - began)
