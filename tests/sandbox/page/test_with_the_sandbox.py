"""The page on the real sandbox, with a real Bolt app behind it: what people do comes back as what they see."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, expect
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import BOT_TOKEN
from tests.sandbox.apps import over_socket_mode
from tests.sandbox.page.conftest import PATIENCE, Open

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.asyncio(loop_scope="package")]


@pytest_asyncio.fixture(loop_scope="package")
async def northwind() -> AsyncIterator[Sandbox]:
    """Return the real sandbox, nobody connected."""
    async with Sandbox(SystemClock(), SeededChance(1)) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="package")
async def staffed(northwind: Sandbox) -> AsyncIterator[Sandbox]:
    """Return the real sandbox with the app connected."""
    async with over_socket_mode(northwind):
        yield northwind


async def test_a_command_a_form_with_an_error_and_its_message(staffed: Sandbox, look: Open) -> None:
    page = await look(f"{staffed.url}/#as=ana&channel=payments-alerts")
    await page.get_by_role("textbox", name="Message #payments-alerts").fill("/incident declare")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Declare an incident")
    await dialog.get_by_label("Title").fill("bad")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("alert")).to_have_text("Say more than that")
    await dialog.get_by_label("Title").fill("Checkout is down")
    await dialog.get_by_label("Severity").select_option("Critical")
    await dialog.get_by_role("button", name="Declare").click()
    await expect(dialog).to_have_count(0)
    await page.get_by_role("link", name="incidents").click()
    await expect(page.get_by_role("log", name="Messages")).to_contain_text("sev1: Checkout is down")


async def test_a_button_pressed_by_one_is_seen_by_another(staffed: Sandbox, look: Open) -> None:
    bo = await look(f"{staffed.url}/#as=bo&channel=alerts")
    ana = await look(f"{staffed.url}/#as=ana&channel=alerts")
    await ana.get_by_role("textbox", name="Message #alerts").fill("/incident card")
    await ana.keyboard.press("Enter")
    await bo.get_by_role("button", name="Acknowledge").click()
    await expect(ana.get_by_role("log", name="Messages")).to_contain_text("Acknowledged by @Bo Chen")


async def test_nothing_moves_under_a_button_that_is_held_down(staffed: Sandbox, look: Open) -> None:
    page = await look(f"{staffed.url}/#as=ana&channel=alerts")
    log = page.get_by_role("log", name="Messages")
    await page.get_by_role("textbox", name="Message #alerts").fill("/incident card")
    await page.keyboard.press("Enter")
    await log.get_by_role("button", name="Acknowledge").hover()
    await page.mouse.down()
    async with page.expect_response("**/messages?**"), People(staffed.url) as people:
        await people.person("bo").says("Looking at it", channel="alerts")
    await expect(log).not_to_contain_text("Looking at it")
    await page.mouse.up()
    await expect(log).to_contain_text("Acknowledged by @Ana Lima")
    await expect(log).to_contain_text("Looking at it")


async def test_the_answer_to_a_command_is_for_one_person_only(staffed: Sandbox, look: Open) -> None:
    page = await look(f"{staffed.url}/#as=ana&channel=general")
    await page.get_by_role("textbox", name="Message #general").fill("/incident help")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Try /incident declare")).to_be_visible()
    await expect(page.get_by_text("Only visible to you")).to_be_visible()
    await page.get_by_label("Acting as").select_option("Bo Chen")
    await expect(page.get_by_text("Try /incident declare")).to_have_count(0)


async def test_the_home_tab_appears_when_it_is_opened(staffed: Sandbox, look: Open) -> None:
    page = await look(f"{staffed.url}/#as=cleo&channel=general")
    await page.get_by_role("link", name="Muster", exact=True).click()
    await expect(page.get_by_role("heading", name="Your incidents")).to_be_visible()


async def test_without_an_app_a_command_says_that_it_failed(northwind: Sandbox, look: Open) -> None:
    page = await look(f"{northwind.url}/#as=ana&channel=general")
    await page.get_by_role("textbox", name="Message #general").fill("/incident help")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text('/incident failed with the error "dispatch_failed"')).to_be_visible()


async def test_people_talk_react_and_correct_themselves(northwind: Sandbox, look: Open) -> None:
    page = await look(f"{northwind.url}/#as=eve&channel=general")
    box = page.get_by_role("textbox", name="Message #general")
    await box.fill("Hello @bo, see #alerts & <b>this</b>")
    await box.press("Enter")
    said = page.get_by_role("article", name="Eve Sato")
    await expect(said).to_contain_text("Hello @Bo Chen, see #alerts & <b>this</b>")
    await said.hover()
    await said.get_by_role("button", name="More message actions").click()
    await page.get_by_role("menuitem", name="Edit message").click()
    await expect(page.get_by_role("textbox", name="Edit message")).to_have_value("Hello @bo, see #alerts & <b>this</b>")
    await page.get_by_role("textbox", name="Edit message").fill("Hello all")
    await page.keyboard.press("Enter")
    await expect(said).to_contain_text("Hello all (edited)")
    await said.get_by_role("button", name="Add reaction").click()
    await page.get_by_role("menuitem", name="tada").click()
    await expect(said.get_by_role("button", name="tada, 1")).to_be_visible()
    await said.get_by_role("button", name="More message actions").click()
    await page.get_by_role("menuitem", name="Delete message").click()
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Hello all")).to_have_count(0)


async def test_calls_of_the_bot_appear_in_the_journal_with_their_errors(northwind: Sandbox, look: Open) -> None:
    page = await look(f"{northwind.url}/#as=ana&channel=general&calls=1")
    panel = page.get_by_role("complementary", name="Calls")
    await panel.get_by_role("button", name="Slack is down").click()
    await expect(panel.get_by_role("button", name="Slack is down")).to_have_attribute("aria-pressed", "true")
    client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{northwind.url}/api/", retry_handlers=[])
    with pytest.raises(SlackApiError, match="503"):
        await client.auth_test()
    await expect(panel.get_by_role("listitem")).to_contain_text("fault: down")
    await panel.get_by_role("button", name="Reset").click()
    await expect(panel.get_by_role("button", name="Reset")).to_be_disabled()
    assert northwind.faults.rules == []
    assert (await client.auth_test())["ok"]


async def test_messages_and_channels_between_people_who_never_wrote(northwind: Sandbox, look: Open) -> None:
    page = await look(f"{northwind.url}/#as=ana&channel=general")
    await page.get_by_role("link", name="Dmitri Haas").click()
    await page.get_by_role("textbox", name="Message Dmitri Haas").fill("Coffee?")
    await page.keyboard.press("Enter")
    await page.get_by_label("Acting as").select_option("Dmitri Haas")
    await expect(page.get_by_text("Coffee?")).to_be_visible()


async def test_the_page_finds_a_sandbox_that_was_started_anew(browser: Browser) -> None:
    first = Sandbox(SystemClock(), SeededChance(1))
    await first.start()
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{first.url}/#as=ana&channel=general")
    await page.wait_for_selector("body[data-version]")
    await first.stop()
    await expect(page.get_by_text("The sandbox does not answer.")).to_be_visible()
    second = Sandbox(SystemClock(), SeededChance(2))
    await second.start(port=int(first.url.rpartition(":")[2]))
    await expect(page.get_by_text("The sandbox does not answer.")).to_have_count(0, timeout=PATIENCE)
    await context.close()
    await second.stop()


async def test_a_file_is_brought_sent_and_read_by_another(northwind: Sandbox, look: Open) -> None:
    page = await look(f"{northwind.url}/#as=ana&channel=general")
    note = FilePayload(name="pool.md", mimeType="text/markdown", buffer=b"# Pool\n\n* size **2**\n")
    await page.locator("#composer input[type=file]").set_input_files(note)
    await page.get_by_role("textbox", name="Message #general").fill("The settings")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_label("Acting as").select_option("Bo Chen")
    await page.wait_for_selector("body[data-as=bo]")
    said = page.get_by_role("article", name="Ana Lima")
    await said.get_by_text("Preview").click()
    await expect(said.get_by_role("heading", name="Pool")).to_be_visible()
    async with page.expect_download() as download:
        await said.get_by_role("link", name="pool.md").click()
    assert (await (await download.value).path()).read_bytes() == note["buffer"]


async def test_a_message_is_pinned_for_everybody(northwind: Sandbox, look: Open) -> None:
    page = await look(f"{northwind.url}/#as=bo&channel=general")
    await page.get_by_role("textbox", name="Message #general").fill("Lunch is at noon")
    await page.keyboard.press("Enter")
    said = page.get_by_role("article", name="Bo Chen")
    await said.hover()
    await said.get_by_role("button", name="More message actions").click()
    await page.get_by_role("menuitem", name="Pin to this channel").click()
    await page.get_by_label("Acting as").select_option("Ana Lima")
    await expect(page.get_by_role("button", name="1 pinned")).to_be_visible()


async def test_a_private_channel_is_created_and_only_those_who_are_brought_in_see_it(
    northwind: Sandbox, look: Open
) -> None:
    page = await look(f"{northwind.url}/#as=ana&channel=general")
    await page.get_by_role("button", name="Create a channel").click()
    form = page.get_by_role("dialog", name="Create a channel")
    await form.get_by_label("Name").fill("War Room")
    await form.get_by_label("Private").check()
    await form.get_by_role("button", name="Create").click()
    await expect(page.get_by_role("textbox", name="Message #war-room")).to_be_visible()
    await page.get_by_label("Acting as").select_option("Bo Chen")
    await expect(page.get_by_text("Bo Chen cannot open “war-room”")).to_be_visible()
    await page.get_by_label("Acting as").select_option("Ana Lima")
    await page.get_by_role("link", name="war-room").click()
    await page.get_by_role("heading", name="war-room").first.get_by_role("button").click()
    await page.get_by_role("menuitem", name="Add people or the app").click()
    await page.get_by_role("menuitem", name="Bo Chen").click()
    await page.get_by_role("heading", name="war-room").first.get_by_role("button").click()
    await page.get_by_role("menuitem", name="Set the topic").click()
    await page.get_by_role("textbox", name="Topic").fill("Only here")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_label("Acting as").select_option("Bo Chen")
    await page.wait_for_selector("body[data-as=bo]")
    await page.get_by_role("link", name="war-room").click()
    await expect(page.get_by_text("Only here").first).to_be_visible()
