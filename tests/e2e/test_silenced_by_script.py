"""Silences from outside Slack, over the whole way: by HTTP, from the file, through a kill, and heard at their end."""

from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.sandbox.texts import words_of
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import CONFIG, SUMMARY, House, Tenant, house
from tests.e2e.plot import messages

pytestmark = pytest.mark.timeout(180)

SCRIPT = {"Authorization": "Bearer a-token-for-scripts"}
ASKED = {"matchers": "service=checkout", "author": "deploy-bot", "reason": "Deploy 512", "lasts": "1h"}


async def told_of(opened: House) -> list[str]:
    return [words_of(one) for one in await messages(opened, "alerts") if SUMMARY in words_of(one)]


async def test_what_scripts_and_the_file_silence_is_quiet_through_a_kill_and_heard_when_it_ends(
    tmp_path: Path, database_url: str
) -> None:
    until = SystemClock().now() + timedelta(hours=2)
    in_file = f'{CONFIG}silences: [{{name: move, match: a=b, until: "{until:%Y-%m-%d %H:%M}", reason: It moves}}]\n'
    tenant = Tenant(config=in_file, environment={"MUSTER_API_TOKEN": "a-token-for-scripts"})
    async with house(tmp_path, database_url, tenant=tenant) as opened, aiohttp.ClientSession(headers=SCRIPT) as http:
        path = f"{opened.muster.url}/api/silences"
        async with http.post(path, json=ASKED, headers={"Idempotency-Key": "deploy-512"}) as answer:
            made = await answer.json()
        assert made["author"] == "deploy-bot"
        await opened.monitoring.fire()
        await until_at_rest(opened)
        assert await told_of(opened) == []

        await opened.muster.kill()
        await opened.muster.start()
        await opened.muster.until_ready()
        async with http.post(path, json=ASKED, headers={"Idempotency-Key": "deploy-512"}) as answer:
            assert (await answer.json())["id"] == made["id"]
        async with http.get(path) as answer:
            found = [(one["origin"], one["reason"]) for one in (await answer.json())["silences"]]
        assert found == [("api", "Deploy 512"), ("file", "It moves")]

        (tmp_path / "muster.yaml").write_text(CONFIG, encoding="utf-8")
        await opened.muster.stop()
        await opened.muster.start()
        await opened.muster.until_ready()
        async with http.get(path) as answer:
            assert [one["origin"] for one in (await answer.json())["silences"]] == ["api"]
        async with http.delete(f"{path}/{made['id']}", params={"author": "U0ANA"}) as answer:
            assert (await answer.json())["state"] == "over"
        await opened.people.wait_for(SUMMARY, "alerts")
        await until_at_rest(opened)
        assert len(await told_of(opened)) == 1
