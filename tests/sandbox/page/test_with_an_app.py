"""The page, the real sandbox and a bare app behind it: options that the app is asked for, shortcuts, forms, faults."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.server import Sandbox
from bot.sandbox.state.records import Shortcut, ShortcutKind
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN
from tests.sandbox.page.conftest import Open
from tests.sandbox.socket_app import SocketApp, socket_app
from tests.sandbox.test_people import CARD, FORM, services

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.asyncio(loop_scope="package")]


@pytest_asyncio.fixture(loop_scope="package")
async def northwind() -> AsyncIterator[Sandbox]:
    """Return the real sandbox; its app has two shortcuts."""
    async with Sandbox(SystemClock(), SeededChance(1)) as sandbox:
        for kind in ShortcutKind:
            name = f"Report a {kind.value}"
            sandbox.workspace.shortcuts[kind.value] = Shortcut(callback_id=kind.value, name=name, kind=kind)
        yield sandbox


@pytest_asyncio.fixture(loop_scope="package")
async def app(northwind: Sandbox) -> AsyncIterator[SocketApp]:
    """Return a bare app that knows the services."""
    async with socket_app(northwind, APP_TOKEN, answer=services) as connected:
        yield connected


@pytest.fixture
def client(northwind: Sandbox) -> AsyncWebClient:
    """Return Slack's own client with the bot's token."""
    return AsyncWebClient(token=BOT_TOKEN, base_url=f"{northwind.url}/api/", retry_handlers=[])


async def test_a_service_is_chosen_from_what_the_app_offers(
    northwind: Sandbox, app: SocketApp, client: AsyncWebClient, look: Open
) -> None:
    await client.chat_postMessage(channel="C0GENERAL", text="A card", blocks=CARD)
    page = await look(f"{northwind.url}/#as=ana&channel=general")
    service = page.get_by_role("combobox", name="Service")
    await service.press_sequentially("C")
    options = page.get_by_role("listbox", name="Service").get_by_role("option")
    await expect(options).to_have_text(["Checkout", "Cart"])
    await options.filter(has_text="Cart").click()
    while (heard := await app.next("interactive"))["type"] != "block_actions":
        pass
    assert heard["actions"][0]["selected_option"]["value"] == "cart"


async def test_a_shortcut_opens_a_form_that_is_handed_in_with_an_offered_option(
    northwind: Sandbox, app: SocketApp, client: AsyncWebClient, look: Open
) -> None:
    page = await look(f"{northwind.url}/#as=ana&channel=general")
    await page.get_by_role("button", name="Attach a file or use a shortcut").first.click()
    await page.get_by_role("menuitem", name="Report a global").click()
    await client.views_open(trigger_id=(await app.next("interactive"))["trigger_id"], view=FORM)
    form = page.get_by_role("dialog", name="Declare")
    await form.get_by_role("button", name="Declare").click()
    await expect(form.get_by_role("alert")).to_have_text("Please complete this required field.")
    await form.get_by_role("combobox", name="Service").press_sequentially("Se")
    await form.get_by_role("option", name="Search").click()
    await form.get_by_label("Notes").fill("Slow since noon")
    await form.get_by_role("button", name="Declare").click()
    await expect(form).to_have_count(0)
    while (heard := await app.next("interactive"))["type"] != "view_submission":
        pass
    values = heard["view"]["state"]["values"]
    assert values["service"]["service"]["selected_option"]["value"] == "search"
    assert values["notes"]["text"]["value"] == "Slow since noon"


async def test_a_messages_shortcut_brings_the_message_along(northwind: Sandbox, app: SocketApp, look: Open) -> None:
    page = await look(f"{northwind.url}/#as=ana&channel=general")
    await page.get_by_role("textbox", name="Message #general").fill("It is slow")
    await page.keyboard.press("Enter")
    said = page.get_by_role("article", name="Ana Lima")
    await said.hover()
    await said.get_by_role("button", name="More message actions").click()
    await page.get_by_role("menuitem", name="Report a message").click()
    heard = await app.next("interactive")
    assert (heard["type"], heard["message"]["text"]) == ("message_action", "It is slow")


async def test_events_are_dropped_while_that_switch_is_on(northwind: Sandbox, app: SocketApp, look: Open) -> None:
    page = await look(f"{northwind.url}/#as=ana&channel=general&calls=1")
    panel = page.get_by_role("complementary", name="Calls")
    await panel.get_by_role("button", name="Drop events").click()
    await expect(page.get_by_role("status").filter(has_text="No event reaches the bot.")).to_be_visible()
    await page.get_by_role("textbox", name="Message #general").fill("Nobody hears this")
    await page.keyboard.press("Enter")
    await expect(panel.get_by_role("listitem").filter(has_text="dropped").first).to_be_visible()
    await page.get_by_role("button", name="End it").click()
    await page.get_by_role("textbox", name="Message #general").fill("But this")
    await page.keyboard.press("Enter")
    assert (await app.next("events_api"))["event"]["text"] == "But this"


async def test_the_canvas_of_a_channel_is_read_by_its_members(
    northwind: Sandbox, client: AsyncWebClient, look: Open
) -> None:
    paper = {"type": "markdown", "markdown": "# What happened\n\n* 10:46 alert\n"}
    await client.conversations_canvases_create(channel_id="C0ALERTS", title="Postmortem", document_content=paper)
    page = await look(f"{northwind.url}/#as=ana&channel=alerts")
    await page.get_by_role("button", name="Postmortem").click()
    dialog = page.get_by_role("dialog", name="Postmortem")
    await expect(dialog.get_by_role("heading", name="What happened")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await page.get_by_label("Acting as").select_option("Eve Sato")
    await expect(page.get_by_text("You are not in #alerts.")).to_be_visible()
    await expect(page.get_by_role("button", name="Postmortem")).to_have_count(0)
