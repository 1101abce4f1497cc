"""`muster demo`: the story by itself, the page in a real browser, ports that are taken, Ctrl-C."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from scripts.peers import PEERS
from tests.e2e.processes import clean_environment, muster_says
from tests.sandbox.page.conftest import PATIENCE, QUIET

pytestmark = pytest.mark.timeout(180)

ROOT = Path(__file__).parent.parent.parent
SCREENSHOT = ROOT / "docs" / "images" / "demo.png"
# Set it to take the picture in README.md anew.
SCREENSHOTS = "MUSTER_SCREENSHOTS"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


@asynccontextmanager
async def demo(*arguments: str) -> AsyncIterator[str]:
    """Run the demo until the block ends; yield the sandbox's address. It must end well, by Ctrl-C."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", *arguments),
        stdout=asyncio.subprocess.PIPE,
        env=clean_environment(PYTHONUNBUFFERED="1"),
    )
    assert process.stdout is not None
    try:
        address = ""
        while not address:
            line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
            assert line, "the demo ended"
            found = ADDRESS.search(line)
            address = found.group() if found else ""
        yield address
        process.send_signal(signal.SIGINT)
        rest, _ = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode == 0
        assert "nothing was kept" in rest.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_the_story_walks_by_itself_and_finds_nothing_missing(tmp_path: Path) -> None:
    code, printed, complained = await muster_says(
        # Slow enough that calls which go out together overlap also on a machine that is busy.
        *("demo", "--exit-after-story", "--port", "0", "--sandbox-port", "0", "--delay-ms", "500"),
        TMPDIR=str(tmp_path),
    )
    assert (code, complained) == (0, ""), printed
    assert "2 round trips" in printed
    assert "nothing lost, nothing twice" in printed
    assert "✘" not in printed
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


async def test_a_port_that_was_asked_for_and_is_taken_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for option in ("--port", "--sandbox-port"):
            code, printed, complained = await muster_says("demo", option, port, TMPDIR=str(tmp_path))
            assert (code, printed) == (2, "")
            assert complained.startswith(f"Port {port} is taken by another program: choose another one with {option}")


@pytest.mark.parametrize(
    ("given", "asked"), [([], ""), (["PORT=9123"], "--sandbox-port 9123")], ids=["nobody chose", "the page's"]
)
async def test_make_demo_asks_for_no_port_that_nobody_chose_so_that_one_that_is_taken_stops_nobody(
    given: list[str], asked: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        *("make", "--dry-run", "demo", *given), cwd=ROOT, stdout=asyncio.subprocess.PIPE, env=clean_environment()
    )
    printed, _ = await process.communicate()
    (line,) = [line for line in printed.decode().splitlines() if "muster demo" in line]
    assert line.partition("muster demo")[2].strip() == asked


@pytest.mark.peer("chromium")
async def test_an_incident_is_declared_in_the_browser() -> None:
    async with demo("--port", "0", "--sandbox-port", "0") as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=f"/usr/bin/{PEERS['chromium'][0]}", args=QUIET)
        context = await browser.new_context(
            viewport={"width": 1280, "height": 920}, locale="en-GB", timezone_id="Europe/Berlin"
        )
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        await page.goto(address)
        await declare(page)
        if os.environ.get(SCREENSHOTS):
            await take_picture(page)
        await browser.close()


async def declare(page: Page) -> None:
    """Do what the demo says: press Declare Incident in #payments-alerts, go to the channel that appears."""
    log = page.get_by_role("log", name="Messages")
    await expect(log).to_contain_text("Card payments fail for 4.8 % of requests", timeout=PATIENCE)
    await press(log, "Acknowledge")
    await expect(log).to_contain_text("Acknowledged by", timeout=PATIENCE)
    await press(log, "Declare Incident")
    channels = page.get_by_role("navigation", name="Workspace")
    await channels.get_by_role("link", name=re.compile("inc-1-card-payments-fail")).click()
    await expect(log).to_contain_text("INC-1 Card payments fail for 4.8 % of requests", timeout=PATIENCE)
    await expect(log.get_by_role("button", name=re.compile("^Take Command"))).to_be_visible(timeout=PATIENCE)


async def press(log: Locator, label: str) -> None:
    """Press a button of the alert; as people do, once more when it is still there after a while."""
    button = log.get_by_role("button", name=re.compile(f"^{label}"))
    await button.click()
    for _ in range(2):
        try:
            await expect(button).to_have_count(0, timeout=PATIENCE / 3)
        except AssertionError:
            await button.click()


async def take_picture(page: Page) -> None:
    """Go on a little and take the picture that README.md shows."""
    log = page.get_by_role("log", name="Messages")
    take = log.get_by_role("button", name=re.compile("^Take Command"))
    await take.click()
    await expect(log).to_contain_text("took command", timeout=PATIENCE)
    await expect(take).to_have_count(0, timeout=PATIENCE)
    await page.get_by_role("button", name="Close the hint").click()
    await page.mouse.move(0, 0)
    SCREENSHOT.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOT)
