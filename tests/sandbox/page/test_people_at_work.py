"""What people do in the page reaches the control API: buttons, menus, commands, messages, forms."""

import pytest
from playwright.async_api import expect

from tests.sandbox.page import blocks, scene
from tests.sandbox.page.conftest import Open
from tests.sandbox.page.stub import TOO_VAGUE, Stub

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.asyncio(loop_scope="package")]


async def test_a_button_of_a_message_is_clicked(at: Open, stub: Stub) -> None:
    page = await at("channel=payments-alerts")
    await page.get_by_role("button", name="Acknowledge").click()
    assert await stub.body_of("click") == {
        "as": "U0ANA",
        "channel": "C0PAYMENTS",
        "ts": scene.ALERT,
        "action_id": "ack",
        "block_id": "alert-1",
        "value": "v1",
    }


async def test_an_overflow_menu_is_used_with_the_keyboard(at: Open, stub: Stub) -> None:
    page = await at("channel=payments-alerts")
    await page.get_by_role("button", name="More actions").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    assert (await stub.body_of("click"))["value"] == "dismiss"
    await expect(page.get_by_role("menu")).to_have_count(0)


async def test_selects_deliver_what_was_chosen(at: Open, stub: Stub) -> None:
    page = await at("channel=inc-42-checkout")
    await page.get_by_label("Hand over the lead").select_option(label="Bo Chen")
    body = await stub.body_of("click")
    assert (body["action_id"], body["value"]) == ("lead", "U0BO")


async def test_a_dangerous_button_asks_first(at: Open, stub: Stub) -> None:
    page = await at("channel=inc-42-checkout")
    await page.get_by_role("button", name="Resolve").click()
    await page.get_by_role("button", name="Go Back").click()
    assert stub.bodies("click") == []
    await page.get_by_role("button", name="Resolve").click()
    await page.get_by_role("button", name="Resolve Incident").click()
    assert (await stub.body_of("click"))["action_id"] == "resolve"


async def test_a_link_button_opens_a_tab_and_tells_the_app(at: Open, stub: Stub) -> None:
    page = await at("channel=payments-alerts")
    await page.context.route("https://example.com/**", lambda route: route.fulfill(body="the runbook"))
    async with page.expect_popup() as popup:
        await page.get_by_role("link", name="Runbook").click()
    assert (await popup.value).url == "https://example.com/runbook"
    assert (await stub.body_of("click"))["action_id"] == "runbook"


async def test_an_app_that_does_not_answer_is_reported(at: Open, stub: Stub) -> None:
    stub.answer = {"error": "operation_timeout"}
    page = await at("channel=payments-alerts")
    await page.get_by_role("button", name="Acknowledge").click()
    await expect(page.get_by_role("alert")).to_contain_text("longer than three seconds")


async def test_a_slash_command_is_completed_and_sent(at: Open, stub: Stub) -> None:
    page = await at("channel=general")
    box = page.get_by_role("textbox", name="Message #general")
    await box.press_sequentially("/inc")
    await expect(page.get_by_role("listbox", name="Suggestions")).to_contain_text("declare | status | help")
    await box.press("Enter")
    await box.press_sequentially("status @b")
    await box.press("Tab")
    await expect(box).to_have_value("/incident status @bo ")
    await box.press("Enter")
    assert await stub.body_of("say") == {"as": "U0ANA", "channel": "C0GENERAL", "text": "/incident status @bo"}
    await expect(box).to_have_value("")


async def test_a_reply_goes_into_the_thread(at: Open, stub: Stub) -> None:
    page = await at("channel=inc-42-checkout")
    await page.get_by_role("link", name="2 replies").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("Rolling back then.")
    await thread.get_by_role("textbox").fill("Good.")
    await thread.get_by_role("textbox").press("Enter")
    assert await stub.body_of("say") == {"as": "U0ANA", "channel": "C0INC", "text": "Good.", "thread_ts": scene.ROOT}


async def test_a_form_shows_the_apps_error_under_its_field_and_keeps_what_was_typed(at: Open, stub: Stub) -> None:
    page = await at("channel=payments-alerts")
    await page.get_by_role("button", name="Declare Incident").click()
    dialog = page.get_by_role("dialog", name="Declare Incident")
    title = dialog.get_by_label("What is happening?")
    await expect(title).to_be_focused()
    await title.fill("Checkout fails")
    await dialog.get_by_label("Severity").select_option(label="SEV1: everything is down")
    await dialog.get_by_label("Invite (optional)").select_option(label="Bo Chen")
    await dialog.get_by_label("Page the on-call").check()
    await title.press("Control+Enter")
    await expect(dialog.locator("label:has-text('What is happening?') ~ .field-error")).to_have_text(TOO_VAGUE)
    await expect(title).to_have_accessible_description(f"One line that a customer would understand. {TOO_VAGUE}")
    await expect(title).to_be_focused()
    await expect(title).to_have_value("Checkout fails")
    assert await stub.body_of("modal/submit") == {
        "as": "U0ANA",
        "values": {
            "title": {"text": "Checkout fails"},
            "severity": {"choice": "sev1"},
            "summary": {"text": ""},
            "people": {"who": ["U0BO"]},
            "options": {"flags": ["page"]},
        },
    }
    await title.fill("Checkout fails for cards")
    await dialog.get_by_role("button", name="Declare Incident").click()
    await expect(dialog).to_have_count(0)


