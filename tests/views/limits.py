"""Slack's limits, and our own rules for what people see, as one check that every view must pass.

Numbers: https://docs.slack.dev/reference/block-kit/blocks, .../block-kit/block-elements, .../views.
"""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from slack_sdk.models.blocks import Block as SdkBlock

from bot.views.blocks import Block, Message

EMOJI_FREE = ("header", "button", "label")


def check(message: Message) -> None:
    """Fail unless Slack would take the message and it keeps our rules."""
    assert 0 < len(message.text) <= 3900
    assert 0 < len(message.blocks) <= 50
    ids = [block["block_id"] for block in message.blocks]
    assert len(set(ids)) == len(ids), "every block has an id of its own"
    for block in message.blocks:
        _check_block(block)
        json.dumps(block).encode()
        parsed = SdkBlock.parse(block)
        assert parsed is not None
        parsed.validate_json()
    primary = [button for button in buttons(message) if button.get("style") == "primary"]
    assert len(primary) <= 1, "one primary button at most"


def check_form(view: Block) -> None:
    """Fail unless Slack would open the form."""
    assert len(_of(view, "title")["text"]) <= 24
    assert len(_of(view, "submit")["text"]) <= 24
    assert len(str(view["callback_id"])) <= 255
    metadata = str(view["private_metadata"])
    assert len(metadata) <= 3000
    json.loads(metadata)
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    assert 0 < len(blocks) <= 100
    for block in blocks:
        if block["type"] == "input":
            assert 0 < len(block["label"]["text"]) <= 2000
            assert len(block.get("hint", {}).get("text", "")) <= 2000
            _check_element(block["element"])
        else:
            _check_block(block)
        parsed = SdkBlock.parse(block)
        assert parsed is not None
        parsed.validate_json()


def check_window(view: Block) -> None:
    """Fail unless Slack would open a window that only tells something: one without inputs has nothing to submit."""
    assert (view["type"], "submit" in view) == ("modal", False)
    assert len(_of(view, "title")["text"]) <= 24
    _check_blocks(view["blocks"])


def check_home(view: Block) -> None:
    """Fail unless Slack would publish the Home tab."""
    assert view["type"] == "home"
    _check_blocks(view["blocks"])


def _check_blocks(blocks: object) -> None:
    assert isinstance(blocks, list)
    assert 0 < len(blocks) <= 100
    for block in blocks:
        _check_block(block)
        parsed = SdkBlock.parse(block)
        assert parsed is not None
        parsed.validate_json()


def buttons(message: Message) -> list[dict[str, str]]:
    """Return the message's buttons."""
    return [element for block in message.blocks for element in _pressed(block)]


def _pressed(block: Block) -> list[dict[str, str]]:
    elements = block["elements"] if block["type"] == "actions" else [block["accessory"]] if "accessory" in block else []
    assert isinstance(elements, list)
    return elements


def labels(message: Message) -> list[str]:
    """Return what the message's buttons say."""
    return [_label(button) for button in buttons(message)]


def _label(element: Mapping[str, object]) -> str:
    match element["type"]:
        case "overflow":
            return "…"
        case "users_select" | "static_select":
            return _of(element, "placeholder")["text"]
        case _:
            return _of(element, "text")["text"]


def texts(block: object) -> Iterator[dict[str, object]]:
    """Return every text object, however deep."""
    if isinstance(block, dict):
        if block.get("type") in {"mrkdwn", "plain_text"}:
            yield block
        for value in block.values():
            yield from texts(value)
    elif isinstance(block, (list, tuple)):
        for value in block:
            yield from texts(value)


def words(message: Message) -> str:
    """Return everything that the message's blocks say, a line each."""
    return "\n".join(str(text["text"]) for text in texts(message.blocks))


def marked(message: Message) -> list[str]:
    """Return the message's mrkdwn texts, in which something may be live."""
    return [str(text["text"]) for text in texts(message.blocks) if text["type"] == "mrkdwn"]


