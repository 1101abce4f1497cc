"""Every block and element that Slack has: one that it takes, and what it refuses about it."""

import copy
from typing import Any

import pytest
from slack_sdk.models.blocks import Block as SdkBlock

from bot.sandbox.blocks import Surface, check_blocks, check_view
from bot.sandbox.elements import CHECKS as ELEMENTS
from bot.sandbox.layouts import CHECKS as BLOCKS
from tests.sandbox.test_blocks import Block, actions, button, modal, mrkdwn, plain

OPTION: Block = {"text": plain("One"), "value": "1"}
WORDS: Block = {"type": "rich_text_section", "elements": [{"type": "text", "text": "down"}]}
RICH: Block = {"type": "rich_text", "elements": [WORDS]}
CARD_BLOCK: Block = {"type": "card", "title": mrkdwn("Checkout"), "actions": [button()]}
TASK: Block = {"type": "task_card", "task_id": "1", "title": "Look", "status": "pending", "details": RICH}
FEEDBACK: Block = {
    "type": "feedback_buttons",
    "action_id": "helpful",
    "positive_button": {"text": plain("Yes"), "value": "1"},
    "negative_button": {"text": plain("No"), "value": "0"},
}
ICON: Block = {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("Delete")}
ALT = {"image_url": "https://example.com/a.png", "alt_text": "A graph"}
VIDEO: Block = {
    "type": "video",
    "title": plain("How to"),
    "alt_text": "How to",
    "video_url": "https://example.com/v",
    "thumbnail_url": "https://example.com/t.png",
}
PROVIDER: Block = {"type": "auth_provider", "value": "pager", "name": plain("Pager"), "is_connected": False}
# One good block of each type.
GOOD: dict[str, Block] = {
    "actions": actions(button()),
    "alert": {"type": "alert", "text": plain("Say more"), "level": "warning"},
    "auth_provider": PROVIDER,
    "call": {"type": "call", "call_id": "R1"},
    "card": CARD_BLOCK,
    "carousel": {"type": "carousel", "elements": [CARD_BLOCK] * 10},
    "container": {"type": "container", "title": plain("Steps"), "child_blocks": [{"type": "divider"}]},
    "context": {"type": "context", "elements": [mrkdwn("by Ana"), {"type": "image", **ALT}]},
    "context_actions": {"type": "context_actions", "elements": [FEEDBACK, ICON]},
    "data_table": {"type": "data_table", "rows": [[{}]]},
    "divider": {"type": "divider"},
    "file": {"type": "file", "external_id": "A1", "source": "remote"},
    "header": {"type": "header", "text": plain("Checkout is down")},
    "image": {"type": "image", **ALT, "title": plain("Errors")},
    "input": {"type": "input", "label": plain("Title"), "element": {"type": "plain_text_input", "action_id": "a"}},
    "markdown": {"type": "markdown", "text": "**down**"},
    "plan": {"type": "plan", "title": "Steps", "tasks": [TASK]},
    "rich_text": RICH,
    "section": {"type": "section", "text": mrkdwn("*down*"), "accessory": button()},
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_number", "value": 1}, RICH]]},
    "task_card": TASK,
    "video": VIDEO,
}

# slack_sdk 3.47 has no model of data_table.
MODELLED = sorted(set(GOOD) - {"data_table"})


def as_input(element: Block) -> Block:
    return {"type": "input", "label": plain("Title"), "element": element}


# One good element of each type, where it stands.
INPUTS: list[Block] = [
    {"type": "checkboxes", "options": [OPTION], "initial_options": [OPTION]},
    {"type": "datepicker", "initial_date": "2026-03-02"},
    {"type": "datetimepicker", "initial_date_time": 1772442000},
    {"type": "email_text_input"},
    {"type": "file_input", "filetypes": ["pdf"], "max_files": 10},
    {"type": "multi_static_select", "options": [OPTION], "max_selected_items": 2},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
    {"type": "plain_text_input", "multiline": True, "min_length": 1, "max_length": 3_000},
    {"type": "radio_buttons", "options": [OPTION], "initial_option": OPTION},
    {"type": "rich_text_input"},
    {"type": "static_select", "option_groups": [{"label": plain("All"), "options": [OPTION]}]},
    {"type": "timepicker", "initial_time": "09:00", "timezone": "Europe/Berlin"},
    {"type": "url_text_input", "placeholder": plain("https://")},
    *({"type": f"{many}{kind}_select"} for many in ("", "multi_") for kind in ("users", "channels", "conversations")),
    *({"type": f"{many}external_select", "min_query_length": 0} for many in ("", "multi_")),
]
ELSEWHERE: list[Block] = [
    {"type": "overflow", "options": [OPTION] * 5},
    {
        "type": "workflow_button",
        "text": plain("Run"),
        "workflow": {"trigger": {"url": "https://slack.com/shortcuts/1"}},
    },
]


