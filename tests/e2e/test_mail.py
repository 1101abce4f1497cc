"""An e-mail becomes a message in Slack, and the next one ends it: real SMTP, the real bot."""

import asyncio
import smtplib
from pathlib import Path

import pytest

from tests.e2e.house import CONFIG, Tenant, house
from tests.inbound.alerts.test_mail import FIXTURES
from tests.peers.alertmanager import free_port
from tests.peers.until import until

pytestmark = pytest.mark.timeout(180)


async def test_an_e_mail_is_an_alert_until_another_says_that_it_is_over(tmp_path: Path) -> None:
    port = free_port()
    config = f"{CONFIG}smtp: {{port: {port}}}\nsources: {{email: {{token_env: MAIL_TOKEN}}}}\n"
    tenant = Tenant(config=config, environment={"MAIL_TOKEN": "a-secret-address"})
    url = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"

    def send(name: str) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            body = (FIXTURES / f"{name}.eml").read_bytes()
            client.sendmail("icinga@lantern.example", ["alerts+a-secret-address@muster.example"], body)

    async with house(tmp_path, url, tenant=tenant) as opened:
        await asyncio.to_thread(send, "episode-1-problem")
        shown = await opened.people.wait_for("db-3/Replication is CRITICAL", "alerts")
        await opened.muster.kill()
        await opened.muster.start()
        await opened.muster.until_ready()
        await asyncio.to_thread(send, "episode-2-recovery")

        async def is_over() -> bool:
            message = await opened.people.wait_for("db-3/Replication is CRITICAL", "alerts")
            assert message["ts"] == shown["ts"]
            return "resolved" in str(message).lower()

        await until(is_over, what="its end in the same message")
    assert "a-secret-address" not in (tmp_path / "muster.log").read_text(encoding="utf-8")
