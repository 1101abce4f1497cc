"""Delivery by Socket Mode: up to ten connections, each envelope to one of them, acknowledged by its envelope_id.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
from datetime import timedelta
from typing import Final

from aiohttp import web

from bot.clock import Chance, Clock
from bot.sandbox.delivery.link import Goodbye, Link
from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.delivery.payloads import Delivery, Envelope
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.tasks import Tasks

CONNECTIONS_LIMIT: Final = 10
# How long a connection lives, as hello announces it, and how long before its end Slack warns.
CONNECTION_LIFE: Final = timedelta(seconds=18_060)
WARNED_BEFORE: Final = timedelta(seconds=10)
PING_EVERY: Final = timedelta(seconds=10)
# How long the server waits for a client to answer its closing frame, in seconds.
_CLOSING: Final = 2.0

__all__ = ["Goodbye", "SocketChannel"]


class SocketChannel:
    """The open Socket Mode connections.

    `life` is how long new ones live. While `enabled` is off (Socket Mode switched off in the app's settings) they are
    turned away; while `mute` they are accepted and never hear a word.
    """

    # Slack gives up on request URLs, not on Socket Mode.
    may_be_disabled = False

    def __init__(self, workspace: Workspace, *, clock: Clock, chance: Chance) -> None:
        self.life = CONNECTION_LIFE
        self.enabled = True
        self.mute = False
        self._workspace = workspace
        self._clock = clock
        self._chance = chance
        self._links: list[Link] = []
        self._tasks = Tasks()
        self._arrived = asyncio.Condition()

    @property
    def count(self) -> int:
        """Return how many connections are open."""
        return len(self._links)

    async def wait_for(self, count: int) -> None:
        """Wait until so many connections are open."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self._links) >= count)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection: hello, then envelopes out and acknowledgements in. A ticket opens one connection."""
        ticket = request.match_info["ticket"]
        if ticket not in self._workspace.link_tickets:
            raise web.HTTPForbidden(text="invalid ticket")
        self._workspace.link_tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, timeout=_CLOSING)
        await socket.prepare(request)
        link = Link(socket, request.transport, app_id=self._workspace.app.id, clock=self._clock)
        link.deaf = self.mute
        if not self.enabled:
            await link.say_goodbye(Goodbye.DISABLED)
        elif len(self._links) >= CONNECTIONS_LIMIT:
            await link.say_goodbye(Goodbye.TOO_MANY)
        else:
            await self._serve(link)
        return socket

    async def _serve(self, link: Link) -> None:
        self._links.append(link)
        keeper = asyncio.ensure_future(self._keep(link, self.life))
        try:
            await link.tell(self._hello())
            async with self._arrived:
                self._arrived.notify_all()
            await link.listen()
        except ConnectionError:
            pass
        finally:
            keeper.cancel()
            self._links.remove(link)
            link.give_up()

    def _hello(self) -> Obj:
        return {
            "type": "hello",
            "num_connections": len(self._links),
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": int(self.life.total_seconds()),
            },
            "connection_info": {"app_id": self._workspace.app.id},
        }

    async def _keep(self, link: Link, life: timedelta) -> None:
        """Ping the client until the connection has lived long enough; then warn it, and end it."""
        end = self._clock.monotonic() + life.total_seconds()
        warning = end - WARNED_BEFORE.total_seconds()
        try:
            while (left := warning - self._clock.monotonic()) > 0:
                await self._clock.sleep(min(PING_EVERY, timedelta(seconds=left)))
                await link.ping()
        except ConnectionError:
            return
        await self._warn(link)

    async def _warn(self, link: Link) -> None:
        await link.say_goodbye(Goodbye.WARNING)
        await self._clock.sleep(WARNED_BEFORE)
        await link.say_goodbye(Goodbye.REFRESH)

    async def send(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        """Send one envelope over one of the connections, any, and wait for its acknowledgement."""
        if not self._links:
            return Outcome(failure=Failure.UNREACHABLE)
        link = self._links[int(self._chance.fraction() * len(self._links))]
        envelope: Obj = {
            "envelope_id": self._chance.token(32),
            "type": delivery.kind.value,
            "accepts_response_payload": delivery.kind is not Envelope.EVENT,
            "payload": delivery.payload,
        }
        if delivery.kind is Envelope.EVENT:
            # Over Socket Mode the reason is called by its short name.
            short = "timeout" if reason else ""
            envelope |= {"retry_attempt": attempt, "retry_reason": short}
        return await link.send(envelope)

    async def disconnect(self, why: Goodbye, *, count: int | None = None) -> None:
        """Tell the oldest connections (all, without `count`) to go; those that are warned are closed ten seconds later.

        With link_disabled Socket Mode is switched off until `enabled` is set again.
        """
        if why is Goodbye.DISABLED:
            self.enabled = False
        for link in self._links[:count]:
            if why is Goodbye.WARNING:
                self._tasks.start(self._warn(link))
            else:
                await link.say_goodbye(why)

    def deafen(self, *, count: int | None = None) -> None:
        """Make the oldest connections (all, without `count`) deaf: open, but nothing gets through any more."""
        for link in self._links[:count]:
            link.deaf = True

    def cut(self, *, count: int | None = None) -> None:
        """Break the oldest connections (all, without `count`) off."""
        for link in self._links[:count]:
            link.cut()

    async def stop(self) -> None:
        """Close all connections."""
        await self._tasks.stop()
        await asyncio.gather(*(link.close() for link in list(self._links)))