def surface_of(kind: str) -> Surface:
    return Surface.MODAL if kind == "alert" else Surface.MESSAGE


def test_there_is_a_good_example_of_every_block_and_element() -> None:
    shown = {one["type"] for one in (*INPUTS, *ELSEWHERE)} | {"button", "image", "feedback_buttons", "icon_button"}

    assert set(GOOD) == set(BLOCKS)
    assert shown == set(ELEMENTS)


@pytest.mark.parametrize("kind", sorted(GOOD))
def test_a_good_block_is_taken(kind: str) -> None:
    assert check_blocks([GOOD[kind]], surface=surface_of(kind)) == []


@pytest.mark.parametrize("kind", MODELLED)
def test_slacks_own_models_take_the_same_block(kind: str) -> None:
    parsed = SdkBlock.parse(copy.deepcopy(GOOD[kind]))

    assert parsed is not None
    # Raises SlackObjectFormationError for what they find wrong.
    assert parsed.to_dict()["type"] == kind


@pytest.mark.parametrize("element", INPUTS, ids=lambda one: str(one["type"]))
def test_a_good_input_is_taken(element: Block) -> None:
    assert check_blocks([as_input(element)], surface=Surface.MODAL) == []


@pytest.mark.parametrize("element", ELSEWHERE, ids=lambda one: str(one["type"]))
def test_a_good_element_is_taken_in_a_section_but_not_in_an_input(element: Block) -> None:
    assert check_blocks([{**GOOD["section"], "accessory": element}], surface=Surface.MESSAGE) == []
    assert check_blocks([as_input(element)], surface=Surface.MODAL) == [
        f"unsupported type: {element['type']} [json-pointer:/blocks/0/element/type]"
    ]


@pytest.mark.parametrize("kind", MODELLED)
def test_a_property_that_the_block_does_not_have_is_pointed_at(kind: str) -> None:
    assert "invalid additional property: colour [json-pointer:/blocks/0]" in check_blocks(
        [{**GOOD[kind], "colour": "red"}], surface=surface_of(kind)
    )


def cells(rows: int, columns: int, text: str = "x") -> Block:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def rich(*elements: Any) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


