"""The HTTP border behind a real server on the loopback interface."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from bot.inbound.server import Patient, server
from tests.peers.until import until


@asynccontextmanager
async def serving(app: ASGIApp, protocol: type[asyncio.Protocol] = Patient) -> AsyncIterator[int]:
    """Serve an application as production does, on a free port; yield the port."""
    running = server(app, host="127.0.0.1", port=0, protocol=protocol)
    task = asyncio.create_task(running.serve())
    try:
        await until(lambda: running.started or task.done(), what="the server's start")
        port: int = running.servers[0].sockets[0].getsockname()[1]
        yield port
    finally:
        running.should_exit = True
        running.force_exit = True
        await asyncio.wait_for(task, 10)
