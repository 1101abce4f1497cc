"""Threads, reactions, pins, files, shortcuts, corrections: what people do with messages."""

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from tests.sandbox.page import scene
from tests.sandbox.page.conftest import Open
from tests.sandbox.page.stub import Stub

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.asyncio(loop_scope="package")]


async def menu_of(page: Page, message: Locator, choice: str) -> None:
    """Choose something from a message's menu."""
    await message.hover()
    await message.get_by_role("button", name="More message actions").click()
    await page.get_by_role("menuitem", name=choice).click()


def card(page: Page) -> Locator:
    return page.locator(f"[data-ts='{scene.ROOT}']").first


async def test_a_message_is_pinned_found_and_unpinned(at: Open, stub: Stub) -> None:
    page = await at("channel=inc-42-checkout")
    await menu_of(page, card(page), "Pin to this channel")
    assert (await stub.body_of("pin"))["ts"] == scene.ROOT
    await expect(card(page)).to_contain_text("Pinned")
    await page.get_by_role("button", name="2 pinned").click()
    await page.get_by_role("menuitem", name="What do the logs say?").click()
    await expect(card(page)).to_be_in_viewport()
    await menu_of(page, card(page), "Unpin from this channel")
    assert (await stub.body_of("unpin"))["ts"] == scene.ROOT


async def test_shortcuts_of_the_app_are_in_the_messages_menu_and_in_the_composer(at: Open, stub: Stub) -> None:
    page = await at("channel=inc-42-checkout")
    await menu_of(page, card(page), "Add to the timeline")
    place = {"channel": "C0INC", "ts": scene.ROOT}
    assert await stub.body_of("message_shortcut") == {"as": "U0ANA", "callback_id": "to_timeline", **place}
    await page.get_by_role("textbox", name="Message #inc-42-checkout").press_sequentially("/decl")
    await page.get_by_role("option", name="Declare an incident").click()
    assert await stub.body_of("shortcut") == {"as": "U0ANA", "callback_id": "declare"}
    await expect(page.get_by_role("textbox", name="Message #inc-42-checkout")).to_have_value("")


async def test_a_file_is_sent_with_a_message(at: Open, stub: Stub) -> None:
    page = await at("channel=general")
    note = FilePayload(name="pool.txt", mimeType="text/plain", buffer=b"size = 2")
    await page.locator("#composer input[type=file]").set_input_files(note)
    await expect(page.get_by_role("button", name="Remove pool.txt")).to_be_visible()
    await page.get_by_role("textbox", name="Message #general").fill("The settings")
    await page.keyboard.press("Enter")
    body = await stub.body_of("say")
    assert (body["text"], body["files"]) == ("The settings", [{"id": "F0"}])
    assert (await stub.body_of("upload"))["content"] == "c2l6ZSA9IDI="
    await expect(page.get_by_role("button", name="Remove pool.txt")).to_have_count(0)


async def test_a_reply_may_go_to_the_channel_too(at: Open, stub: Stub) -> None:
    page = await at(f"channel=inc-42-checkout&thread={scene.ROOT}")
    thread = page.get_by_role("complementary", name="Thread")
    await thread.get_by_label("Also send to #inc-42-checkout").check()
    await thread.get_by_role("textbox").fill("Rolled back.")
    await page.keyboard.press("Enter")
    assert (await stub.body_of("say"))["broadcast"] is True


async def test_arrow_up_corrects_what_one_said_last(at: Open, stub: Stub) -> None:
    stub.messages["C0GENERAL"].append(scene.said("1795232800.000001", "U0ANA", "It is teh pool"))
    page = await at("channel=general")
    await page.get_by_role("textbox", name="Message #general").press("ArrowUp")
    await page.get_by_role("textbox", name="Edit message").fill("It is the pool")
    await page.keyboard.press("Enter")
    assert (await stub.body_of("edit"))["text"] == "It is the pool"


async def test_deleting_asks_first(at: Open, stub: Stub) -> None:
    page = await at("channel=inc-42-checkout")
    await menu_of(page, card(page), "Delete message")
    await page.get_by_role("button", name="Cancel").click()
    assert stub.bodies("delete") == []
    await menu_of(page, card(page), "Delete message")
    await page.get_by_role("button", name="Delete").click()
    assert (await stub.body_of("delete"))["ts"] == scene.ROOT


async def test_where_the_unread_begins_is_marked(at: Open, stub: Stub) -> None:
    stub.messages["C0ALERTS"] = [scene.said(f"179522600{at}.000001", "U0BO", f"Number {at}") for at in range(9)]
    page = await at("channel=alerts")
    new = page.get_by_role("separator").filter(has_text="New")
    await expect(new.locator("xpath=following-sibling::*[1]")).to_contain_text("Number 5")


async def test_pictures_are_shown_and_other_files_offered(at: Open, stub: Stub) -> None:
    graph = {"id": "F2", "name": "graph.png", "mimetype": "image/png", "size": 10}
    stub.messages["C0GENERAL"] = [scene.said("1795226000.000001", "U0BO", "Look", files=[graph])]
    page = await at("channel=general")
    await page.context.route("**/files/F2/*", lambda route: route.fulfill(path="docs/images/demo.png"))
    await expect(page.get_by_role("img", name="graph.png")).to_have_attribute("src", "/files/F2/graph.png")
