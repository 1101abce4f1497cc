"""What the page shows: text stays text, blocks look as in Slack, changes arrive without disturbing the reader."""

import pytest
from playwright.async_api import Page, expect

from tests.sandbox.page import blocks, scene
from tests.sandbox.page.conftest import Open
from tests.sandbox.page.stub import Stub

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.asyncio(loop_scope="package")]


async def scroll_of(page: Page) -> int:
    return int(await page.evaluate("Math.round(document.querySelector('#messages').scrollTop)"))


async def test_text_from_outside_never_becomes_markup(at: Open) -> None:
    page = await at("channel=inc-42-checkout")
    for text in (
        "<img src=x onerror=\"document.title='broken'\"> and a link stay text",
        "<img src=x onerror=document.title='broken'> too",
        "<b>not bold</b>",
    ):
        await expect(page.get_by_text(text)).to_be_visible()
    assert await page.locator("img[src='x'], b, a[href^='javascript:']").count() == 0
    assert "broken" not in await page.title()


async def test_what_people_write_never_becomes_markup(at: Open, stub: Stub) -> None:
    page = await at("channel=general")
    for number, typed in enumerate(
        (
            "<script>document.title='broken'</script>",
            "<img src=x onerror=document.title='broken'>",
            "<svg/onload=document.title='broken'>",
        )
    ):
        escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        stub.messages["C0GENERAL"].append(scene.said(f"179523280{number}.000001", "U0BO", escaped))
        stub.channels[0]["topic"] = escaped
        stub.tell()
        await expect(page.get_by_role("log").get_by_text(typed)).to_be_visible()
        await expect(page.locator(".topic")).to_have_text(typed)
        assert "broken" not in await page.title()


async def test_every_kind_of_block_is_drawn(at: Open) -> None:
    page = await at("channel=inc-42-checkout")
    rows = page.locator(f"[data-ts='{scene.CARD}']")
    await expect(rows.get_by_role("heading")).to_have_text("INC-42: Checkout fails for card payments")
    await expect(rows.get_by_role("link", name="#inc-42-checkout")).to_be_visible()
    rich = page.locator("[data-ts='1795229800.000500']")
    await expect(rich.get_by_role("listitem").filter(has_text="errors fall").locator("ol > li")).to_have_text("graph")
    await expect(rich.get_by_role("heading", name="Timeline")).to_be_visible()
    await expect(rich.get_by_role("checkbox", name="done")).to_be_checked()
    await expect(rich.get_by_role("region").get_by_role("columnheader")).to_have_text(["Service", "Errors"])
    await expect(rich.get_by_role("img", name="error rate, rising")).to_be_visible()
    await expect(rich.get_by_text("“somethingnew” is not drawn")).to_be_visible()


async def test_times_are_those_of_the_reader(at: Open) -> None:
    page = await at("channel=payments-alerts")
    alert = page.locator(f"[data-ts='{scene.ALERT}']")
    for who, time in (("Ana Lima", "2:46"), ("Bo Chen", "10:46"), ("Dmitri Haas", "3:46")):
        await page.get_by_label("Acting as").select_option(who)
        await expect(alert.locator(".m-time")).to_have_text(time)
        await expect(alert.locator(".date")).to_contain_text(f"at {time}")


async def test_a_file_of_markdown_is_read_in_place(at: Open) -> None:
    page = await at("channel=inc-42-checkout")
    card = page.locator(".file")
    await expect(card.get_by_role("link", name="timeline.md")).to_have_attribute("href", "/files/F1/timeline.md")
    await expect(card).to_contain_text("MD · 2.4 kB")
    await card.get_by_text("Preview").click()
    await expect(card.get_by_role("heading", name="Timeline")).to_be_visible()
    await expect(card.get_by_role("listitem")).to_have_text(["10:46 alert", "10:49 declared by Bo"])


async def test_a_change_leaves_the_draft_and_the_readers_place_alone(at: Open, stub: Stub) -> None:
    page = await at("channel=general")
    await page.get_by_role("textbox", name="Message #general").fill("half a sent")
    await page.evaluate("document.querySelector('#messages').scrollTop = 300")
    await page.wait_for_function("document.querySelector('#messages').scrollTop === 300")
    stub.messages["C0GENERAL"].append(scene.said("1795232800.000001", "U0BO", "The newest"))
    stub.tell()
    await expect(page.get_by_role("button", name="New messages")).to_be_visible()
    assert await scroll_of(page) == 300
    await expect(page.get_by_role("textbox", name="Message #general")).to_have_value("half a sent")
    await page.get_by_role("button", name="New messages").click()
    await expect(page.get_by_text("The newest")).to_be_in_viewport()


async def test_at_the_end_the_newest_message_is_followed(at: Open, stub: Stub) -> None:
    page = await at("channel=general")
    await expect(page.get_by_text("Note number 39")).to_be_in_viewport()
    stub.messages["C0GENERAL"].append(scene.said("1795232800.000001", "U0BO", "The newest\n" * 5))
    stub.tell()
    await expect(page.get_by_text("The newest")).to_be_in_viewport()


async def test_a_picture_that_loads_late_does_not_push_the_newest_message_away(at: Open) -> None:
    page = await at("channel=inc-42-checkout")
    await page.wait_for_function("document.querySelector('img.large').complete")
    await page.get_by_role("button", name="What to try").click()
    await page.get_by_role("button", name="Close the hint").click()
    await expect(page.get_by_text("Only Ana sees that you are the lead now.")).to_be_in_viewport()


