"""A line to PostgreSQL that breaks: cut at once, or right after a COMMIT went through, so that nobody hears its answer.

A commit whose outcome is unknown is there for good in the database, and to the bot it looks like one that never was.
"""

import asyncio
from types import TracebackType
from typing import Final, Self

from tests.peers.alertmanager import free_port

# As asyncpg sends it, in a query of its own.
COMMIT: Final = b"COMMIT;\x00"


class BreakingLine:
    """Use as `async with BreakingLine(socket)`; it listens on `port`."""

    def __init__(self, socket: str) -> None:
        self.port = free_port()
        self.lost = 0
        self._socket = socket
        self.closed_after_a_loss = False
        self._to_lose = 0
        self._lines: set[asyncio.StreamWriter] = set()

    def lose_the_next_answer(self, times: int = 1) -> None:
        """Let the next COMMITs through, and cut the line before their answers."""
        self._to_lose = times

    def cut(self) -> None:
        """Reset every connection."""
        for line in self._lines:
            line.transport.abort()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.cut()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.lost and self.closed_after_a_loss:
            writer.transport.abort()
            return
        try:
            up, down = await asyncio.open_unix_connection(self._socket)
        except OSError:
            writer.transport.abort()
            return
        self._lines |= {writer, down}
        back = asyncio.create_task(self._pass_on(up, writer))
        try:
            while piece := await reader.read(65536):
                down.write(piece)
                await down.drain()
                if self._to_lose and COMMIT in piece:
                    await self._lose_answer(back, up)
                    break
        except OSError:
            pass
        finally:
            back.cancel()
            for line in (writer, down):
                line.transport.abort()
                self._lines.discard(line)

    async def _lose_answer(self, back: asyncio.Task[None], up: asyncio.StreamReader) -> None:
        """Hear that it was committed, and keep it from the bot."""
        self._to_lose -= 1
        back.cancel()
        await asyncio.wait([back])
        await up.read(65536)
        self.lost += 1
        if self.closed_after_a_loss:
            self.cut()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.transport.abort()
