"""Pictures over the whole way: one that Slack can fetch is shown, what Slack refuses with its picture goes without."""

from pathlib import Path

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.sandbox.state.ids import Obj
from bot.sandbox.texts import words_of
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import ALERTS_TOKEN, House, house
from tests.e2e.plot import messages

pytestmark = pytest.mark.timeout(180)


async def draws(opened: House, name: str, picture: str) -> None:
    """Let Grafana tell of an alert that it has drawn."""
    member = {
        "status": "firing",
        "labels": {"alertname": name, "service": "checkout"},
        "annotations": {"summary": f"{name} is too high"},
        "startsAt": SystemClock().now().isoformat(),
        "endsAt": "0001-01-01T00:00:00Z",
        "fingerprint": name,
        "imageURL": picture,
    }
    body = {"receiver": "muster", "status": "firing", "orgId": 1, "alerts": [member]}
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {ALERTS_TOKEN}"}) as http,
        http.post(f"{opened.muster.url}/alerts/grafana", json=body) as answer,
    ):
        assert answer.status == 202
    await opened.people.wait_for(f"{name} is too high", "alerts")


async def told(opened: House, name: str) -> Obj:
    (message,) = [one for one in await messages(opened, "alerts") if name in words_of(one)]
    return message


async def test_a_picture_is_shown_where_slack_can_fetch_it_and_linked_where_it_cannot(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        await draws(opened, "Latency", "https://graphs.example/1.png")
        await draws(opened, "Errors", "https://graphs.invalid/2.png")
        await until_at_rest(opened)
        shown = await told(opened, "Latency")
        assert [block["image_url"] for block in shown["blocks"] if block["type"] == "image"] == [
            "https://graphs.example/1.png"
        ]
        bare = await told(opened, "Errors")
        assert not [block for block in bare["blocks"] if block["type"] == "image"]
        assert "graphs.invalid" in str(bare["blocks"])
        assert [one["hosts"] for one in opened.muster.log if one.get("event") == "picture_refused"] == [
            ["graphs.invalid"]
        ]
