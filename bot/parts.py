"""Parts of the running whole: each goes on for as long as Muster does, and should one die, that is said."""

import asyncio
import errno
import socket
from collections.abc import Coroutine
from contextlib import AsyncExitStack

import structlog
import uvicorn

from bot.engine.loop import Loop
from bot.errors import ConfigError, Overloaded

log = structlog.get_logger()


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is touched; port 0 takes any free one.

    Raises:
        ConfigError: it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "another program listens there; choose another port" if taken else error.strerror or str(error)
        raise ConfigError([f"Cannot listen on {host} port {port}: {why}"]) from error


async def serve(stack: AsyncExitStack, http: uvicorn.Server, listener: socket.socket, broken: asyncio.Event) -> None:
    """Start the HTTP server; whoever runs us decides when it ends."""
    serving = part(http.serve(sockets=[listener]), broken)
    stack.push_async_callback(_hang_up, http, serving)
    while not http.started:
        await asyncio.wait([serving], timeout=0.01)
        if serving.done():
            serving.result()
            raise Overloaded("The HTTP server did not start.")


async def _hang_up(http: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    http.should_exit = True
    await asyncio.wait([serving])


def work(stack: AsyncExitStack, loop: Loop, broken: asyncio.Event) -> None:
    """Let the engine work; in the end it finishes what is under way."""
    working = part(loop.run(), broken)

    async def finish() -> None:
        loop.stop()
        await asyncio.wait([working])

    stack.push_async_callback(finish)


def background(stack: AsyncExitStack, chore: Coroutine[object, object, None], broken: asyncio.Event) -> None:
    """Start a part that may be cut off when the whole ends."""
    working = part(chore, broken)

    async def end() -> None:
        working.cancel()
        await asyncio.wait([working])

    stack.push_async_callback(end)


def part(of: Coroutine[object, object, None], broken: asyncio.Event) -> asyncio.Task[None]:
    """Start a part of the whole; should it die, say so: half a Muster answers, and does nothing."""
    task = asyncio.create_task(of)

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            log.error("part_died", exc_info=error)
            broken.set()

    task.add_done_callback(ended)
    return task
