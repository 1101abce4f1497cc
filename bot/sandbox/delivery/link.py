"""One Socket Mode connection: what goes over it and comes back, and how it falls ill.

A deaf connection stays open, but nothing that is sent over it arrives and no ping is answered.
"""

import asyncio
import json
from enum import StrEnum
from typing import Final

from aiohttp import WSMsgType, web

from bot.clock import Clock
from bot.sandbox.delivery.outcome import DEADLINE, Failure, Outcome, within
from bot.sandbox.state.ids import Obj

_PING: Final = b"Ping from the sandbox"


class Goodbye(StrEnum):
    """Why the server ends a connection."""

    WARNING = "warning"
    REFRESH = "refresh_requested"
    DISABLED = "link_disabled"
    TOO_MANY = "too_many_websockets"


class Link:
    """One connection."""

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, *, app_id: str, clock: Clock
    ) -> None:
        self.deaf = False
        self._socket = socket
        self._transport = transport
        self._app_id = app_id
        self._clock = clock
        self._waiting: dict[str, asyncio.Future[Outcome]] = {}

    async def listen(self) -> None:
        """Take acknowledgements and answer pings until the connection ends."""
        async for message in self._socket:
            if self.deaf:
                continue
            if message.type is WSMsgType.TEXT:
                self._acknowledge(message.data)
            elif message.type is WSMsgType.PING:
                await self._socket.pong(message.data)

    def _acknowledge(self, text: str) -> None:
        try:
            document = json.loads(text)
        except ValueError:
            return
        found = self._waiting.get(str(document.get("envelope_id"))) if isinstance(document, dict) else None
        if found is None or found.done():
            return
        payload = document.get("payload")
        answer = payload if isinstance(payload, dict) else {}
        plain = payload if isinstance(payload, str) else ""
        found.set_result(Outcome(answer=answer, text=plain))

    def give_up(self) -> None:
        """End the wait for everything that was not acknowledged: it goes to another connection."""
        for future in self._waiting.values():
            if not future.done():
                future.set_result(Outcome(failure=Failure.UNREACHABLE))

    async def send(self, envelope: Obj) -> Outcome:
        """Send one envelope and wait three seconds for its acknowledgement."""
        envelope_id = str(envelope["envelope_id"])
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = future
        try:
            if not self.deaf:
                await self._socket.send_json(envelope)
            outcome = await within(self._clock, DEADLINE, future)
        except ConnectionError:
            return Outcome(failure=Failure.UNREACHABLE)
        finally:
            del self._waiting[envelope_id]
        return outcome or Outcome(failure=Failure.TIMEOUT)

    async def tell(self, frame: Obj) -> None:
        """Send a frame that nobody acknowledges."""
        if not self.deaf:
            await self._socket.send_json(frame)

    async def ping(self) -> None:
        """Send a ping, as Slack's servers do; some clients leave when none comes."""
        if not self.deaf:
            await self._socket.ping(_PING)

    async def say_goodbye(self, why: Goodbye) -> None:
        """Tell the app to go; a warning leaves the connection open, everything else closes it."""
        try:
            await self.tell(
                {
                    "type": "disconnect",
                    "reason": why.value,
                    "debug_info": {"host": "sandbox"},
                    "connection_info": {"app_id": self._app_id},
                }
            )
            if why is not Goodbye.WARNING:
                await self.close()
        except ConnectionError:
            return

    async def close(self) -> None:
        """Close the connection; a deaf one just ends."""
        if self.deaf:
            self.cut()
        else:
            await self._socket.close()

    def cut(self) -> None:
        """Break the connection off, as a network does: without a closing frame."""
        if self._transport is not None:
            self._transport.abort()
