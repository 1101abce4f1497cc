"""The whole story by hand: people who see nothing but the page declare, command and resolve, in a real Chromium."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from scripts.peers import PEERS
from tests.e2e.evidence import check_everything
from tests.e2e.house import SUMMARY, Delivery, House, house
from tests.e2e.plot import ANSWERED, RESOLUTION, SAID, UPDATE
from tests.e2e.test_demo import SCREENSHOTS
from tests.sandbox.page.conftest import PATIENCE, QUIET

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.timeout(180)]

IMAGE: Final = Path(__file__).parent.parent.parent / "docs" / "images" / "postmortem.png"
LATENCY: Final = timedelta(milliseconds=40)


@pytest.mark.parametrize("delivery", list(Delivery))
async def test_the_whole_story_is_walked_in_the_page(tmp_path: Path, delivery: Delivery) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
    async with house(tmp_path, url, delivery, delay=LATENCY) as opened, browser(opened) as page:
        await opened.monitoring.fire()
        await take_up(page)
        await command(page)
        await talk(page)
        await opened.monitoring.resolve()
        await expect(log(page)).to_contain_text("Alert ended", timeout=PATIENCE)
        await resolve(page)
        await check_everything(opened)
        if os.environ.get(SCREENSHOTS) and delivery is Delivery.SOCKET_MODE:
            await page.get_by_role("button", name="New messages").click()
            await page.screenshot(path=IMAGE)


@asynccontextmanager
async def browser(opened: House) -> AsyncIterator[Page]:
    """Open the page of the house's Slack."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=f"/usr/bin/{PEERS['chromium'][0]}", args=QUIET)
        context = await chromium.new_context(viewport={"width": 1280, "height": 920}, locale="en-GB")
        await context.add_init_script("localStorage.setItem('muster-sandbox-hint', 'seen')")
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        await page.goto(opened.sandbox.url)
        yield page
        await chromium.close()


def log(page: Page) -> Locator:
    return page.get_by_role("log", name="Messages")


async def goes_to(page: Page, channel: str) -> None:
    link = page.get_by_role("navigation", name="Workspace").get_by_role("link", name=re.compile(channel))
    await link.first.click()


async def acts_as(page: Page, person: str) -> None:
    await page.get_by_label("Acting as").select_option(person)
    await page.wait_for_selector(f"body[data-as={person.split(maxsplit=1)[0].lower()}]")


async def types(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name=re.compile("^Message #inc-1"))
    await box.fill(text)
    await box.press("Enter")


async def take_up(page: Page) -> None:
    """Bo acknowledges the alert, Ana declares from it and goes to the channel that appears."""
    await acts_as(page, "Bo Chen")
    await goes_to(page, "alerts")
    await log(page).get_by_role("button", name=re.compile("^Acknowledge")).click()
    await expect(log(page)).to_contain_text("Acknowledged by", timeout=PATIENCE)
    await acts_as(page, "Ana Lima")
    await goes_to(page, "alerts")
    await log(page).get_by_role("button", name=re.compile("^Declare Incident")).click()
    await goes_to(page, "inc-1-")
    await expect(log(page)).to_contain_text(f"INC-1 {SUMMARY}", timeout=PATIENCE)


async def command(page: Page) -> None:
    """Ana takes command by a button, and runs the incident by commands."""
    await log(page).get_by_role("button", name=re.compile("^Take Command")).click()
    await expect(log(page)).to_contain_text("took command", timeout=PATIENCE)
    for line, shown in (
        ("/incident comms @bo", "the role of Communications Lead"),
        ("/incident role scribe @dmitri", "the role of Scribe"),
        ("/incident status identified", "to Identified"),
        ("/incident severity sev2", "lowered the severity"),
        (f"/incident update {UPDATE}", UPDATE),
    ):
        await types(page, line)
        await expect(log(page)).to_contain_text(shown, timeout=PATIENCE)


async def talk(page: Page) -> None:
    """Bo says what he found, Cleo answers."""
    for person, text in (("Bo Chen", SAID), ("Cleo Okafor", ANSWERED)):
        await acts_as(page, person)
        await goes_to(page, "inc-1-")
        await types(page, text)
        await expect(log(page)).to_contain_text(text.partition("<")[0].strip(), timeout=PATIENCE)


async def resolve(page: Page) -> None:
    """Ana resolves it with the form, and the draft is there."""
    await acts_as(page, "Ana Lima")
    await goes_to(page, "inc-1-")
    await log(page).get_by_role("button", name=re.compile("^Resolve Incident")).first.click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox").first.fill(RESOLUTION)
    await form.get_by_role("button", name=re.compile("^Resolve")).click()
    await expect(log(page)).to_contain_text(RESOLUTION, timeout=PATIENCE)
    await expect(log(page)).to_contain_text("postmortem", timeout=PATIENCE)