async def test_an_edited_card_is_drawn_anew_where_it_stands(at: Open, stub: Stub) -> None:
    page = await at("channel=inc-42-checkout")
    await page.locator(f"[data-ts='{scene.CARD}']").get_by_role("button", name="Post Update").focus()
    card = next(one for one in stub.messages["C0INC"] if one["ts"] == scene.CARD)
    card["blocks"] = blocks.card("Mitigated")
    stub.tell()
    await expect(page.locator(f"[data-ts='{scene.CARD}']")).to_contain_text("Mitigated")
    await expect(page.locator(f"[data-ts='{scene.CARD}']").get_by_role("button", name="Post Update")).to_be_focused()


async def test_an_unread_channel_is_marked_until_it_is_opened(at: Open, stub: Stub) -> None:
    page = await at("channel=general")
    await expect(page.get_by_role("link", name="alerts 4 unread").first).to_be_visible()
    await page.get_by_role("link", name="alerts 4 unread").first.click()
    assert await stub.body_of("read") == {"as": "U0ANA", "channel": "C0ALERTS"}


async def test_calls_are_listed_and_faults_switched(at: Open, stub: Stub) -> None:
    page = await at("channel=general")
    await page.get_by_role("button", name="Calls").click()
    panel = page.get_by_role("complementary", name="Calls")
    await expect(panel.get_by_role("listitem")).to_have_count(5)
    await panel.get_by_role("button", name="Errors").click()
    await expect(panel.get_by_role("listitem")).to_contain_text(["already_in_channel", "fault: lost", "http timeout"])
    await panel.get_by_role("button", name="Slack is down").click()
    assert (await stub.body_of("faults"))["rules"] == [{"method": "*", "when": "down"}]
    await expect(panel.get_by_role("button", name="Slack is down")).to_have_attribute("aria-pressed", "true")
    await panel.get_by_role("button", name="Reset").click()
    await expect(panel.get_by_role("button", name="Slack is down")).to_have_attribute("aria-pressed", "false")
    assert stub.rules == []


async def test_on_a_phone_the_channels_are_behind_a_button(at: Open) -> None:
    page = await at("channel=payments-alerts", width=390, height=844)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await expect(page.get_by_label("Acting as")).not_to_be_visible()
    await page.get_by_role("button", name="Show channels").click()
    await page.get_by_role("link", name="incidents").click()
    await expect(page.get_by_role("heading", name="incidents").first).to_be_visible()
    await expect(page.get_by_label("Acting as")).not_to_be_visible()


async def test_a_newcomer_is_told_what_to_try_until_they_put_it_away(at: Open) -> None:
    page = await at("channel=general")
    await expect(page.get_by_text("A Slack workspace on your computer")).to_have_count(0)
    await page.get_by_role("button", name="What to try").click()
    await page.get_by_role("button", name="/incident help").click()
    await expect(page.get_by_role("textbox", name="Message #general")).to_have_value("/incident help")
    await page.get_by_role("button", name="Close the hint").click()
    await expect(page.get_by_text("A Slack workspace on your computer")).to_have_count(0)


async def test_the_hint_takes_a_line_or_two_and_with_the_keys_three(at: Open) -> None:
    page = await at("channel=general")
    await page.add_init_script("localStorage.removeItem('muster-sandbox-hint')")
    await page.reload()
    hint = page.get_by_role("region", name="A Slack workspace on your computer")
    await expect(hint).to_be_visible()
    line = await page.evaluate("parseFloat(getComputedStyle(document.querySelector('.hint-card')).lineHeight)")
    box = await hint.bounding_box()
    assert box
    assert box["height"] < 3 * line
    await page.get_by_role("button", name="Close the hint").click()
    await page.get_by_role("button", name="What to try").click()
    await expect(hint).to_contain_text("jumps to a channel")


async def test_the_hint_points_to_a_channel_where_there_is_an_alert(at: Open, stub: Stub) -> None:
    stub.messages["C0ALERTS"] = stub.messages.pop("C0PAYMENTS")
    page = await at("channel=general")
    await page.get_by_role("button", name="What to try").click()
    await page.get_by_role("button", name="#alerts").click()
    await expect(page.get_by_role("button", name="Declare Incident")).to_be_visible()


async def test_what_is_broken_on_purpose_is_said_until_it_is_ended(at: Open, stub: Stub) -> None:
    stub.rules = [{"method": "*", "when": "slow"}, {"method": "chat.update", "when": "lost"}]
    page = await at("channel=general")
    banner = page.get_by_role("status").filter(has_text="Broken on purpose.")
    await expect(banner).to_contain_text("Slow: Every call takes four seconds. 1 fault is in force from elsewhere.")
    await banner.get_by_role("button", name="End it").click()
    await expect(banner).to_have_count(0)
    assert stub.rules == []


async def test_calls_are_found_by_what_they_hold(at: Open) -> None:
    page = await at("channel=general&calls=1")
    panel = page.get_by_role("complementary", name="Calls")
    await panel.get_by_role("searchbox", name="Find in calls").fill("ALREADY_in")
    await expect(panel.get_by_role("listitem")).to_have_count(1)
    await expect(panel.get_by_role("listitem")).to_contain_text("round trip 3")
    await panel.get_by_role("searchbox", name="Find in calls").fill("")
    await expect(panel.get_by_role("listitem")).to_have_count(5)
    await panel.get_by_role("button", name="Clear").click()
    await expect(panel.get_by_role("listitem")).to_have_count(0)
