"""Words to one person that cannot travel in the acknowledgement (a click's carries none).

Said beside it, as well as can be.
"""

import asyncio
from dataclasses import dataclass

import structlog

from bot.errors import DeliveryError
from bot.inbound.slack.port import Respond
from bot.views.blocks import Message

_log = structlog.get_logger("muster.slack")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What is said to one person, beside what they pressed or in its place."""

    message: Message
    replace: bool = False


class Asides:
    """Says things in the background; the acknowledgement never waits for it, and a failure changes nothing."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._under_way: set[asyncio.Task[None]] = set()

    def say(self, response_url: str, aside: Aside) -> None:
        """Begin to say it. A click in a form has no response_url: then there is no place to say it."""
        if not response_url:
            return
        task = asyncio.create_task(self._say(response_url, aside))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def drain(self) -> None:
        """Wait until everything has been said."""
        while self._under_way:
            await asyncio.gather(*self._under_way)

    async def _say(self, response_url: str, aside: Aside) -> None:
        try:
            await self._respond(response_url, aside.message, replace=aside.replace)
        except DeliveryError as error:
            _log.info("slack_aside_lost", error=type(error).__name__)
