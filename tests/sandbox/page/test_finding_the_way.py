"""Links lead to places within the page, closed doors are said to be closed, light or dark is a choice."""

import pytest
from playwright.async_api import expect

from tests.sandbox.page import blocks, scene
from tests.sandbox.page.conftest import Open
from tests.sandbox.page.stub import Stub

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.asyncio(loop_scope="package")]

SECRET = "C0SECRET"


def talk_of(stub: Stub, *texts: str) -> None:
    """Put these messages into #general."""
    stub.messages["C0GENERAL"] = [scene.said(f"17952{26000 + at}.000001", "U0BO", one) for at, one in enumerate(texts)]


ADDRESSES = [
    "https://slack.com/app_redirect?channel=C0INC",
    "https://slack.com/app_redirect?channel=C0INC&amp;team=T0SANDBOX",
    "https://northwind.slack.com/archives/C0INC",
    "https://app.slack.com/client/T0SANDBOX/C0INC",
    "slack://channel?team=T0SANDBOX&amp;id=C0INC",
]


async def test_every_form_of_a_channels_address_opens_it_in_the_page(at: Open, stub: Stub) -> None:
    talk_of(stub, *(f"Go <{where}|by way {number}>" for number, where in enumerate(ADDRESSES)))
    page = await at("channel=general")
    for number in range(len(ADDRESSES)):
        await page.get_by_role("link", name=f"by way {number}").click()
        await expect(page.get_by_role("heading", name="inc-42-checkout").first).to_be_visible()
        await page.get_by_role("link", name="general").first.click()
    assert len(page.context.pages) == 1


async def test_a_button_with_a_channels_address_opens_it_in_the_page_and_tells_the_app(at: Open, stub: Stub) -> None:
    join = blocks.button("Join Channel", "join", url="https://slack.com/app_redirect?channel=C0INC")
    row = {"type": "actions", "block_id": "a", "elements": [join]}
    stub.messages["C0GENERAL"] = [scene.from_bot("1795229210.000100", "Join", blocks=[row])]
    page = await at("channel=general")
    await page.get_by_role("link", name="Join Channel").click()
    await expect(page.get_by_role("heading", name="inc-42-checkout").first).to_be_visible()
    assert (await stub.body_of("click"))["action_id"] == "join"
    assert len(page.context.pages) == 1


async def test_a_link_to_a_message_shows_that_message(at: Open, stub: Stub) -> None:
    stub.messages["C0GENERAL"].insert(0, scene.said("1795225000.000001", "U0BO", "The very first"))
    talk = scene.said(
        "1795225001.000001", "U0BO", "See <https://northwind.slack.com/archives/C0GENERAL/p1795225000000001|this>"
    )
    stub.messages["C0ALERTS"] = [talk]
    page = await at("channel=alerts")
    await page.get_by_role("link", name="this").click()
    await expect(page.get_by_text("The very first")).to_be_in_viewport()


async def test_another_workspaces_address_is_left_to_the_browser(at: Open, stub: Stub) -> None:
    talk_of(stub, "<https://slack.com/app_redirect?channel=C0INC&amp;team=T0OTHER|elsewhere>")
    page = await at("channel=general")
    await expect(page.get_by_role("link", name="elsewhere")).to_have_attribute("target", "_blank")


async def test_a_link_to_a_private_channel_says_that_it_cannot_be_opened(at: Open, stub: Stub) -> None:
    talk_of(stub, f"<https://slack.com/app_redirect?channel={SECRET}|the room>")
    page = await at("channel=general")
    await page.get_by_role("link", name="the room").click()
    await expect(page.get_by_role("alert")).to_contain_text("You cannot open that channel")
    await expect(page.get_by_role("heading", name="general").first).to_be_visible()


async def test_a_place_that_the_person_may_not_see_is_said_to_be_closed(at: Open) -> None:
    page = await at("as=bo&channel=inc-99-secret")
    await expect(page.get_by_text("Bo Chen cannot open “inc-99-secret”")).to_be_visible()


async def test_people_who_join_together_share_a_line(at: Open, stub: Stub) -> None:
    came = [
        scene.said(
            f"1795226000.00000{at}", who, f"<@{who}> has joined the channel", subtype="channel_join", inviter="U0MUSTER"
        )
        for at, who in enumerate(("U0ANA", "U0BO", "U0CLEO"))
    ]
    stub.messages["C0GENERAL"] = came
    page = await at("channel=general")
    line = "was added to #general by Muster along with Bo Chen and Cleo Okafor."
    await expect(page.get_by_role("article")).to_have_count(1)
    await expect(page.get_by_role("article")).to_contain_text(line)


async def test_dark_or_light_is_a_choice_that_is_kept(at: Open) -> None:
    page = await at("channel=general")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = await page.evaluate(paper)
    await page.get_by_role("button", name="Dark mode").click()
    assert await page.evaluate(paper) != light
    await page.reload()
    await expect(page.get_by_role("button", name="Dark mode")).to_have_attribute("aria-pressed", "true")
    assert await page.evaluate(paper) != light