FAULTY: list[tuple[Block, str]] = [
    (cells(101, 1), "no more than 100 items allowed [json-pointer:/blocks/0/rows]"),
    (cells(1, 21), "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"),
    (cells(2, 1, "x" * 5_001), "tables must be less than 10001 characters together [json-pointer:/blocks]"),
    ({"type": "table", "rows": [[mrkdwn("x")]]}, "unsupported type: mrkdwn [json-pointer:/blocks/0/rows/0/0/type]"),
    (rich({"type": "section"}), "unsupported type: section [json-pointer:/blocks/0/elements/0/type]"),
    (
        rich({"type": "rich_text_list", "elements": [WORDS]}),
        "missing required field: style [json-pointer:/blocks/0/elements/0]",
    ),
    (
        rich({"type": "rich_text_list", "style": "bullet", "elements": [{"type": "text", "text": "x"}]}),
        "must be a rich_text_section [json-pointer:/blocks/0/elements/0/elements/0]",
    ),
    (
        rich({"type": "rich_text_section", "elements": [{"type": "link"}]}),
        "missing required field: url [json-pointer:/blocks/0/elements/0/elements/0]",
    ),
    (
        rich({"type": "rich_text_section", "elements": [{"type": "hologram"}]}),
        "unsupported type: hologram [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ),
    ({**VIDEO, "title": plain("x" * 200)}, "must be less than 200 characters [json-pointer:/blocks/0/title/text]"),
    ({**VIDEO, "video_url": "http://x"}, "must be a valid https url [json-pointer:/blocks/0/video_url]"),
    ({**VIDEO, "author_name": "x" * 50}, "must be less than 50 characters [json-pointer:/blocks/0/author_name]"),
    ({"type": "file", "external_id": "A1"}, "must be equal to remote [json-pointer:/blocks/0/source]"),
    ({"type": "call"}, "must provide a string [json-pointer:/blocks/0/call_id]"),
    (
        {"type": "context_actions", "elements": [FEEDBACK] * 6},
        "no more than 5 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        {"type": "context_actions", "elements": [button()]},
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    (actions(ICON), "unsupported type: icon_button [json-pointer:/blocks/0/elements/0/type]"),
    (
        {"type": "card", "subtitle": mrkdwn("x")},
        "must define one of `hero_image`, `title`, `actions` or `body` [json-pointer:/blocks/0]",
    ),
    (
        {"type": "card", "body": mrkdwn("x" * 201)},
        "must be less than 201 characters [json-pointer:/blocks/0/body/text]",
    ),
    (
        {"type": "card", "actions": [{**button(), "action_id": str(n)} for n in range(4)]},
        "no more than 3 items allowed [json-pointer:/blocks/0/actions]",
    ),
    (
        {"type": "carousel", "elements": [CARD_BLOCK] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        {"type": "carousel", "elements": [{"type": "divider"}]},
        "unsupported type: divider [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        {"type": "container", "child_blocks": [{"type": "divider"}]},
        "missing required field: title [json-pointer:/blocks/0]",
    ),
    ({**TASK, "status": "lost"}, "must be a valid enum value: pending, in_progress, complete, error"),
    ({**PROVIDER, "name": plain("x" * 76)}, "must be less than 76 characters [json-pointer:/blocks/0/name/text]"),
    (actions(button(accessibility_label="x" * 76)), "must be less than 76 characters"),
    (
        {**GOOD["section"], "text": {"type": "mrkdwn", "text": "x", "emoji": True}},
        "invalid additional property: emoji [json-pointer:/blocks/0/text]",
    ),
    (
        {**GOOD["section"], "accessory": {**ELSEWHERE[0], "options": [OPTION] * 6}},
        "no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]",
    ),
    (
        {
            **GOOD["section"],
            "accessory": {"type": "static_select", "options": [OPTION], "initial_option": {**OPTION, "value": "2"}},
        },
        "must be one of the provided options [json-pointer:/blocks/0/accessory/initial_option]",
    ),
    (
        {**GOOD["section"], "accessory": {**button(), "confirm": {"title": plain("x" * 101), "text": plain("x")}}},
        "must be less than 101 characters [json-pointer:/blocks/0/accessory/confirm/title/text]",
    ),
    (as_input({"type": "datepicker", "initial_date": "2.3.2026"}), "must be a valid date"),
    (as_input({"type": "timepicker", "initial_time": "25:00"}), "must be a valid time"),
    (as_input({"type": "number_input"}), "missing required field: is_decimal_allowed"),
    (as_input({"type": "file_input", "max_files": 11}), "must be between 1 and 10"),
    (
        as_input({"type": "plain_text_input", "min_length": 5, "max_length": 4}),
        "min_length must not be greater than max_length",
    ),
    (as_input({"type": "multi_users_select", "max_selected_items": 0}), "must be between 1 and 100"),
    (as_input({"type": "users_select", "placeholder": plain("x" * 151)}), "must be less than 151 characters"),
]


@pytest.mark.parametrize(("block", "fault"), FAULTY)
def test_what_is_wrong_is_pointed_at(block: Block, fault: str) -> None:
    faults = check_blocks([block], surface=Surface.MESSAGE)

    assert any(one.startswith(fault) for one in faults), faults


def test_a_message_has_one_table_and_12000_characters_of_markdown() -> None:
    assert check_blocks([cells(1, 1), cells(1, 1)], surface=Surface.MESSAGE) == [
        "only_one_table_allowed [json-pointer:/blocks]"
    ]
    half = {"type": "markdown", "text": "x" * 6_000}
    assert check_blocks([half, half], surface=Surface.MESSAGE) == []
    assert check_blocks([half, half, half], surface=Surface.MESSAGE) == [
        "markdown blocks must be less than 12001 characters together [json-pointer:/blocks]"
    ]


@pytest.mark.parametrize("kind", ["markdown", "table", "data_table", "context_actions", "task_card", "plan", "card"])
def test_some_blocks_are_for_messages_only(kind: str) -> None:
    for surface in (Surface.MODAL, Surface.HOME):
        assert f"unsupported type: {kind} [json-pointer:/blocks/0/type]" in check_blocks([GOOD[kind]], surface=surface)


def test_an_alert_is_for_modals_only() -> None:
    assert check_blocks([GOOD["alert"]], surface=Surface.MESSAGE) == [
        "unsupported type: alert [json-pointer:/blocks/0/type]"
    ]


def test_one_element_of_a_view_has_the_focus() -> None:
    focused = as_input({"type": "plain_text_input", "focus_on_load": True})
    view = modal(submit=plain("Go"), blocks=[focused, focused])

    assert check_view(view, surface=Surface.MODAL) == [
        "only one element may have focus_on_load [json-pointer:/view/blocks]"
    ]
