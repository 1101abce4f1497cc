"""Every element that apps use in forms gives what Slack would send, and the rarer blocks are drawn."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.sandbox.page import blocks, rarities, scene
from tests.sandbox.page.conftest import Open
from tests.sandbox.page.stub import Stub

pytestmark = [pytest.mark.peer("chromium"), pytest.mark.asyncio(loop_scope="package")]


async def opened(at: Open, stub: Stub) -> tuple[Page, Locator]:
    """Open the form that has one of each field."""
    stub.views["U0ANA"] = rarities.every_field()
    page = await at("channel=general")
    return page, page.get_by_role("dialog", name="Every field")


async def test_what_is_typed_and_chosen_is_sent_as_slack_has_it(at: Open, stub: Stub) -> None:
    page, form = await opened(at, stub)
    await expect(form.get_by_label("Notes")).to_be_focused()
    await form.get_by_label("Address").fill("ana@northwind.example")
    await form.get_by_label("Count").fill("3")
    await form.get_by_label("Day").fill("2026-11-21")
    await form.get_by_label("Time").fill("10:46")
    await form.get_by_label("Notes").fill("Pool size was 2.\nNow 20.")
    await form.get_by_label("Later").check()
    await page.locator("input[type=file]").last.set_input_files(
        {"name": "pool.txt", "mimeType": "text/plain", "buffer": b"2"}
    )
    await expect(form.get_by_role("button", name="Remove pool.txt")).to_be_visible()
    await form.get_by_role("button", name="Declare Incident").click()
    values = (await stub.body_of("modal/submit"))["values"]
    typed = {"type": "text", "text": "Pool size was 2.\nNow 20."}
    assert values["mail"] == {"mail": "ana@northwind.example"}
    assert values["count"] == {"count": "3"}
    assert (values["day"], values["time"]) == ({"day": "2026-11-21"}, {"time": "10:46"})
    assert values["notes"]["notes"]["elements"][0]["elements"] == [typed]
    assert values["speed"] == {"speed": "later"}
    assert [one["name"] for one in values["proof"]["proof"]] == ["pool.txt"]
    assert values["when"] == {"when": 1795229210}


async def test_a_moment_is_shown_and_chosen_in_the_readers_time_zone(at: Open, stub: Stub) -> None:
    _, form = await opened(at, stub)
    await expect(form.get_by_label("When")).to_have_value("2026-11-21T02:46")  # Lisbon, not New York
    await form.get_by_label("When").fill("2026-11-21T12:00")
    await form.get_by_label("Address").fill("ana@northwind.example")
    await form.get_by_role("button", name="Declare Incident").click()
    assert (await stub.body_of("modal/submit"))["values"]["when"] == {"when": 1795262400}


async def test_an_address_a_link_and_a_number_are_checked_before_anything_is_sent(at: Open, stub: Stub) -> None:
    _, form = await opened(at, stub)
    await form.get_by_label("Address").fill("ana at northwind")
    await form.get_by_label("Link").fill("javascript:alert(1)")
    await form.get_by_label("Count").fill("0")
    await form.get_by_role("button", name="Declare Incident").click()
    wrong = ["Please write a valid email address.", "Please write a valid link, with https://.",
             "Please write a number of at least 1."]  # fmt: skip
    await expect(form.get_by_role("alert")).to_have_text(wrong)
    assert stub.bodies("modal/submit") == []


async def test_options_come_from_the_app_while_one_types(at: Open, stub: Stub) -> None:
    _, form = await opened(at, stub)
    service = form.get_by_role("combobox", name="Service (optional)")
    await service.press_sequentially("p")
    await expect(form.get_by_text("Type at least 2 letters.")).to_be_visible()
    await service.press_sequentially("ay")
    offered = form.get_by_role("listbox", name="Service", exact=True)
    await expect(offered.get_by_role("option")).to_have_text(["payments-api", "payments-worker"])
    assert [body["typed"] for body in stub.bodies("modal/suggest")] == ["pay"], "one question, after a pause"
    await service.press("ArrowDown")
    await service.press("Enter")
    await expect(service).to_have_value("payments-worker")
    await form.get_by_label("Address").fill("ana@northwind.example")
    await form.get_by_role("button", name="Declare Incident").click()
    chosen = (await stub.body_of("modal/submit"))["values"]["service"]["service"]
    assert chosen == blocks.option("payments-worker", "payments-worker")


async def test_several_options_of_the_app_are_chosen_and_one_is_removed(at: Open, stub: Stub) -> None:
    _, form = await opened(at, stub)
    services = form.get_by_role("combobox", name="Services (optional)")
    await services.focus()
    for name in ("payments-api", "checkout"):
        await services.fill(name[:4])
        await form.get_by_role("listbox", name="Services").get_by_role("option", name=name).click()
    await form.get_by_role("button", name="Remove payments-api").click()
    await form.get_by_label("Address").fill("ana@northwind.example")
    await form.get_by_role("button", name="Declare Incident").click()
    chosen = (await stub.body_of("modal/submit"))["values"]["services"]["services"]
    assert [one["value"] for one in chosen] == ["checkout"]


async def test_a_field_that_asks_for_every_letter_tells_the_app(at: Open, stub: Stub) -> None:
    _, form = await opened(at, stub)
    await form.get_by_label("Name").press_sequentially("pool")
    assert (await stub.body_of("modal/act"))["value"] == "pool"


async def test_a_long_form_keeps_its_title_and_its_buttons_in_sight(at: Open, stub: Stub) -> None:
    _, form = await opened(at, stub)
    await expect(form.get_by_role("heading", name="Every field")).to_be_in_viewport(ratio=1)
    await expect(form.get_by_role("button", name="Declare Incident")).to_be_in_viewport(ratio=1)


async def test_the_rarer_blocks_are_drawn_and_thumbs_reach_the_app(at: Open, stub: Stub) -> None:
    stub.messages["C0GENERAL"] = [scene.from_bot("1795229210.000100", "Answer", blocks=rarities.rarer())]
    page = await at("channel=general")
    answer = page.get_by_role("article")
    await expect(answer.get_by_role("link", name="The outage, replayed")).to_be_visible()
    await expect(answer).to_contain_text("drive-1")
    await expect(answer).to_contain_text("Roll back (in progress)")
    await expect(answer.get_by_text("not drawn")).to_have_count(0)
    await answer.get_by_role("button", name="Bad answer").click()
    body = await stub.body_of("click")
    assert (body["action_id"], body["value"]) == ("feedback", "bad")
