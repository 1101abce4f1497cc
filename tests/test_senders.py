"""Who is asked for a list of alerts, and under which address; where e-mails are taken in."""

import json
import socket
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from bot.domain.ids import SourceName
from bot.domain.mirroring import Sharing
from bot.domain.policy import Policy
from bot.errors import ConfigError
from bot.inbound.alerts.grafana import SAMPLE
from bot.outbound.alertmanager_api import SILENCES
from bot.senders import mirroring, sender_of, silenced_at, take_mail
from bot.settings import Settings, load
from bot.settings.models import Listing, ReconcileSettings, SlackSettings, SmtpSettings
from tests.fakes.clock import FakeClock
from tests.inbound.border import Shelf
from tests.outbound.test_alertmanager_api import there
from tests.outbound.test_silences import OURS, job
from tests.settings.files import written
from tests.settings.test_sources import ENOUGH


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


async def test_silences_are_asked_for_and_made_where_they_are_shared() -> None:
    asked: list[tuple[str, str]] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append((request.method, request.path))
        return web.json_response([])

    async with there(handle) as url:
        how = ReconcileSettings(urls=(url,), silences=Sharing.BOTH)
        both = Listing(source=SourceName("alertmanager"), integration="default", how=how)
        read = replace(both, integration="eu", how=replace(how, silences=Sharing.READ))
        shared = silenced_at(both)
        assert (shared.label, shared.shares, await shared.peers[url]()) == ("alertmanager/default", True, ())
        assert not silenced_at(read).shares
        settings = Settings(policy=Policy(), slack=SlackSettings(bot_token=SecretStr("x")), listings=(both, read))
        mirror = mirroring(settings, FakeClock())
        await mirror(job(OURS))
        await mirror(job(OURS, "alertmanager/eu"))
    assert asked == [("GET", SILENCES), ("GET", SILENCES), ("POST", SILENCES)]


async def taking_mail(settings: Settings) -> None:
    shelf = Shelf()
    async with AsyncExitStack() as stack:
        await take_mail(stack, settings, "127.0.0.1", shelf.deposit, FakeClock(), CollectorRegistry())


async def test_mail_is_taken_only_where_that_is_set_up_and_somebody_may_send_it(tmp_path: Path) -> None:
    settings = load(written("smtp: {port: 0}", tmp_path), ENOUGH)
    await taking_mail(settings)
    await taking_mail(replace(settings, smtp=None))
    await taking_mail(replace(settings, senders={}))


async def test_a_port_that_is_taken_and_a_certificate_that_is_none_are_faults_of_the_configuration(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings = load(written(f"smtp: {{port: {port}}}", tmp_path), ENOUGH)
        with pytest.raises(ConfigError, match=f"Cannot take e-mails on 127.0.0.1 port {port}"):
            await taking_mail(settings)
    for content in (None, "no certificate"):
        file = tmp_path / "mail.pem"
        if content:
            file.write_text(content)
        smtp = SmtpSettings(port=0, certificate=str(file), key=str(file))
        with pytest.raises(ConfigError, match="Cannot take e-mails"):
            await taking_mail(replace(settings, smtp=smtp))
