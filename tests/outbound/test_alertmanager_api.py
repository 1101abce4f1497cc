"""Asking an Alertmanager for its list: with the proof that it wants, and never further than its own address."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web

from bot.errors import TryLater
from bot.outbound import alertmanager_api
from bot.outbound.alertmanager_api import AlertmanagerApi, Pass

NOBODY = Pass()


@asynccontextmanager
async def there(handle: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """Serve anything until the block ends; yield its address."""
    application = web.Application()
    application.router.add_route("*", "/{any:.*}", handle)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize(
    ("shown", "headers"),
    [
        (Pass(), {"Authorization": None}),
        (Pass(token="t-1"), {"Authorization": "Bearer t-1"}),
        (Pass(token="t-1", user="muster"), {"Authorization": "Basic bXVzdGVyOnQtMQ=="}),
    ],
)
async def test_it_shows_what_it_was_given(shown: Pass, headers: Mapping[str, str | None]) -> None:
    asked: list[tuple[str, str, str | None]] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append((request.method, request.path_qs, request.headers.get("Authorization")))
        return web.Response(body=b"[]")

    async with there(handle) as url:
        api = AlertmanagerApi(f"{url}/monitoring/", shown)
        assert (await api.alerts(), await api.status()) == (b"[]", b"[]")
    right = headers["Authorization"]
    assert asked == [("GET", "/monitoring/api/v2/alerts", right), ("GET", "/monitoring/api/v2/status", right)]
    assert "t-1" not in repr(shown)


@pytest.mark.parametrize("status", [301, 401, 404, 500, 503])
async def test_an_answer_that_is_no_list_is_none(status: int) -> None:
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async with there(handle) as url:
        with pytest.raises(TryLater, match=f"HTTP {status}"):
            await AlertmanagerApi(url, NOBODY).alerts()
    assert asked == ["/api/v2/alerts"], "no redirect is followed"


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        piece = b" " * (1024 * 1024)
        for _ in range(alertmanager_api.LARGEST // len(piece) + 8):
            try:
                await response.write(piece)
            except ConnectionError:
                break
        return response

    async with there(handle) as url:
        with pytest.raises(TryLater, match="larger than"):
            await AlertmanagerApi(url, NOBODY).alerts()


async def test_who_is_not_there_or_silent_is_given_up() -> None:
    left = asyncio.Event()

    async def handle(_request: web.Request) -> web.Response:
        await left.wait()
        return web.Response()

    with pytest.raises(TryLater, match="Connector"):
        await AlertmanagerApi("http://127.0.0.1:1", NOBODY).alerts()
    async with there(handle) as url:
        with pytest.raises(TryLater, match="Timeout"):
            await AlertmanagerApi(url, NOBODY, patience=timedelta(milliseconds=50)).alerts()
        left.set()
