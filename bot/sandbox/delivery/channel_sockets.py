"""Delivery by Socket Mode: up to ten connections, each envelope to one of them, acknowledged by its envelope_id.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
from enum import StrEnum
from typing import Final

from aiohttp import WSMsgType, web

from bot.clock import Chance, Clock
from bot.sandbox.delivery.outcome import DEADLINE, Failure, Outcome, within
from bot.sandbox.delivery.payloads import Delivery, Envelope
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.workspace import Workspace

CONNECTIONS_LIMIT: Final = 10
# How long Slack says that a connection will live, in seconds.
CONNECTION_LIFE: Final = 18_060


class Goodbye(StrEnum):
    """Why the server ends a connection."""

    WARNING = "warning"
    REFRESH = "refresh_requested"
    DISABLED = "link_disabled"
    TOO_MANY = "too_many_websockets"


class SocketChannel:
    """The open Socket Mode connections."""

    def __init__(self, workspace: Workspace, *, clock: Clock, chance: Chance) -> None:
        self._workspace = workspace
        self._clock = clock
        self._chance = chance
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Outcome]]] = {}
        self._arrived = asyncio.Condition()

    @property
    def count(self) -> int:
        """Return how many connections are open."""
        return len(self._sockets)

    async def wait_for(self, count: int) -> None:
        """Wait until so many connections are open."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self._sockets) >= count)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection: hello, then envelopes out and acknowledgements in. A ticket opens one connection."""
        ticket = request.match_info["ticket"]
        if ticket not in self._workspace.link_tickets:
            raise web.HTTPForbidden(text="invalid ticket")
        self._workspace.link_tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._sockets) >= CONNECTIONS_LIMIT:
            await self._say_goodbye(socket, Goodbye.TOO_MANY)
            return socket
        self._sockets.append(socket)
        try:
            await socket.send_json(self._hello())
            async with self._arrived:
                self._arrived.notify_all()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        except ConnectionError:
            pass
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._give_up(socket)
        return socket

    def _hello(self) -> Obj:
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": CONNECTION_LIFE,
            },
            "connection_info": {"app_id": self._workspace.app.id},
        }

    def _acknowledge(self, text: str) -> None:
        try:
            document = json.loads(text)
        except ValueError:
            return
        found = self._waiting.get(str(document.get("envelope_id"))) if isinstance(document, dict) else None
        if found is None or found[1].done():
            return
        payload = document.get("payload")
        answer = payload if isinstance(payload, dict) else {}
        plain = payload if isinstance(payload, str) else ""
        found[1].set_result(Outcome(answer=answer, text=plain))

    def _give_up(self, socket: web.WebSocketResponse) -> None:
        """End the wait for everything that this connection had not acknowledged: it goes to another one."""
        for owner, future in self._waiting.values():
            if owner is socket and not future.done():
                future.set_result(Outcome(failure=Failure.UNREACHABLE))

    async def send(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        """Send one envelope over one of the connections and wait for its acknowledgement."""
        if not self._sockets:
            return Outcome(failure=Failure.UNREACHABLE)
        socket = self._sockets[int(self._chance.fraction() * len(self._sockets))]
        envelope_id = self._chance.token(32)
        envelope: Obj = {
            "envelope_id": envelope_id,
            "type": delivery.kind.value,
            "accepts_response_payload": delivery.kind is not Envelope.EVENT,
            "payload": delivery.payload,
        }
        if delivery.kind is Envelope.EVENT:
            # Over Socket Mode the reason is called by its short name.
            short = "timeout" if reason else ""
            envelope |= {"retry_attempt": attempt, "retry_reason": short}
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = (socket, future)
        try:
            await socket.send_json(envelope)
            outcome = await within(self._clock, DEADLINE, future)
        except ConnectionError:
            outcome = Outcome(failure=Failure.UNREACHABLE)
        finally:
            del self._waiting[envelope_id]
        return outcome or Outcome(failure=Failure.TIMEOUT)

    async def disconnect(self, why: Goodbye) -> None:
        """Tell every connection to go; a warning leaves it open, everything else closes it."""
        for socket in list(self._sockets):
            await self._say_goodbye(socket, why)

    async def _say_goodbye(self, socket: web.WebSocketResponse, why: Goodbye) -> None:
        farewell: Obj = {
            "type": "disconnect",
            "reason": why.value,
            "debug_info": {"host": "sandbox"},
            "connection_info": {"app_id": self._workspace.app.id},
        }
        try:
            await socket.send_json(farewell)
            if why is not Goodbye.WARNING:
                await socket.close()
        except ConnectionError:
            return

    async def stop(self) -> None:
        """Close all connections."""
        for socket in list(self._sockets):
            await socket.close()