async def test_a_required_field_left_empty_is_found_before_anything_is_sent(at: Open, stub: Stub) -> None:
    page = await at("channel=payments-alerts")
    await page.get_by_role("button", name="Declare Incident").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What is happening?").fill("")
    await dialog.get_by_role("button", name="Declare Incident").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Please complete this required field.")
    assert stub.bodies("modal/submit") == []


async def test_a_form_that_replaces_a_loading_view_takes_the_focus(at: Open, stub: Stub) -> None:
    form = blocks.declaration()
    loading = {**form, "submit": None, "blocks": [{"type": "section", "text": blocks.plain("Loading")}]}
    stub.views["U0ANA"] = loading
    page = await at("channel=payments-alerts")
    await expect(page.get_by_role("dialog")).to_contain_text("Loading")
    stub.views["U0ANA"] = {**form, "hash": "2.b"}
    stub.tell()
    await expect(page.get_by_label("What is happening?")).to_be_focused()


async def test_escape_closes_a_form_and_tab_stays_inside(at: Open, stub: Stub) -> None:
    page = await at("channel=payments-alerts")
    await page.get_by_role("button", name="Declare Incident").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Declare Incident").focus()
    await page.keyboard.press("Tab")
    await expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    await page.keyboard.press("Escape")
    assert await stub.body_of("modal/close") == {"as": "U0ANA"}
    await expect(dialog).to_have_count(0)


async def test_acting_as_another_person(at: Open, stub: Stub) -> None:
    page = await at("channel=inc-42-checkout")
    await expect(page.get_by_text("Only visible to you")).to_be_visible()
    await page.get_by_label("Acting as").select_option(label="Bo Chen")
    await page.wait_for_url("**#as=bo&channel=inc-42-checkout")
    await expect(page.get_by_text("Only visible to you")).to_have_count(0)
    await page.get_by_role("textbox", name="Message #inc-42-checkout").fill("On it")
    await page.keyboard.press("Enter")
    assert (await stub.body_of("say"))["as"] == "U0BO"


async def test_a_link_opens_as_a_person_in_a_channel_and_somebody_outside_may_join(at: Open, stub: Stub) -> None:
    page = await at("as=eve&channel=payments-alerts")
    await expect(page.get_by_label("Acting as")).to_have_value("U0EVE")
    await page.get_by_role("button", name="Join Channel").click()
    assert await stub.body_of("join") == {"as": "U0EVE", "channel": "C0PAYMENTS"}
    await expect(page.get_by_role("textbox", name="Message #payments-alerts")).to_be_visible()


async def test_reactions_are_added_and_taken_back(at: Open, stub: Stub) -> None:
    page = await at("channel=payments-alerts")
    await page.get_by_role("button", name="eyes, 2").click()
    assert (await stub.body_of("unreact"))["name"] == "eyes"
    await page.get_by_role("article", name="Cleo Okafor").hover()
    await page.get_by_role("article", name="Cleo Okafor").get_by_role("button", name="Add reaction").click()
    await page.get_by_role("menuitem", name="tada").click()
    assert (await stub.body_of("react"))["name"] == "tada"


async def test_the_home_tab_is_opened_and_used(at: Open, stub: Stub) -> None:
    page = await at("channel=general")
    await page.get_by_role("link", name="Muster", exact=True).click()
    assert await stub.body_of("open_home") == {"as": "U0ANA"}
    await page.get_by_role("button", name="Post Update").click()
    assert (await stub.body_of("home/act"))["action_id"] == "home-update"


async def test_after_a_channel_in_which_nobody_can_write_there_is_a_whole_line_to_write_in(at: Open) -> None:
    page = await at("channel=general")
    line = await page.get_by_role("textbox", name="Message #general").bounding_box()
    await page.goto(page.url.replace("general", "C0OLD"))
    await expect(page.get_by_text("is archived: it can be read")).to_be_visible()
    await page.get_by_role("link", name="general").first.click()
    there = await page.get_by_role("textbox", name="Message #general").bounding_box()
    assert line
    assert there
    assert there["height"] == line["height"]
