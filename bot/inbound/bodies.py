"""Bodies of requests: read up to a cap, within a time, and never more of them at once than the memory allows."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from starlette.types import Receive

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
        self.limits = limits
        self.held = 0

    def of(self, headers: Mapping[str, str], receive: Receive, cap: int) -> "Body":
        """Return the body of a request, of at most `cap` bytes, with its headers by their names in lower case."""
        return Body(self, headers.get("content-length", "0"), receive, cap)


class Body:
    """`async with` reads the whole body; it counts as held until the block ends.

    Raises:
        TooLarge: it is, or says that it is, larger than it may be.
        TooSlow: it took longer than `read_within`.
        Broken: the sender hung up, or Content-Length is no number.
        Overloaded: too many bodies are held already.
    """

    def __init__(self, bodies: Bodies, declared: str, receive: Receive, cap: int) -> None:
        self._bodies, self._declared, self._receive, self._cap = bodies, declared, receive, cap
        self._parts: list[bytes] = []
        self._counted = 0

    async def __aenter__(self) -> bytes:
        """Read it."""
        try:
            return await self._read()
        except BaseException:
            self._release()
            raise

    async def __aexit__(self, *_: object) -> None:
        """Let it go."""
        self._release()

    async def _read(self) -> bytes:
        if _size(self._declared) > self._cap:
            raise TooLarge(f"the body is larger than {self._cap} bytes")
        try:
            async with asyncio.timeout(self._bodies.limits.read_within.total_seconds()):
                while await self._takes_more():
                    pass
        except TimeoutError:
            raise TooSlow("the body did not arrive in time") from None
        return self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)

    async def _takes_more(self) -> bool:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise Broken("the sender hung up")
        part: bytes = message.get("body", b"")
        self._parts.append(part)
        self._counted += len(part)
        self._bodies.held += len(part)
        if self._counted > self._cap:
            raise TooLarge(f"the body is larger than {self._cap} bytes")
        if self._bodies.held > self._bodies.limits.bodies_at_once:
            raise Overloaded("too many bodies at once")
        return bool(message.get("more_body", False))

    def _release(self) -> None:
        self._bodies.held -= self._counted
        self._counted = 0


def _size(declared: str) -> int:
    """Return Content-Length; it is 0 when it is not given (chunked)."""
    if not (declared.isascii() and declared.isdigit()) or len(declared) > len(str(2**63)):
        raise Broken("Content-Length is not a number")
    return int(declared)
