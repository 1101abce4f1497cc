"""What people see of alerts: a calm one, a silenced one, a group of twelve, a storm, one that flaps, one that is over.

With MUSTER_ALERT_PICTURES=folder a picture of each is taken into that folder, to be looked at; with
MUSTER_SCREENSHOTS=1 those that the documents show are taken anew.
"""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Locator, Page, expect

from bot.clock import SystemClock
from tests.e2e.house import CONFIG, House, Tenant, Webhook, house
from tests.e2e.test_demo import SCREENSHOTS
from tests.e2e.test_story_in_the_browser import browser, log
from tests.sandbox.page.conftest import PATIENCE

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.timeout(240)]

IMAGES: Final = Path(__file__).parent.parent.parent / "docs" / "images"
PICTURES: Final = "MUSTER_ALERT_PICTURES"
# Each in a channel by itself, of those that the sandbox has.
ROOMS: Final = {
    "calm": "general",
    "twelve": "payments-alerts",
    "storm": "alerts",
    "flapping": "incidents",
    "over": "muster-admin",
}
ROUTES: Final = "routes:\n" + "".join(f"  - {{match: {{room: {room}}}, channel: {at}}}\n" for room, at in ROOMS.items())
STORM: Final = 40
MINUTE: Final = timedelta(minutes=1)

Told = dict[str, object]


def alert(room: str, name: str, summary: str, *, severity: str = "warning", **labels: str) -> Told:
    """Return an alert as Alertmanager sends it, two minutes old."""
    began = SystemClock().now() - 2 * MINUTE
    given = {"alertname": name, "service": "checkout", "severity": severity, "room": room, **labels}
    return {
        "status": "firing",
        "labels": given,
        "annotations": {"summary": summary, "runbook_url": "https://runbooks.example.com/checkout"},
        "startsAt": began.isoformat(),
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example.com/graph?g0.expr=checkout",
        "fingerprint": "-".join(given.values()),
    }


def over(told: Told, at: datetime | None = None) -> Told:
    return {**told, "status": "resolved", "endsAt": (at or SystemClock().now()).isoformat()}


async def send(opened: House, *alerts: Told) -> None:
    assert isinstance(opened.monitoring, Webhook)
    for at in range(0, len(alerts), 20):
        assert await opened.monitoring.post({"status": "firing", "alerts": list(alerts[at : at + 20])}) == 202


async def look_at(page: Page, room: str, *texts: str) -> None:
    """Go to a channel, see what it says, and take a picture of it when somebody wants one."""
    channels = page.get_by_role("navigation", name="Workspace")
    await channels.get_by_role("link", name=re.compile(rf"^#\s*{ROOMS[room]}")).click()
    for text in texts:
        await expect(log(page)).to_contain_text(text, timeout=PATIENCE)
    await take(page, room)


async def take(page: Page, name: str) -> None:
    if folder := os.environ.get(PICTURES):
        await page.mouse.move(0, 0)
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def show(message: Locator, name: str) -> None:
    """Take the picture of one message that the documents show, when the pictures are taken anew."""
    if os.environ.get(SCREENSHOTS):
        await message.screenshot(path=IMAGES / f"{name}.png")


async def test_alerts_are_told_calmly_whatever_they_do(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
    async with house(tmp_path, url, tenant=Tenant(config=CONFIG + ROUTES)) as opened, browser(opened) as page:
        await calm(opened, page)
        await twelve(opened, page)
        await flapping(opened, page)
        await resolved(opened, page)
        await storm(opened, page)


async def calm(opened: House, page: Page) -> None:
    """One alert that fires, and one that somebody has silenced."""
    index = alert("calm", "SearchIndexOld", "The search index is 40 minutes old", service="search")
    await send(
        opened, alert("calm", "CheckoutSlow", "Checkout takes 2.4 s for one in twenty", region="eu-west-1"), index
    )
    await opened.people.wait_for("search index", ROOMS["calm"])
    line = "/incident silence alertname=SearchIndexOld for 4h The index is being rebuilt"
    await opened.people.person("ana").command(line, channel=ROOMS["calm"])
    await look_at(page, "calm", "Checkout takes 2.4 s", "The index is being rebuilt")


async def twelve(opened: House, page: Page) -> None:
    """A rule that fires for twelve pods, of which one is graver."""
    pods = [
        alert("twelve", "PodRestarts", f"api-{n} restarted 5 times in 10 minutes", pod=f"api-{n}", zone="abc"[n % 3])
        for n in range(12)
    ]
    await send(opened, *pods)
    await look_at(page, "twelve", "12 of 12 firing: PodRestarts (checkout)", "and 7 more")
    await show(log(page).get_by_role("article").filter(has_text="12 of 12 firing"), "alert-group")


async def flapping(opened: House, page: Page) -> None:
    """One that comes and goes."""
    for _ in range(3):
        told = alert("flapping", "QueueLong", "The payment queue holds 3,000 orders")
        told["startsAt"] = SystemClock().now().isoformat()
        await send(opened, told)
        await send(opened, over(told))
    await look_at(page, "flapping", "Flapping")


async def resolved(opened: House, page: Page) -> None:
    """One that is over, and one that somebody has judged."""
    told = [
        alert("over", "CheckoutFails", "Checkout fails for 4.8 % of requests", severity="critical"),
        alert("over", "DiskFull", "The disk of db-1 is full in 4 hours", service="db"),
    ]
    await send(opened, *told)
    await opened.people.wait_for("disk of db-1", ROOMS["over"])
    await opened.people.person("bo").clicks("Acknowledge", channel=ROOMS["over"])
    await opened.people.wait_for("Acknowledged by", ROOMS["over"])
    await send(opened, *(over(one) for one in told))
    await opened.people.wait_for("Resolved for db", ROOMS["over"])
    await opened.people.person("bo").clicks("Useful", channel=ROOMS["over"])
    await look_at(page, "over", "Resolved: Checkout fails", "Useful, says")


async def storm(opened: House, page: Page) -> None:
    """So many groups at once that not each has its message."""
    what, of = ("Login", "Payment", "Search", "Export", "Upload"), ("auth", "checkout", "db")
    many = [
        alert(
            "storm",
            f"Rule{n:02}",
            f"{what[n % 5]} of {of[n % 3]} fails",
            severity=("critical", "high", "warning", "warning")[n % 4],
            service=of[n % 3],
        )
        for n in range(STORM)
    ]
    await send(opened, *many)
    await look_at(page, "storm", "Alert storm: 30 of 30 groups firing", "Gravest that fire")
    message = log(page).get_by_role("article").filter(has_text="Alert storm: 30 of 30")
    await show(message, "alert-storm")
    await message.get_by_role("link", name=re.compile("repl")).click()
    await expect(page.get_by_role("complementary", name="Thread")).to_contain_text("Firing", timeout=PATIENCE)
    await message.scroll_into_view_if_needed()
    await take(page, "storm_thread")
