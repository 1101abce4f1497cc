"""The configured channels: names (with or without "#") and ids, resolved through the channels that we are in.

The whole workspace is never listed: that is slow, rationed, and would find channels in which we cannot speak.
"""

import asyncio
import re
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.domain.ids import ChannelId
from bot.errors import Undeliverable
from bot.outbound.slack.port import Slack

_ID: Final = re.compile(r"[CG][A-Z0-9]{4,}")
ASK_AGAIN_AFTER: Final = timedelta(minutes=1)


class Directory:
    """Remembers which channel has which name; asks again on a miss, at most once a minute."""

    def __init__(self, slack: Slack, clock: Clock) -> None:
        self._slack = slack
        self._clock = clock
        self._ids: dict[str, ChannelId] = {}
        self._asked_at: float | None = None
        self._asking = asyncio.Lock()

    async def find(self, wanted: str) -> ChannelId:
        """Return the id of a configured channel.

        Raises:
            Undeliverable: we are not in it.
        """
        if _ID.fullmatch(wanted):
            return ChannelId(wanted)
        name = wanted.strip().removeprefix("#").lower()
        if name not in self._ids:
            await self._ask_unless_just_asked()
        if name not in self._ids:
            raise Undeliverable(f"I am not in #{name}: type /invite @muster there")
        return self._ids[name]

    def forget(self, wanted: str) -> None:
        """Ask again for this name the next time: its channel is gone (another may have its name by now)."""
        self._ids.pop(wanted.strip().removeprefix("#").lower(), None)

    async def learn(self) -> None:
        """Ask which channels we are in."""
        rooms = await self._slack.my_channels()
        self._asked_at = self._clock.monotonic()
        self._ids = {room.name: room.id for room in rooms}

    async def _ask_unless_just_asked(self) -> None:
        async with self._asking:
            now = self._clock.monotonic()
            if self._asked_at is None or now - self._asked_at >= ASK_AGAIN_AFTER.total_seconds():
                await self.learn()
