"""A running sandbox, the real Slack client pointed at it, and people to play with."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import BOT_TOKEN
from tests.sandbox.conformance import complaints
from tests.sandbox.here import Here


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """Return a sandbox that nobody is connected to yet; in the end all of its answers are held against Slack's."""
    async with Sandbox(SystemClock(), SeededChance(1)) as running:
        yield running
    assert complaints(running.journal.since(0)) == []


@pytest.fixture
async def people(sandbox: Sandbox) -> AsyncIterator[People]:
    """Return the people of that sandbox."""
    async with People(sandbox.url) as connected:
        yield connected


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    """Return Slack's own client with the bot's token."""
    return AsyncWebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/", retry_handlers=[])


@pytest.fixture
async def here() -> AsyncIterator[Here]:
    """Return a sandbox in this process, on a clock that the test moves."""
    ready = Here()
    yield ready
    await ready.sandbox.stop()
    assert complaints(ready.sandbox.journal.since(0)) == []
