"""WCAG 2.2 AA by axe-core on every main state, light and dark, wide and narrow; and the page by keyboard alone."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from scripts.peers import NODE
from tests.sandbox.page import blocks, rarities, scene
from tests.sandbox.page.conftest import Open
from tests.sandbox.page.stub import Stub

pytestmark = [
    pytest.mark.peer("chromium"),
    pytest.mark.peer("node"),
    pytest.mark.asyncio(loop_scope="package"),
]

AXE = NODE / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# Where in the page, and what must be there before it is judged.
STATES = {
    "channel": ("channel=inc-42-checkout", "article"),
    "thread": (f"channel=inc-42-checkout&thread={scene.ROOT}", "#thread article"),
    "home": ("home=1", ".b-header"),
    "calls and faults": ("channel=alerts&calls=1", ".entry"),
    "not a member": ("as=eve&channel=payments-alerts", ".composer.closed"),
    "every block": ("channel=general", ".b-video"),
}


async def faults_of(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page as it is now, one line each."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    found: dict[str, Any] = await page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def prepare(stub: Stub) -> None:
    """Put everything on the stage that axe-core shall judge."""
    stub.rules = [{"method": "*", "when": "slow"}]
    drawn = [*rarities.rarer(), *blocks.everything()]
    stub.messages["C0GENERAL"] = [scene.from_bot("1795229210.000100", "All", blocks=drawn)]
    stub.messages["C0ALERTS"] = blocks_and_marks()


def blocks_and_marks() -> list[scene.Json]:
    reaction = {"name": "eyes", "users": ["U0ANA", "U0BO"], "count": 2}
    text = "Hi <@U0ANA>, see `code`, <https://example.com|a link>, <#C0SECRET|secret> &gt; and *that*"
    return [
        scene.said("1795226001.000001", "U0CLEO", "<@U0CLEO> has joined the channel", subtype="channel_join"),
        scene.said("1795226002.000001", "U0BO", text, reactions=[reaction]),
        scene.from_bot("1795229210.000100", "", blocks=blocks.alert()),
    ]


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
async def test_axe_finds_nothing_wrong(at: Open, stub: Stub, theme: str, width: int) -> None:
    prepare(stub)
    page = await at("channel=alerts", width=width, height=900)
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    wrong: dict[str, list[str]] = {}
    for name, (place, sign) in STATES.items():
        await page.evaluate("place => { location.hash = place }", place)
        await page.locator(sign).first.wait_for()
        wrong[name] = await faults_of(page)
    wrong |= await faults_of_forms(page, stub)
    assert {name: lines for name, lines in wrong.items() if lines} == {}


async def faults_of_forms(page: Page, stub: Stub) -> dict[str, list[str]]:
    """Judge a form with errors, a menu, a completion and a question."""
    stub.views["U0BO"] = rarities.every_field()
    await page.evaluate("location.hash = 'as=bo&channel=alerts'")
    form = page.get_by_role("dialog", name="Every field")
    await form.get_by_label("Link").fill("nowhere")
    await form.get_by_role("button", name="Declare Incident").click()
    await expect(form.get_by_role("alert")).to_have_count(2)
    wrong = {"form with errors": await faults_of(page)}
    await form.get_by_role("combobox", name="Service (optional)").fill("pay")
    await form.get_by_role("listbox", name="Service", exact=True).wait_for()
    wrong["options of the app"] = await faults_of(page)
    stub.views.clear()
    stub.tell()
    await expect(form).to_have_count(0)
    box = page.get_by_role("textbox", name="Message #alerts")
    await box.fill("/")
    await page.get_by_role("listbox", name="Suggestions").wait_for()
    wrong["completion"] = await faults_of(page)
    await box.fill("")
    await page.get_by_role("button", name="More actions", exact=True).click()
    wrong["menu"] = await faults_of(page)
    return wrong


async def test_axe_sees_what_is_wrong(at: Open) -> None:
    page = await at("channel=general")
    await page.evaluate("document.querySelector('#main').append(document.createElement('img'))")
    assert any(line.startswith("image-alt") for line in await faults_of(page))


async def test_f6_goes_from_part_to_part(at: Open) -> None:
    page = await at("channel=general&calls=1")
    parts = []
    for _ in range(3):
        await page.keyboard.press("F6")
        parts.append(await page.evaluate("document.activeElement.closest('nav, main, aside').id"))
    assert sorted(parts) == ["calls", "main", "sidebar"]
    await page.keyboard.press("Shift+F6")
    assert await page.evaluate("document.activeElement.closest('nav, main, aside').id") == parts[1]


async def test_arrows_go_from_message_to_message_and_tab_to_their_tools(at: Open, stub: Stub) -> None:
    page = await at("channel=general")
    newest = page.get_by_role("article").last
    await newest.focus()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("article").nth(-2)).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("article").nth(-2).get_by_role("button", name="Add reaction")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    assert (await stub.body_of("react"))["name"] == "white_check_mark"


async def test_a_list_of_messages_is_one_stop_of_tab_unless_it_holds_buttons(at: Open) -> None:
    page = await at("channel=general")
    stops = "[...document.querySelectorAll('#messages *')].filter(one => one.tabIndex === 0 && one.checkVisibility())"
    assert await page.evaluate(f"{stops}.length") == 1


async def test_the_focus_returns_to_the_button_that_opened_a_form(at: Open) -> None:
    page = await at("channel=payments-alerts")
    declare = page.get_by_role("button", name="Declare Incident")
    await declare.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("What is happening?")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(declare).to_be_focused()


async def test_control_k_jumps_to_a_channel_by_a_few_letters(at: Open) -> None:
    page = await at("channel=general")
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox", name="Jump to")).to_be_focused()
    await page.keyboard.type("inc")
    await page.keyboard.press("ArrowDown")
    assert await faults_of(page) == []
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.get_by_role("heading", name="inc-42-checkout").first).to_be_visible()


async def test_a_thread_is_opened_answered_and_left_by_keyboard(at: Open, stub: Stub) -> None:
    page = await at("channel=inc-42-checkout")
    await page.get_by_role("link", name="2 replies").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Reply in thread")).to_be_focused()
    await page.keyboard.type("Done.")
    await page.keyboard.press("Enter")
    assert (await stub.body_of("say"))["thread_ts"] == scene.ROOT
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("complementary", name="Thread")).to_have_count(0)
    await expect(page.get_by_role("textbox", name="Message #inc-42-checkout")).to_be_focused()


async def heard(page: Page) -> list[str]:
    """Return the texts in the page's polite live region, as the browser tells assistive technology."""
    session = await page.context.new_cdp_session(page)
    nodes = (await session.send("Accessibility.getFullAXTree"))["nodes"]
    known = {node["nodeId"]: node for node in nodes}
    news = next(
        node
        for node in nodes
        if node.get("role", {}).get("value") == "status"
        and any(one["name"] == "live" and one["value"]["value"] == "polite" for one in node.get("properties", []))
        and node["childIds"]
    )
    texts: list[str] = []
    waiting = list(news["childIds"])
    while waiting:
        node = known[waiting.pop(0)]
        if node.get("role", {}).get("value") == "StaticText":
            texts.append(node["name"]["value"])
        waiting.extend(node.get("childIds", []))
    return [text for text in texts if text]


async def test_a_new_message_is_announced_politely_but_not_ones_own(at: Open, stub: Stub) -> None:
    page = await at("channel=general")
    stub.messages["C0GENERAL"].append(scene.said("1795232800.000001", "U0ANA", "My own words"))
    stub.messages["C0GENERAL"].append(scene.said("1795232801.000001", "U0BO", "It is *fixed*, <@U0ANA>"))
    stub.tell()
    await expect(page.get_by_text("My own words")).to_be_visible()
    await expect(page.get_by_text("It is fixed")).to_be_visible()
    spoken = await heard(page)
    assert spoken == ["Bo Chen: It is fixed, @Ana Lima"]


async def test_nothing_moves_for_those_who_ask_for_less_motion(at: Open) -> None:
    page = await at("channel=general")
    await page.emulate_media(reduced_motion="reduce")
    busy = "document.querySelector('.btn').setAttribute('aria-busy', 'true')"
    await page.evaluate(busy)
    spinning = "getComputedStyle(document.querySelector('.btn'), '::after').animationName"
    assert await page.evaluate(spinning) == "none"
