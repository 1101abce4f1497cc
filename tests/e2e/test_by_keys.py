"""An incident from the alert to its end by keys alone, in a real Chromium: nothing needs a mouse."""

import re
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page, expect

from bot.domain.model import Status
from bot.domain.roles_model import Role
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import SUMMARY, N, house
from tests.e2e.test_story_in_the_browser import browser, log
from tests.sandbox.page.conftest import PATIENCE

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.timeout(180)]

# How often somebody presses Tab who looks for something, at most.
TABS: Final = 120
FOCUSED: Final = """() => {
  const here = document.activeElement;
  const label = here.labels?.[0]?.innerText ?? "";
  return (here.getAttribute("aria-label") || label || here.innerText || "").trim();
}"""


async def test_an_incident_is_run_from_its_alert_to_its_end_by_keys_alone(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened, browser(opened) as page:
        await opened.monitoring.fire()
        await jump(page, "alerts")
        await expect(log(page)).to_contain_text(SUMMARY, timeout=PATIENCE)
        await press(page, "Acknowledge")
        await expect(log(page)).to_contain_text("Acknowledged by", timeout=PATIENCE)
        await press(page, "Declare Incident")
        await opened.people.wait_for("Nobody yet", str((await opened.people.wait_for_channel("inc-1-"))["id"]))
        await jump(page, "inc-1")
        await press(page, "Take Command")
        await expect(log(page)).to_contain_text("took command", timeout=PATIENCE)

        await write(page, "/incident update")
        await fill(page, "What is happening", "Rolling back 4.2.0")
        await press(page, "Send Update")
        await expect(log(page)).to_contain_text("Rolling back 4.2.0", timeout=PATIENCE)

        await press(page, "Hand Over Role")
        await fill(page, "Next holder", "Bo")
        await page.keyboard.press("Enter")
        await press(page, "Ask to Take Over")
        await expect(log(page)).to_contain_text("to be the Incident Commander", timeout=PATIENCE)
        await reach(page, "Acting as")
        await page.keyboard.type("Bo")
        await jump(page, "Muster")
        await press(page, "Accept Role")
        await jump(page, "inc-1")
        await expect(log(page)).to_contain_text("handed over command", timeout=PATIENCE)

        await write(page, "/incident resolve")
        await fill(page, "What fixed it", "Rolled back")
        await press(page, "Resolve Incident")
        await expect(log(page)).to_contain_text("The postmortem draft", timeout=PATIENCE)
        await until_at_rest(opened)
        found = await opened.desk.incident(N)
        assert found
        assert (found.status, found.roles[Role.COMMANDER]) == (Status.RESOLVED, "U0BO")


async def jump(page: Page, to: str) -> None:
    """Go to a channel or the app, as Ctrl+K finds it."""
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("dialog", name="Jump to")).to_be_visible()
    await page.keyboard.type(to)
    await expect(page.get_by_role("option", name=re.compile(to)).first).to_be_visible(timeout=PATIENCE)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Jump to")).to_have_count(0)


async def reach(page: Page, name: str) -> None:
    """Press Tab until that has the focus."""
    passed = []
    for _ in range(TABS):
        passed.append(await page.evaluate(FOCUSED))
        if passed[-1].startswith(name):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {name!r}, but {passed}")


async def press(page: Page, name: str) -> None:
    """Wait until there is such a button, go to it, and press it."""
    await expect(page.get_by_role("button", name=re.compile(f"^{name}")).first).to_be_visible(timeout=PATIENCE)
    await reach(page, name)
    await page.keyboard.press("Enter")


async def write(page: Page, text: str) -> None:
    """Go to where one writes, and send something."""
    await reach(page, "Message #inc-1")
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def fill(page: Page, label: str, text: str) -> None:
    """Wait for a form, go to a field and type into it."""
    await expect(page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
    await reach(page, label)
    await page.keyboard.type(text)
