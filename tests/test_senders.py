"""Who is asked for a list of alerts, and under which address."""

import json

from aiohttp import web
from pydantic import SecretStr

from bot.domain.model import SourceName
from bot.inbound.alerts.grafana import SAMPLE
from bot.senders import sender_of
from bot.settings.models import Listing, ReconcileSettings
from tests.outbound.test_alertmanager_api import there


async def test_grafana_is_asked_for_its_own_alertmanagers_list() -> None:
    asked: list[tuple[str, str | None]] = []
    alert = {**json.loads(SAMPLE)["alerts"][0], "receivers": [{"name": "muster"}], "status": {"state": "active"}}

    async def handle(request: web.Request) -> web.Response:
        asked.append((request.path, request.headers.get("Authorization")))
        return web.json_response([alert])

    async with there(handle) as url:
        how = ReconcileSettings(urls=(url,))
        sender = sender_of(Listing(source=SourceName("grafana"), integration="us", how=how, token=SecretStr("glsa_1")))
        answer = await sender.peers[url]()
    assert asked == [("/api/alertmanager/grafana/api/v2/alerts", "Bearer glsa_1")]
    assert [one.report.title for one in answer.listed] == ["CheckoutErrorRate"]
    assert sender.label == "grafana/us"


async def test_each_peer_of_an_alertmanager_says_since_when_it_runs() -> None:
    async def handle(request: web.Request) -> web.Response:
        said = {"uptime": "2026-03-02T08:00:00Z"} if request.path.endswith("/status") else []
        return web.json_response(said)

    async with there(handle) as url:
        how = ReconcileSettings(urls=(url, f"{url}/two"))
        sender = sender_of(Listing(source=SourceName("alertmanager"), integration="default", how=how))
        since = {(await ask()).since for ask in sender.peers.values()}
    assert [f"{moment}" for moment in since] == ["2026-03-02 08:00:00+00:00"]
