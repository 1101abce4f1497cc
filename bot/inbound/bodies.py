"""Bodies of requests: read up to a cap, within a time, and never more of them at once than the memory allows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import ClientDisconnect, Request

from bot.errors import BadInput, Overloaded

MIB = 1024 * 1024


class TooLarge(BadInput):
    """The body is larger than we read (413)."""


class TooSlow(BadInput):
    """The body did not arrive in time (408).

    Neither this nor `TooLarge` is answered with "Connection: close": closing on bytes that nobody has read resets the
    connection, and the sender never sees the answer. The server hangs up soon after (`bot.inbound.server.Patient`).
    """


class Broken(BadInput):
    """The sender hung up, or its head says nothing that can be followed (400)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the border bears. Alertmanager sets itself no limit: 1,000 alerts are 372 kB, and a group may have more."""

    alert_body: int = 4 * MIB
    slack_body: int = 1 * MIB
    bodies_at_once: int = 64 * MIB
    read_within: timedelta = timedelta(seconds=10)
    check_within: timedelta = timedelta(milliseconds=800)


class Bodies:
    """Reads bodies. What is being held is counted, so that many large ones at once are refused, not piled up."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = 0

    @asynccontextmanager
    async def of(self, request: Request, cap: int) -> AsyncIterator[bytes]:
        """Yield the whole body; it counts as held until the block ends.

        Raises:
            TooLarge: it is, or says that it is, larger than `cap` bytes.
            TooSlow: it took longer than `read_within`.
            Broken: the sender hung up, or Content-Length is no number.
            Overloaded: too many bodies are held already.
        """
        body = bytearray()
        counted = 0
        try:
            if _declared(request) > cap:
                raise TooLarge(f"the body is larger than {cap} bytes")
            try:
                async with asyncio.timeout(self._limits.read_within.total_seconds()):
                    async for chunk in request.stream():
                        counted += len(chunk)
                        self._held += len(chunk)
                        if counted > cap:
                            raise TooLarge(f"the body is larger than {cap} bytes")
                        if self._held > self._limits.bodies_at_once:
                            raise Overloaded("too many bodies at once")
                        body += chunk
            except TimeoutError:
                raise TooSlow("the body did not arrive in time") from None
            except ClientDisconnect:
                raise Broken("the sender hung up") from None
            yield bytes(body)
        finally:
            self._held -= counted


def _declared(request: Request) -> int:
    """Return Content-Length, or 0 when it is not given (chunked)."""
    said = request.headers.get("content-length", "0")
    if not (said.isascii() and said.isdigit()) or len(said) > len(str(2**63)):
        raise Broken("Content-Length is not a number")
    return int(said)
