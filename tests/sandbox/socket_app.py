"""A bare app on Socket Mode that acknowledges everything and keeps what it was sent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.sandbox.server import Sandbox

Body = dict[str, Any]
# Returns what an envelope is acknowledged with, or None for nothing.
Answer = Callable[[Body], Body | None]
PATIENCE = 5


class SocketApp:
    """What the app was sent, by kind of envelope."""

    def __init__(self, session: aiohttp.ClientSession, answer: Answer) -> None:
        self._session = session
        self._answer = answer
        self._seen: dict[str, asyncio.Queue[Body]] = {}

    def _queue(self, kind: str) -> asyncio.Queue[Body]:
        return self._seen.setdefault(kind, asyncio.Queue())

    async def next(self, kind: str) -> Body:
        """Return the next payload of that kind once it has come."""
        async with asyncio.timeout(PATIENCE):
            return await self._queue(kind).get()

    async def answer(self, response_url: str, document: Mapping[str, object]) -> None:
        """Answer at a response_url."""
        async with self._session.post(response_url, json=dict(document)) as response:
            assert response.ok, await response.text()

    async def listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Acknowledge every envelope and keep its payload."""
        async for message in socket:
            envelope = message.json()
            if "envelope_id" in envelope:
                payload = self._answer(envelope["payload"])
                more = {} if payload is None else {"payload": payload}
                await socket.send_json({"envelope_id": envelope["envelope_id"], **more})
                self._queue(envelope["type"]).put_nowait(envelope["payload"])


@asynccontextmanager
async def socket_app(
    sandbox: Sandbox, token: str, *, answer: Answer = lambda _payload: None
) -> AsyncIterator[SocketApp]:
    """Connect with that app token until the block ends."""
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {token}"}
        async with session.post(f"{sandbox.url}/api/apps.connections.open", headers=headers) as response:
            url = (await response.json())["url"]
        async with session.ws_connect(url) as socket:
            app = SocketApp(session, answer)
            listening = asyncio.create_task(app.listen(socket))
            await sandbox.sockets.wait_for(1)
            yield app
        await listening
