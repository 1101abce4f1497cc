"""A real Alertmanager and the real border: what is fired there arrives here, and what we refuse comes again."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import Overloaded
from bot.inbound.alerts import alertmanager as source
from tests.inbound.border import TOKEN, Border
from tests.peers.alertmanager import alertmanager, needs_alertmanager, now, webhook
from tests.peers.serving import serving
from tests.peers.until import until

pytestmark = [needs_alertmanager, pytest.mark.timeout(180)]

LABELS = {"alertname": "<!channel> Disk & Co 日本", "severity": "page", "instance": "db1:9100"}


def reports(border: Border) -> Sequence[ReportedAlert]:
    return [alert for kept in border.shelf.kept for alert in source.parse(kept.body)]


def in_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1_000 * 1_000)


async def test_what_is_fired_and_resolved_there_arrives_here(tmp_path: Path) -> None:
    border = Border(clock=SystemClock())
    started = now() - timedelta(minutes=1)
    async with (
        serving(border.app()) as port,
        alertmanager(webhook(f"http://127.0.0.1:{port}/alerts/alertmanager", TOKEN), tmp_path) as peer,
    ):
        await peer.fire(LABELS, starts_at=started, summary="4% left", runbook_url="https://runbooks.example.com/disk")
        await until(lambda: len(reports(border)) == 1, what="the firing")
        ended = now()
        await peer.resolve(LABELS, starts_at=started, ends_at=ended)
        await until(lambda: len(reports(border)) == 2, what="the resolution")

    fired, resolved = reports(border)
    assert fired.title == LABELS["alertname"]
    assert fired.labels == LABELS
    assert fired.severity is AlertSeverity.CRITICAL
    assert (fired.summary, fired.runbook_url) == ("4% left", "https://runbooks.example.com/disk")
    assert (fired.status, fired.ends_at) == (AlertStatus.FIRING, None)
    assert (resolved.status, resolved.ends_at) == (AlertStatus.RESOLVED, in_milliseconds(ended))
    assert fired.fingerprint == resolved.fingerprint
    assert fired.starts_at == resolved.starts_at == in_milliseconds(started)
    assert border.counted("alertmanager", "accepted") == 2


async def test_a_group_with_a_firing_and_a_resolved_member_arrives_as_both(tmp_path: Path) -> None:
    border = Border(clock=SystemClock())
    started = now() - timedelta(minutes=1)
    one, two = ({"alertname": "Pods", "pod": pod} for pod in ("web-1", "web-2"))
    async with (
        serving(border.app()) as port,
        alertmanager(webhook(f"http://127.0.0.1:{port}/alerts/alertmanager", TOKEN), tmp_path) as peer,
    ):
        await peer.fire(one, starts_at=started)
        await peer.fire(two, starts_at=started)
        await until(
            lambda: {alert.labels["pod"] for alert in reports(border)} == {"web-1", "web-2"}, what="both firing"
        )
        await peer.resolve(two, starts_at=started, ends_at=now())
        await until(lambda: reports(border)[-1].status is AlertStatus.RESOLVED, what="one resolved")

    last = source.parse(border.shelf.kept[-1].body)
    assert {(alert.labels["pod"], alert.status) for alert in last} == {
        ("web-1", AlertStatus.FIRING),
        ("web-2", AlertStatus.RESOLVED),
    }
    assert json.loads(border.shelf.kept[-1].body)["version"] == "4"


async def test_with_a_wrong_token_nothing_is_stored(tmp_path: Path) -> None:
    border = Border(clock=SystemClock())
    async with (
        serving(border.app()) as port,
        alertmanager(webhook(f"http://127.0.0.1:{port}/alerts/alertmanager", "wrong"), tmp_path) as peer,
    ):
        await peer.fire(LABELS, starts_at=now())

        async def is_noticed() -> bool:
            return await peer.metric("alertmanager_notifications_failed_total") > 0

        await until(is_noticed, what="Alertmanager's own alarm about its failed notifications")
    assert border.shelf.kept == []
    assert border.counted("alertmanager", "unauthorised") >= 1


async def test_what_we_cannot_keep_now_it_sends_again_until_we_can(tmp_path: Path) -> None:
    border = Border(clock=SystemClock())
    border.shelf.troubles = [Overloaded("the database is busy")] * 3
    async with (
        serving(border.app()) as port,
        alertmanager(webhook(f"http://127.0.0.1:{port}/alerts/alertmanager", TOKEN), tmp_path) as peer,
    ):
        await peer.fire(LABELS, starts_at=now())
        await until(lambda: len(reports(border)) == 1, what="its acceptance", timeout=30)
    assert border.counted("alertmanager", "overloaded") == 3
    assert border.counted("alertmanager", "accepted") == 1
