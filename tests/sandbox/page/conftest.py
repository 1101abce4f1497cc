"""A stub of the control API, and a real Chromium that looks at it; an error in the page's console fails the test."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, ConsoleMessage, Error, Page, async_playwright, expect

from scripts.peers import PEERS
from tests.sandbox.page.stub import Stub

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
DESK = {"width": 1280, "height": 800}
PATIENCE = 25_000  # milliseconds that an expectation may take on a busy machine
Open = Callable[..., Awaitable[Page]]
expect.set_options(timeout=PATIENCE)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    """Return Debian's Chromium without a window."""
    async with async_playwright() as playwright:
        program = PEERS["chromium"][0]
        running = await playwright.chromium.launch(executable_path=f"/usr/bin/{program}", args=QUIET)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="package")
async def stub() -> Stub:
    """Return the stub of the server."""
    return Stub()


@pytest_asyncio.fixture(loop_scope="package")
async def address(stub: Stub) -> AsyncIterator[str]:
    """Return where the stub listens."""
    async with TestServer(stub.app()) as server:
        yield str(server.make_url("/"))


@pytest_asyncio.fixture(loop_scope="package")
async def look(browser: Browser) -> AsyncIterator[Open]:
    """Return `look(address, width=..., ...)`: a page that has drawn itself. Ends with a look at its console."""
    troubles: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            troubles.append(message.text)

    def crash(error: Error) -> None:
        troubles.append(str(error))

    async def open_page(address: str, width: int = 1280, height: int = 800) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height}, timezone_id="America/New_York", locale="en-GB"
        )
        context.set_default_timeout(PATIENCE)
        await context.add_init_script("localStorage.setItem('muster-sandbox-hint', 'seen')")
        page = await context.new_page()
        page.on("console", note)
        page.on("pageerror", crash)
        await page.goto(address)
        await page.wait_for_selector("body[data-version]")
        return page

    yield open_page
    for context in browser.contexts:
        await context.close()
    assert troubles == []


@pytest.fixture
def at(address: str, look: Open) -> Open:
    """Return `at("channel=general")`: the page at that place of the stub, as Ana unless it says otherwise."""

    async def there(place: str = "", **size: int) -> Page:
        return await look(f"{address}#{place}", **size)

    return there
