"""Sends what is written in one turn of the loop as one: an answer's head and body need one call of the kernel, not two.

That call is what costs most of a small answer: it wakes whoever waits for it, and a second one does so again.
"""

import asyncio
from collections.abc import Iterable
from typing import Any


class Gathering(asyncio.Transport):
    """A connection that waits with what is written until the turn ends."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Stand before a connection."""
        super().__init__()
        self._transport, self._loop = transport, loop
        self._parts: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send this when the turn ends."""
        if not self._parts:
            self._loop.call_soon(self._send)
        self._parts.append(bytes(data))

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Send these when the turn ends."""
        self.write(b"".join(list_of_data))

    def close(self) -> None:
        """Hang up when all is sent."""
        self._send()
        self._transport.close()

    def abort(self) -> None:
        """Hang up at once; what is not sent never is."""
        self._parts.clear()
        self._transport.abort()

    def _send(self) -> None:
        if self._parts:
            parts, self._parts = self._parts, []
            self._transport.write(b"".join(parts))

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - asyncio's signature
        """Return what is known of the connection."""
        return self._transport.get_extra_info(name, default)

    def is_closing(self) -> bool:
        """Tell whether it is being hung up on."""
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        """Take nothing in for now."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Take in again what comes."""
        self._transport.resume_reading()
