"""The real bot shares what people do with PagerDuty and with a real Alertmanager, and nothing of it comes back."""

import hashlib
import hmac
import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.domain.page_events import PagerTold
from tests.e2e.house import ALERTS_TOKEN, CONFIG, House, Tenant, house
from tests.e2e.plot import messages, shows
from tests.fakes.pagerduty import AlertState
from tests.fakes.pagerduty_webhooks import webhook
from tests.peers.alertmanager import needs_alertmanager
from tests.peers.cluster import Peer, cluster, configuration
from tests.peers.until import until

pytestmark = pytest.mark.timeout(180)

SHARED = "sources: {{alertmanager: {{reconcile: {{urls: {urls}, every: 1s, gone_after: 3s, silences: both}}}}}}"


async def told_by_pagerduty(opened: House, body: bytes) -> int:
    """Post as PagerDuty does, signed; return the HTTP status."""
    proof = hmac.new(ALERTS_TOKEN.encode(), body, hashlib.sha256).hexdigest()
    async with (
        aiohttp.ClientSession(headers={"X-PagerDuty-Signature": f"v1={proof}"}) as session,
        session.post(f"{opened.muster.url}/alerts/pagerduty", data=body) as answer,
    ):
        return answer.status


async def types(opened: House, line: str) -> None:
    answer = await opened.people.person("ana").command(line, channel="alerts")
    assert not answer.get("error"), answer


async def test_who_answers_in_pagerduty_is_heard_in_slack(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        await types(opened, "/incident declare sev1 Checkout is down")
        await until(lambda: opened.pagerduty.alerts, what="the page")
        ((key, alert),) = opened.pagerduty.alerts.items()
        now = SystemClock().now()
        for word, who in (("triggered", ""), ("acknowledged", "Cleo Park"), ("acknowledged", "Cleo Park")):
            assert await told_by_pagerduty(opened, webhook(key, word, now, agent=who)) == HTTPStatus.ACCEPTED
        said = shows("incident", "Cleo Park acknowledged the page in PagerDuty")
        await until(lambda: said(opened), what="the channel being told")
        assert [one.name for one in await opened.events() if isinstance(one, PagerTold)] == ["Cleo Park"]
        assert await messages(opened, "alerts") == []
        assert alert.state is AlertState.TRIGGERED, "the fake was not told what PagerDuty knows already"


async def active(peer: Peer) -> list[dict[str, Any]]:
    found = (await peer.client.get(f"{peer.url}/api/v2/silences")).raise_for_status().json()
    return [one for one in found if one["status"]["state"] == "active"]


@needs_alertmanager
async def test_what_is_silenced_in_slack_is_silenced_in_alertmanager_and_the_other_way_round(tmp_path: Path) -> None:
    async with cluster(1, configuration("http://127.0.0.1:9/nobody", "none"), tmp_path) as monitoring:
        config = CONFIG + SHARED.format(urls=json.dumps(monitoring.urls))
        url = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
        async with house(tmp_path, url, tenant=Tenant(config=config)) as opened:
            (peer,) = monitoring.peers
            await types(opened, "/incident silence alertname=Latency, site!=south for 1h Index is being rebuilt")
            await until(lambda: active(peer), what="the silence in Alertmanager")
            (made,) = await active(peer)
            assert made["comment"].startswith("Index is being rebuilt [Muster S-1/")

            await peer.silence(alertname="Disk")

            async def is_known() -> bool:
                return "ana in Alertmanager" in {one.by for one in await opened.desk.silences()}

            await until(is_known, what="theirs counting here")
            await types(opened, "/incident unsilence S-1")
            await types(opened, "/incident unsilence S-2")

            async def is_over() -> bool:
                return not await active(peer)

            await until(is_over, what="both ending there")
            assert await opened.desk.silences() == ()
