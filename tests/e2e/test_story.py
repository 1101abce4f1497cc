"""The whole story with real peers: Alertmanager, `muster run` as a process, Slack over HTTP and over Socket Mode."""

import json
import signal
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SystemClock
from tests.e2e.evidence import check_everything, until_at_rest
from tests.e2e.house import ALERTS_TOKEN, SUMMARY, Delivery, House, house
from tests.e2e.plot import DECLARE, PLOT, messages
from tests.e2e.processes import muster_says
from tests.e2e.walk import take
from tests.peers.alertmanager import Alertmanager, alertmanager, needs_alertmanager, webhook
from tests.peers.until import until

pytestmark = [needs_alertmanager, pytest.mark.timeout(240)]

LATENCY, SLOW = timedelta(milliseconds=140), timedelta(milliseconds=600)
LABELS = {"alertname": "CheckoutFails", "service": "checkout", "severity": "critical"}

MAKE_IT_USABLE = {
    *("conversations.create", "conversations.invite", "conversations.setTopic", "bookmarks.add", "chat.postMessage"),
}


class Prometheus:
    """What Prometheus does to Alertmanager."""

    def __init__(self, peer: Alertmanager) -> None:
        self._peer = peer
        self._started = SystemClock().now() - timedelta(minutes=3)

    async def fire(self) -> None:
        await self._peer.fire(LABELS, starts_at=self._started, summary=SUMMARY)

    async def resolve(self) -> None:
        await self._peer.resolve(LABELS, starts_at=self._started, ends_at=SystemClock().now())


async def walk_through(opened: House, folder: Path) -> None:
    folder.mkdir()
    async with alertmanager(webhook(f"{opened.muster.url}/alerts/alertmanager", ALERTS_TOKEN), folder) as peer:
        opened.monitoring = Prometheus(peer)
        await meet_ana(opened)
        for step in PLOT:
            before = opened.sandbox.journal.calls()[-1].n
            # Slow enough that calls which go out together overlap also on a machine that is busy.
            opened.sandbox.api.delay = SLOW if step is DECLARE else LATENCY
            await take(opened, step)
            if step is DECLARE:
                check_round_trips(opened, before)
        await check_everything(opened)


async def meet_ana(opened: House) -> None:
    """Let her look around: who was never heard of before costs one look-up more when they act."""
    await opened.people.person("ana").command("/incident list")

    def is_met() -> bool:
        return any(entry.name == "users.info" for entry in opened.sandbox.journal.calls())

    await until(is_met, what="Ana being met")


def check_round_trips(opened: House, before: int) -> None:
    """See that the channel was usable after two calls that waited for one another."""
    wanted = {
        "conversations.create",
        "conversations.invite",
        "conversations.setTopic",
        "bookmarks.add",
        "chat.postMessage",
    }
    calls = [entry for entry in opened.sandbox.journal.calls() if entry.n > before and entry.name in wanted]
    assert {entry.name for entry in calls} == wanted
    assert max(entry.round for entry in calls) == 2


async def check_postmortem(opened: House, folder: Path, url: str) -> None:
    """See that the command prints what was put into the channel."""
    (shared,) = [one for one in await messages(opened, "incident") if one.get("files")]
    async with aiohttp.ClientSession() as session, session.get(shared["files"][0]["url_private"]) as answer:
        draft = await answer.text()
    code, printed, _ = await muster_says(
        "postmortem", "INC-1", "--config", str(folder / "muster.yaml"), MUSTER_DATABASE_URL=url
    )
    assert (code, printed) == (0, draft)


async def test_the_whole_story_over_http(tmp_path: Path, database_url: str) -> None:
    async with house(tmp_path, database_url, Delivery.HTTP, delay=LATENCY) as opened:
        await walk_through(opened, tmp_path / "alertmanager")
        await check_postmortem(opened, tmp_path, database_url)
        assert await opened.muster.stop(signal.SIGTERM) == 0
        assert "Muster listens on" in opened.muster.output
        assert "HTTP" in opened.muster.output


async def test_the_whole_story_over_socket_mode(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
    async with house(tmp_path, url, Delivery.SOCKET_MODE, delay=LATENCY) as opened:
        await walk_through(opened, tmp_path / "alertmanager")
        await until_at_rest(opened)
        assert await opened.muster.stop(signal.SIGINT) == 0
        assert "Socket Mode" in opened.muster.output
        assert json.dumps(opened.muster.log).find("xapp-") == -1
