"""What stands in front of replicas: hands each request to the next of them, and to another when one cannot be reached.

As a plain load balancer does: one that is frozen takes its share, and does not answer it.
"""

import itertools
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

import aiohttp
from aiohttp import web

GIVES_UP_AFTER: Final = 10.0
# Headers of one connection only; the rest (signatures, retries) goes through as it came.
HOP: Final = frozenset({"host", "connection", "content-length", "transfer-encoding"})


class Front:
    """Use as `async with Front(ports)`; `url` is its address."""

    def __init__(self, ports: Sequence[int], port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._turn = itertools.cycle(ports)
        self._behind = len(ports)
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._hand_on)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=GIVES_UP_AFTER))
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _hand_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP}
        for _ in range(self._behind):
            url = f"http://127.0.0.1:{next(self._turn)}{request.path_qs}"
            try:
                async with self._session.request(request.method, url, data=body, headers=headers) as answer:
                    content = await answer.read()
                    kept = {name: value for name, value in answer.headers.items() if name.lower() not in HOP}
                    kept.pop("Content-Encoding", None)
                    return web.Response(status=answer.status, body=content, headers=kept)
            except aiohttp.ClientConnectorError:
                continue  # nothing was sent
            except (TimeoutError, aiohttp.ClientError):
                return web.Response(status=504, text="no answer")
        return web.Response(status=502, text="nobody is there")
