"""The demo in a browser: what fires is listed and taken up there, why is told, the Home tab shows what waits."""

import re

import pytest
from playwright.async_api import async_playwright, expect

from scripts.peers import PEERS
from tests.e2e.test_demo import demo
from tests.sandbox.page.conftest import PATIENCE, QUIET

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.timeout(180)]


async def test_what_fires_is_taken_up_from_the_list_and_waits_in_the_home_tab() -> None:
    async with demo("--port", "0", "--sandbox-port", "0") as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=f"/usr/bin/{PEERS['chromium'][0]}", args=QUIET)
        context = await browser.new_context(viewport={"width": 1280, "height": 1000}, locale="en-GB")
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        await page.goto(address)
        log = page.get_by_role("log", name="Messages")
        await expect(log).to_contain_text("Card payments fail", timeout=PATIENCE)
        box = page.get_by_role("textbox", name="Message #payments-alerts")
        await box.click()
        await expect(box).to_be_focused(timeout=PATIENCE)
        await box.fill("/alerts all")
        await box.press("Enter")
        await expect(log).to_contain_text("2 alerts are firing", timeout=PATIENCE)
        await log.get_by_role("button", name=re.compile("^Acknowledge: Checkout takes")).click()
        await expect(log.get_by_text("acknowledged by")).to_be_visible(timeout=PATIENCE)
        await log.get_by_role("button", name=re.compile("^What happened: Checkout takes")).click()
        await expect(log).to_contain_text("Why: Checkout takes", timeout=PATIENCE)
        await page.get_by_role("navigation", name="Workspace").get_by_role("link", name="Muster", exact=True).click()
        main = page.get_by_role("main")
        await expect(main).to_contain_text("Waiting for you", timeout=PATIENCE)
        await expect(main).to_contain_text("Checkout takes", timeout=PATIENCE)
        await main.get_by_role("button", name="Declare Incident").click()
        await expect(page.get_by_role("dialog")).to_contain_text("What is broken", timeout=PATIENCE)
        await browser.close()
