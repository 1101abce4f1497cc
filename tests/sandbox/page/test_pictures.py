"""The pictures of the page in the documentation, taken of the demo in the middle of its story.

MUSTER_SCREENSHOTS=1 takes them anew; otherwise only their sizes are looked at.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.test_demo import SCREENSHOTS, declare, demo
from tests.sandbox.page.conftest import PATIENCE

pytestmark = [
    pytest.mark.peer("chromium"),
    pytest.mark.asyncio(loop_scope="package"),
    pytest.mark.timeout(180),
]

IMAGES = Path(__file__).parent.parent.parent.parent / "docs" / "images"
PICTURES = {"light": IMAGES / "sandbox.png", "dark": IMAGES / "sandbox-dark.png"}
LARGEST = 250_000  # bytes
SAID = {
    "Bo Chen": "Errors began with release 4.2.0: the pool of `payments-api` is down to 2 connections.",
    "Cleo Okafor": "Rolling back to 4.1.9 now. I say when it is done.",
}


async def test_the_pictures_of_the_page_are_there_and_small_enough(browser: Browser) -> None:
    if os.environ.get(SCREENSHOTS):
        await take_pictures(browser)
    for picture in PICTURES.values():
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size < LARGEST


async def take_pictures(browser: Browser) -> None:
    """Run the demo, declare an incident, and take a picture in light and in dark."""
    async with demo("--port", "0", "--sandbox-port", "0") as address:
        context = await browser.new_context(
            viewport={"width": 1280, "height": 820}, locale="en-GB", timezone_id="Europe/Berlin"
        )
        await context.add_init_script("localStorage.setItem('muster-sandbox-hint', 'seen')")
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        await page.goto(address)
        await declare(page)
        await command_and_talk(page)
        for theme, picture in PICTURES.items():
            await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
            await page.mouse.move(0, 0)
            await page.screenshot(path=picture)
        await context.close()


async def command_and_talk(page: Page) -> None:
    """Go on in the incident's channel: somebody takes command, others say what they find, the calls are open."""
    log = page.get_by_role("log", name="Messages")
    await log.get_by_role("button", name=re.compile("^Take Command")).click()
    await expect(log).to_contain_text("took command", timeout=PATIENCE)
    for person, text in SAID.items():
        await page.get_by_label("Acting as").select_option(person)
        await page.wait_for_selector(f"body[data-as={person.split()[0].lower()}]")
        if person == "Bo Chen":  # not on call: nobody invited him
            await page.get_by_role("button", name="Join Channel").click()
        box = page.get_by_role("textbox", name=re.compile("^Message #inc-1"))
        await box.fill(text)
        await box.press("Enter")
        await expect(log).to_contain_text(text[:12])
    said = page.get_by_role("article").filter(has_text="Rolling back")
    await page.get_by_label("Acting as").select_option("Ana Lima")
    await page.wait_for_selector("body[data-as=ana]")
    await said.hover()
    await said.get_by_role("button", name="Add reaction").click()
    # One that every font has.
    await page.get_by_role("menuitem", name="heavy check mark").click()
    await expect(said.get_by_role("button", name="heavy check mark, 1")).to_be_visible()
    await page.get_by_role("button", name="Calls").click()
    panel = page.get_by_role("complementary", name="Calls")
    await expect(panel.get_by_role("listitem").first).to_be_attached()
