"""Blocks and views are measured as Slack measures them, and every fault is pointed at."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.blocks import Surface, check_blocks, check_view

Block = dict[str, Any]


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def button(text: str = "Go", **more: str) -> Block:
    return {"type": "button", "action_id": "go", "text": plain(text), **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def select(*options: Block) -> Block:
    return {"type": "static_select", "action_id": "choice", "options": list(options)}


FAULTY: list[tuple[Block, str]] = [
    (
        {"type": "section", "text": mrkdwn("x" * 3_001)},
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    ({"type": "section", "text": mrkdwn("")}, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section"}, "must define either `fields` or `text` [json-pointer:/blocks/0]"),
    (
        {"type": "section", "fields": [mrkdwn("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    (
        {"type": "section", "fields": [mrkdwn("x" * 2_001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        {"type": "header", "text": mrkdwn("x")},
        "must be a valid enum value: plain_text [json-pointer:/blocks/0/text/type]",
    ),
    (actions(button("x" * 76)), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
    (
        actions(button(value="x" * 2_001)),
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        actions(*({**button(), "action_id": str(n)} for n in range(26))),
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        actions(button(), button()),
        "`action_id` go already exists for block [json-pointer:/blocks/0/elements/1/action_id]",
    ),
    (
        actions(button(style="loud")),
        "must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        actions(select()),
        "must contain at least 1 item [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions(select({"text": plain("x" * 76), "value": "1"})),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        {"type": "context", "elements": [mrkdwn("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ({"type": "hologram"}, "unsupported type: hologram [json-pointer:/blocks/0/type]"),
    ({"type": "divider", "block_id": "x" * 256}, "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    ({"type": "image", "image_url": "https://x"}, "must provide a string [json-pointer:/blocks/0/alt_text]"),
    ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters [json-pointer:/blocks/0/text]"),
]


@pytest.mark.parametrize(
    "address",
    ["http://localhost:3000/a.png", "https://grafana/a.png", "http://10.0.0.7/a.png", "https://g.internal/a.png",
     "https://graphs.invalid/a.png", "ftp://graphs.example/a.png", "https://[::1/a.png", "https://[::1]/a.png"],
)  # fmt: skip
def test_a_picture_that_nobody_outside_can_fetch_is_pointed_at_wherever_it_stands(address: str) -> None:
    picture: Block = {"type": "image", "image_url": address, "alt_text": "A graph"}
    blocks: list[Block] = [picture, {"type": "section", "text": plain("x"), "accessory": picture}]
    assert check_blocks(blocks, surface=Surface.MESSAGE) == [
        "downloading image failed [json-pointer:/blocks/0/image_url]",
        "downloading image failed [json-pointer:/blocks/1/accessory/image_url]",
    ]


@pytest.mark.parametrize("address", ["https://graphs.example/a.png", "http://1.1.1.1/a.png"])
def test_a_picture_on_the_internet_is_fine(address: str) -> None:
    assert check_blocks([{"type": "image", "image_url": address, "alt_text": "x"}], surface=Surface.MESSAGE) == []


@pytest.mark.parametrize(("block", "fault"), FAULTY)
def test_a_faulty_block_is_pointed_at(block: Block, fault: str) -> None:
    assert fault in check_blocks([block], surface=Surface.MESSAGE)


def test_what_is_within_the_limits_is_fine() -> None:
    blocks = [
        {"type": "header", "text": plain("x" * 150)},
        {"type": "section", "text": mrkdwn("x" * 3_000), "accessory": button("x" * 75, value="x" * 2_000)},
        actions(*({**button(), "action_id": str(n)} for n in range(25))),
        {"type": "context", "elements": [mrkdwn("x")] * 10},
        *({"type": "divider", "block_id": str(n)} for n in range(46)),
    ]

    assert check_blocks(blocks, surface=Surface.MESSAGE) == []


def test_a_message_has_50_blocks_and_a_view_100() -> None:
    divider = {"type": "divider"}

    assert check_blocks([divider] * 51, surface=Surface.MESSAGE) == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]
    assert check_blocks([divider] * 100, surface=Surface.MODAL) == []
    assert check_blocks([divider] * 101, surface=Surface.HOME) == [
        "no more than 100 items allowed [json-pointer:/blocks]"
    ]


def test_two_blocks_may_not_share_an_id() -> None:
    twins = [{"type": "divider", "block_id": "a"}] * 2

    assert check_blocks(twins, surface=Surface.MESSAGE) == [
        "`block_id` a already exists [json-pointer:/blocks/1/block_id]"
    ]


def modal(**more: object) -> Block:
    return {"type": "modal", "title": plain("Declare"), "blocks": [], **more}


@pytest.mark.parametrize(
    ("view", "fault"),
    [
        (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (
            modal(private_metadata="x" * 3_001),
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (modal(type="home"), "must be equal to modal [json-pointer:/view/type]"),
        (
            modal(
                blocks=[
                    {
                        "type": "input",
                        "label": plain("Title"),
                        "element": {"type": "plain_text_input", "action_id": "a"},
                    }
                ]
            ),
            "missing required field: submit [json-pointer:/view/submit]",
        ),
    ],
)
def test_a_faulty_view_is_pointed_at(view: Block, fault: str) -> None:
    assert fault in check_view(view, surface=Surface.MODAL)


async def test_the_web_api_refuses_faulty_blocks_and_says_where(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as error:
        await client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[{"type": "hologram"}])

    assert error.value.response["error"] == "invalid_blocks"
    assert error.value.response["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: hologram [json-pointer:/blocks/0/type]"
    ]
