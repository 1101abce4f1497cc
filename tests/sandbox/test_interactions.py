"""What people press and type into: selects that ask the app, shortcuts, forms that stack, values that stay."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.errors import NotPossible
from bot.sandbox.state import forms
from bot.sandbox.state.ids import Obj, Ts
from bot.sandbox.state.records import Shortcut, ShortcutKind
from tests.sandbox.apps import CARD, MODAL
from tests.sandbox.here import ANA, Here

PLACEHOLDER = {"type": "plain_text", "text": "Service"}


def option(value: str) -> Obj:
    return {"text": {"type": "plain_text", "text": value.title()}, "value": value}


def asking(**more: Any) -> Obj:
    """Return a block with a select whose options the app knows."""
    element = {"type": "external_select", "action_id": "service", "placeholder": PLACEHOLDER, **more}
    return {"type": "actions", "block_id": "row", "elements": [element]}


def modal(*blocks: Obj, **more: Any) -> Obj:
    return {**MODAL, "notify_on_close": True, **more, "blocks": list(blocks) or MODAL["blocks"]}


async def suggested(here: Here, typed: str, *, ts: str) -> Obj:
    return await here.sandbox.control.presses.suggest(ANA, here.general, ts, "service", typed=typed)


async def posted(here: Here, *blocks: Obj) -> str:
    reply = await here.slack.call("chat.postMessage", channel="C0GENERAL", text="card", blocks=list(blocks))
    await here.settle()
    here.app.came.clear()
    here.app.payloads.clear()
    return str(reply.body["ts"])


async def test_the_app_is_asked_for_options_and_one_of_them_is_chosen(here: Here) -> None:
    ts = await posted(here, asking())
    here.app.outcome = Outcome(answer={"options": [option("checkout"), option("search")]})
    offered = await suggested(here, "che", ts=ts)
    await here.sandbox.control.presses.click(ANA, here.general, ts, "service", value="checkout")

    asked, chosen = here.app.payloads
    assert [one["value"] for one in offered["options"]] == ["checkout", "search"]
    assert (asked["type"], asked["value"], asked["action_id"], asked["block_id"]) == (
        "block_suggestion",
        "che",
        "service",
        "row",
    )
    assert asked["container"]["message_ts"] == asked["message"]["ts"] == ts
    assert chosen["actions"][0]["selected_option"] == option("checkout")
    assert chosen["state"]["values"]["row"]["service"]["selected_option"] == option("checkout")


async def test_options_may_come_in_groups(here: Here) -> None:
    ts = await posted(here, asking())
    group = {"label": {"type": "plain_text", "text": "Payments"}, "options": [option("checkout")]}
    here.app.outcome = Outcome(answer={"option_groups": [group]})

    assert await suggested(here, "che", ts=ts) == {"option_groups": [group]}
    await here.sandbox.control.presses.click(ANA, here.general, ts, "service", value="Checkout")
    assert here.app.payloads[-1]["actions"][0]["selected_option"] == option("checkout")


@pytest.mark.parametrize(("more", "typed", "asked"), [({}, "ch", 0), ({}, "che", 1), ({"min_query_length": 0}, "", 1)])
async def test_the_app_is_asked_once_enough_was_typed(here: Here, more: Obj, typed: str, asked: int) -> None:
    ts = await posted(here, asking(**more))

    assert await suggested(here, typed, ts=ts) == {"options": []}
    assert len(here.app.came) == asked


async def test_options_that_slack_would_not_show_are_an_error(here: Here) -> None:
    ts = await posted(here, asking())
    here.app.outcome = Outcome(answer={"options": [option("x" * 151)]})

    assert (await suggested(here, "che", ts=ts))["error"] == "invalid_options"
    with pytest.raises(NotPossible, match="not among the options"):
        await here.sandbox.control.presses.click(ANA, here.general, ts, "service", value="x" * 151)


async def test_an_app_that_does_not_answer_offers_nothing(here: Here) -> None:
    ts = await posted(here, asking())
    here.app.outcome = Outcome(failure=Failure.REFUSED)

    assert await suggested(here, "che", ts=ts) == {"options": [], "error": "dispatch_failed"}


async def test_forms_and_home_tabs_ask_too(here: Here) -> None:
    forms.open_modal(here.sandbox.workspace, ANA, modal(asking()))
    await here.slack.call("views.publish", user_id=ANA, view={"type": "home", "blocks": [asking()]})
    here.app.outcome = Outcome(answer={"options": [option("checkout")]})
    await here.sandbox.control.forms.suggest(ANA, "service", typed="che")
    await here.sandbox.control.presses.suggest_in_home(ANA, "service", typed="che")
    here.app.outcome = Outcome()
    await here.sandbox.control.presses.use_in_home(ANA, "service", value="checkout")
    await here.sandbox.control.forms.submit(ANA, {"row": {"service": "checkout"}})

    views = [one["view"] for one in here.app.payloads]
    assert [one["type"] for one in views] == ["modal", "home", "home", "modal"]
    chosen = {"row": {"service": {"type": "external_select", "selected_option": option("checkout")}}}
    assert [one["state"]["values"] for one in views[2:]] == [chosen, chosen]


async def test_a_button_comes_with_what_was_chosen_beside_it(here: Here) -> None:
    select = {
        "type": "static_select",
        "action_id": "severity",
        "placeholder": PLACEHOLDER,
        "options": [option("sev1"), option("sev2")],
    }
    ts = await posted(here, {"type": "actions", "block_id": "row", "elements": [select]}, *CARD)
    await here.sandbox.control.presses.click(ANA, here.general, ts, "severity", value="sev2")
    await here.sandbox.control.presses.click(ANA, here.general, ts, "acknowledge")

    pressed = here.app.payloads[-1]
    assert pressed["actions"][0]["action_id"] == "acknowledge"
    assert pressed["state"]["values"]["row"]["severity"]["selected_option"] == option("sev2")


async def test_a_button_of_an_ephemeral_message_comes_without_the_message(here: Here) -> None:
    reply = await here.slack.call("chat.postEphemeral", channel="C0GENERAL", user=ANA, text="card", blocks=CARD)
    await here.sandbox.control.presses.click(ANA, here.general, reply.body["message_ts"], "acknowledge")
    (pressed,) = here.app.payloads
    await here.slack.answer(pressed["response_url"], replace_original=True, text="done")
    replaced = [one.text for one in here.general.whispers.values()]
    await here.slack.answer(pressed["response_url"], delete_original="true")

    assert (pressed["container"]["is_ephemeral"], "message" in pressed) == (True, False)
    assert (replaced, here.general.whispers) == (["done"], {})


async def test_a_shortcut_on_a_message_brings_the_message_along(here: Here) -> None:
    ts = await posted(here, *CARD)
    await here.sandbox.control.presses.message_shortcut(ANA, here.general, ts, "to_timeline")
    (chosen,) = here.app.payloads
    opened = await here.slack.call("views.open", trigger_id=chosen["trigger_id"], view=MODAL)
    await here.slack.answer(chosen["response_url"], text="Noted")

    assert (chosen["type"], chosen["callback_id"], chosen["message_ts"]) == ("message_action", "to_timeline", ts)
    assert chosen["message"]["text"] == "card"
    assert opened.body["ok"]
    assert [one.text for one in here.general.whispers.values()] == ["Noted"]


async def test_only_registered_shortcuts_are_offered(here: Here) -> None:
    declare = Shortcut(callback_id="declare", name="Declare", kind=ShortcutKind.GLOBAL)
    here.sandbox.workspace.shortcuts = {"declare": declare}
    ts = await posted(here, *CARD)
    presses = here.sandbox.control.presses

    assert await presses.shortcut(ANA, "declare") == {}
    with pytest.raises(NotPossible, match="no global shortcut"):
        await presses.shortcut(ANA, "resolve")
    with pytest.raises(NotPossible, match="no message shortcut"):
        await presses.message_shortcut(ANA, here.general, ts, "declare")


async def open_three(here: Here) -> None:
    forms.open_modal(here.sandbox.workspace, ANA, modal(callback_id="one"))
    forms.push_modal(here.sandbox.workspace, ANA, modal(callback_id="two"))
    forms.push_modal(here.sandbox.workspace, ANA, modal(callback_id="three"))


def closed(here: Here) -> list[tuple[str, bool]]:
    return [(one["view"]["callback_id"], one["is_cleared"]) for one in here.app.payloads]


async def test_cancel_closes_the_topmost_form(here: Here) -> None:
    await open_three(here)
    await here.sandbox.control.forms.close(ANA)

    assert closed(here) == [("three", False)]


async def test_the_cross_closes_all_forms_and_the_app_hears_of_each(here: Here) -> None:
    await open_three(here)
    await here.sandbox.control.forms.close(ANA, everything=True)

    assert closed(here) == [("three", True), ("two", True), ("one", True)]
    assert forms.top(here.sandbox.workspace, ANA) is None


def submitted(here: Here, answer: Obj) -> None:
    """Let the app answer the next submission so."""
    here.app.outcome = Outcome(answer=answer)


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ({}, ["one"]),
        ({"response_action": "clear"}, []),
        ({"response_action": "update", "view": modal(callback_id="new")}, ["one", "new"]),
        ({"response_action": "push", "view": modal(callback_id="new")}, ["one", "two", "new"]),
        ({"response_action": "errors", "errors": {"title": "Say more"}}, ["one", "two"]),
    ],
    ids=["nothing", "clear", "update", "push", "errors"],
)
async def test_a_submission_is_answered_with_an_action(here: Here, answer: Obj, left: list[str]) -> None:
    workspace = here.sandbox.workspace
    forms.open_modal(workspace, ANA, modal(callback_id="one"))
    forms.push_modal(workspace, ANA, modal(callback_id="two"))
    submitted(here, answer)
    result = await here.sandbox.control.forms.submit(ANA, {"title": {"text": "Checkout"}})

    stack = [workspace.views[one].body["callback_id"] for one in workspace.modals.get(ANA, [])]
    assert stack == left
    assert result == {"errors": answer.get("errors", {})}


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "Say more"}},
        {"response_action": "update", "view": {"type": "modal"}},
    ],
    ids=["an error of no field", "a faulty view"],
)
async def test_an_answer_that_slack_refuses_leaves_the_form_as_it_was(here: Here, answer: Obj) -> None:
    view = forms.open_modal(here.sandbox.workspace, ANA, modal())
    submitted(here, answer)
    result = await here.sandbox.control.forms.submit(ANA, {"title": {"text": "Checkout"}})

    assert result["error"] == "invalid_arguments"
    assert forms.top(here.sandbox.workspace, ANA) is view


async def test_a_trigger_is_too_old_after_three_seconds(here: Here) -> None:
    await here.sandbox.control.presses.shortcut(ANA, "declare")
    await here.clock.advance(timedelta(seconds=3, milliseconds=1))
    trigger = here.app.payloads[0]["trigger_id"]

    opened = await here.slack.call("views.open", trigger_id=trigger, view=MODAL)
    assert opened.body["error"] == "expired_trigger_id"


async def test_a_form_that_wants_one_brings_an_address_to_answer_at(here: Here) -> None:
    element = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    block = {"type": "input", "block_id": "row", "label": PLACEHOLDER, "element": element}
    forms.open_modal(here.sandbox.workspace, ANA, modal(block))
    await here.sandbox.control.forms.submit(ANA, {"row": {"where": here.general.id}})
    (submission,) = here.app.payloads
    (given,) = submission["response_urls"]
    await here.slack.answer(given.pop("response_url"), text="Declared", response_type="in_channel")

    assert given == {"block_id": "row", "action_id": "where", "channel_id": here.general.id}
    assert here.texts == ["Declared"]


async def test_an_answer_goes_to_the_thread_that_it_names(here: Here) -> None:
    ts = await posted(here, *CARD)
    await here.sandbox.control.presses.click(ANA, here.general, ts, "acknowledge")
    url = here.app.payloads[-1]["response_url"]
    await here.slack.answer(url, text="noted", response_type="in_channel", thread_ts=ts)
    missing = await here.slack.answer(url, text="lost", response_type="in_channel", thread_ts="1.000000")

    (reply,) = here.general.messages[Ts(ts)].replies
    assert here.general.messages[reply].text == "noted"
    assert (missing.status, missing.body["error"]) == (404, "thread_not_found")
