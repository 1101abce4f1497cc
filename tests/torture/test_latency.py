"""A declaration is ready after two calls to Slack that wait for one another; whatever makes three of them is seen."""

import asyncio
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SeededChance, SystemClock
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import BOT_TOKEN
from tests.torture.latency import one_house
from tests.torture.together import Together

pytestmark = pytest.mark.timeout(120)


async def test_a_declaration_is_ready_after_two_calls_that_wait_for_one_another(tmp_path: Path) -> None:
    seen = await one_house(tmp_path, 1, count=3)
    assert len(seen.declared) == 3
    assert seen.alone == []


async def test_a_call_that_waits_for_another_of_its_round_is_seen() -> None:
    async with Sandbox(SystemClock(), SeededChance(1)) as sandbox, aiohttp.ClientSession() as session:
        gate = sandbox.api.gate = Together(sandbox, timedelta(milliseconds=50))

        async def call(method: str, **arguments: str) -> dict[str, dict[str, str]]:
            headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
            async with session.post(f"{sandbox.url}/api/{method}", data=arguments, headers=headers) as answer:
                found: dict[str, dict[str, str]] = await answer.json()
                return found

        room = (await call("conversations.create", name="inc-1"))["channel"]["id"]
        await asyncio.gather(
            call("chat.postMessage", channel=room, text="card"), call("bookmarks.add", channel_id=room)
        )
        await call("conversations.setTopic", channel=room, topic="late")
    assert gate.alone == [
        f"{room}: bookmarks.add, chat.postMessage came, conversations.invite, conversations.setTopic did not"
    ]
