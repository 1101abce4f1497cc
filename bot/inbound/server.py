"""uvicorn, set up so that a slow or endless sender holds a connection for seconds, not for ever."""

import asyncio
import socket
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.inbound.gathering import Gathering

# uvicorn times out idle connections only: one that has sent half a head, or goes on sending after its answer, it keeps.
HEAD_WITHIN: Final = 10.0  # seconds
# httptools sets a head no limit; nginx takes 32 KiB of it, Node 16.
LARGEST_HEAD: Final = 64 * 1024
_KEEP_ALIVE: Final = 75  # seconds; above the 60 s that proxies commonly keep theirs, so that they close first
_CONNECTIONS: Final = 2_000
_LAST_REQUESTS_WITHIN: Final = 10  # seconds


class Patient(HttpToolsProtocol):
    """HTTP/1.1 with a limit of time between the first byte of a head and its last, and of the bytes between them.

    It also ends who sends on after the answer (a body that was refused unread): those bytes are dropped, and they
    are no head.
    """

    head_within: float = HEAD_WITHIN
    _deadline: asyncio.TimerHandle | None = None
    _head: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(Gathering(transport, self.loop))
        _send_at_once(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes in; the wait ends when they made a request, and begins when they are only a part of one."""
        super().data_received(data)
        if not self._is_between_requests():
            self._stop_waiting()
            return
        self._wait_for_head()
        if self._head is not None:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._give_up()

    def on_message_begin(self) -> None:
        """Begin to count: a head comes in."""
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """End counting: what comes now is a body."""
        self._head = None
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the wait."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _is_between_requests(self) -> bool:
        # Until the first request there is none, whatever uvicorn's types say.
        return self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]

    def _wait_for_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.head_within, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if self._is_between_requests() and not self.transport.is_closing():
            self.transport.abort()


def _send_at_once(transport: asyncio.Transport) -> None:
    """Switch Nagle's algorithm off.

    An answer may be more than one write: with it, the second waits up to 40 ms for the sender's delayed ACK
    (RFC 1122, 4.2.3.2). asyncio switches it off only where the listener's protocol was named, and
    `socket.create_server` leaves it 0.
    """
    connection: socket.socket = transport.get_extra_info("socket")
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def server(app: ASGIApp, *, host: str, port: int, protocol: type[asyncio.Protocol] = Patient) -> uvicorn.Server:
    """Return a server for the HTTP border; `await server.serve()` runs it until SIGINT, SIGTERM or `should_exit`.

    Logging stays as bot/log.py has set it up. Forwarded headers are not believed: nothing here depends on who calls.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=_LAST_REQUESTS_WITHIN,
        )
    )