def _of(thing: Mapping[str, object], key: str) -> dict[str, str]:
    value = thing[key]
    assert isinstance(value, dict)
    return value


def _check_block(block: Block) -> None:
    for text in texts(block):
        assert text["text"], "Slack refuses an empty text"
        if text["type"] == "mrkdwn":
            assert text.get("verbatim") is True
        else:
            assert text.get("emoji") is False
    match block["type"]:
        case "header":
            assert len(_of(block, "text")["text"]) <= 150
        case "section":
            assert "text" in block or "fields" in block
            assert len(str(_of(block, "text")["text"])) <= 3000 if "text" in block else True
            fields = block.get("fields", [])
            assert isinstance(fields, list)
            assert len(fields) <= 10
            assert all(len(field["text"]) <= 2000 for field in fields)
            if "accessory" in block:
                _check_element(block["accessory"])  # type: ignore[arg-type] # checked there
        case "context":
            elements = block["elements"]
            assert isinstance(elements, list)
            assert 0 < len(elements) <= 10
            assert all(len(element["text"]) <= 3000 for element in elements)
        case "actions":
            elements = block["elements"]
            assert isinstance(elements, list)
            assert 0 < len(elements) <= 25
            actions = [element["action_id"] for element in elements]
            assert len(set(actions)) == len(actions)
            for element in elements:
                _check_element(element)
        case "divider":
            pass
        case "image":
            assert 0 < len(str(block["alt_text"])) <= 2000
            assert len(str(block["image_url"])) <= 3000
            assert urlsplit(str(block["image_url"])).scheme in {"http", "https"}
        case other:
            raise AssertionError(f"no limits are known for {other}")


def _check_element(element: Block) -> None:
    assert 0 < len(str(element["action_id"])) <= 255
    match element["type"]:
        case "button":
            assert len(_of(element, "text")["text"]) <= 75
            assert len(str(element.get("value", ""))) <= 2000
            assert len(str(element.get("accessibility_label", ""))) <= 75
            if "url" in element:
                url = str(element["url"])
                assert len(url) <= 3000
                assert urlsplit(url).scheme in {"http", "https"}
        case "plain_text_input":
            assert 0 < int(str(element["max_length"])) <= 3000
            assert len(str(element.get("initial_value", ""))) <= int(str(element["max_length"]))
        case "static_select" | "overflow":
            _check_select(element)
            assert element["type"] != "overflow" or len(element["options"]) <= 5  # type: ignore[arg-type] # checked above
        case "multi_static_select":
            _check_select(element)
            most, chosen = element["max_selected_items"], element.get("initial_options", [""])
            assert isinstance(most, int)
            assert isinstance(chosen, list)
            assert 0 < len(chosen) <= most <= 100
        case "checkboxes":
            _check_select(element)
            assert len(element["options"]) <= 10  # type: ignore[arg-type] # checked above
        case "datetimepicker":
            assert len(str(element["initial_date_time"])) == 10
        case "users_select" | "datepicker":
            assert "placeholder" not in element or 0 < len(_of(element, "placeholder")["text"]) <= 150
        case other:
            raise AssertionError(f"no limits are known for {other}")


def _check_select(element: Block) -> None:
    groups = element.get("option_groups", [element])
    assert isinstance(groups, list)
    assert 0 < len(groups) <= 100
    every = []
    for group in groups:
        options = group["options"]
        assert 0 < len(options) <= 100
        assert len(group.get("label", {}).get("text", "")) <= 75
        every += options
    for option in every:
        assert 0 < len(option["text"]["text"]) <= 75
        assert 0 < len(option["value"]) <= 150
        assert len(option.get("description", {}).get("text", "")) <= 75
    if "initial_option" in element:
        assert element["initial_option"] in every
    chosen = element.get("initial_options", [])
    assert isinstance(chosen, list)
    assert all(one in every for one in chosen)
