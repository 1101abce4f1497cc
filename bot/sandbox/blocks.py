"""The limits of messages' blocks, as Slack enforces them: each fault with a pointer to where it is.

Sources: slack_sdk's models (the numbers), https://docs.slack.dev/reference/block-kit/blocks.
The numbers are documented, the sentences are modelled on Slack's:
"must be less than 3001 characters [json-pointer:/blocks/0/text/text]".
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from bot.sandbox.elements import Fault, Faults, check_element, check_items, check_length, check_text
from bot.sandbox.state.ids import Obj

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
TITLE: Final = 24
_MARKDOWN: Final = 12_000
_TABLE_ROWS: Final = 100
_TABLE_CELLS: Final = 20


class Surface(StrEnum):
    """Where blocks are shown."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


def check_blocks(blocks: object, *, surface: Surface, pointer: str = "/blocks") -> list[Fault]:
    """Return everything that is wrong with the blocks; nothing when Slack would take them."""
    faults = Faults()
    if not isinstance(blocks, list):
        faults.add("must be an array", pointer)
        return faults.all
    limit = MESSAGE_BLOCKS if surface is Surface.MESSAGE else VIEW_BLOCKS
    if len(blocks) > limit:
        faults.add(f"no more than {limit} items allowed", pointer)
    seen: set[str] = set()
    markdown = 0
    for at, block in enumerate(blocks):
        here = f"{pointer}/{at}"
        if not isinstance(block, dict):
            faults.add("must be an object", here)
            continue
        _check_block(block, here, surface, faults)
        if block_id := block.get("block_id"):
            if block_id in seen:
                faults.add(f"`block_id` {block_id} already exists", f"{here}/block_id")
            seen.add(str(block_id))
        if block.get("type") == "markdown":
            markdown += len(str(block.get("text") or ""))
    if markdown > _MARKDOWN:
        faults.add(f"markdown blocks must be less than {_MARKDOWN + 1} characters together", pointer)
    if sum(isinstance(block, dict) and block.get("type") == "table" for block in blocks) > 1:
        faults.add("only one table allowed", pointer)
    return faults.all


def _check_block(block: Obj, here: str, surface: Surface, faults: Faults) -> None:
    kind = str(block.get("type") or "")
    check_length(block.get("block_id"), 255, f"{here}/block_id", faults)
    if kind in _ONLY_IN and surface not in _ONLY_IN[kind]:
        faults.add(f"unsupported type: {kind}", f"{here}/type")
    elif kind in _CHECKS:
        _CHECKS[kind](block, here, faults)
    elif kind not in _UNCHECKED:
        faults.add(f"unsupported type: {kind}", f"{here}/type")


def _section(block: Obj, here: str, faults: Faults) -> None:
    if block.get("text") is None and not block.get("fields"):
        faults.add("missing required field: text or fields", here)
    if block.get("text") is not None:
        check_text(block["text"], 3_000, f"{here}/text", faults)
    if block.get("fields") is not None:
        for at, one in check_items(block["fields"], 10, f"{here}/fields", faults):
            check_text(one, 2_000, f"{here}/fields/{at}", faults)
    if block.get("accessory") is not None:
        check_element(block["accessory"], f"{here}/accessory", faults)


def _header(block: Obj, here: str, faults: Faults) -> None:
    check_text(block.get("text"), 150, f"{here}/text", faults, plain=True)


def _actions(block: Obj, here: str, faults: Faults) -> None:
    seen: set[str] = set()
    for at, element in check_items(block.get("elements"), 25, f"{here}/elements", faults):
        place = f"{here}/elements/{at}"
        check_element(element, place, faults)
        action = element.get("action_id") if isinstance(element, dict) else None
        if action and action in seen:
            faults.add(f"`action_id` {action} already exists for block", f"{place}/action_id")
        seen.add(str(action))


def _context(block: Obj, here: str, faults: Faults) -> None:
    for at, element in check_items(block.get("elements"), 10, f"{here}/elements", faults):
        place = f"{here}/elements/{at}"
        kind = element.get("type") if isinstance(element, dict) else None
        if kind == "image":
            check_element(element, place, faults)
        elif kind in {"mrkdwn", "plain_text"}:
            check_text(element, 3_000, place, faults)
        else:
            faults.add(f"unsupported type: {kind}", f"{place}/type")


def _image(block: Obj, here: str, faults: Faults) -> None:
    check_element({**block, "type": "image"}, here, faults)
    if block.get("title") is not None:
        check_text(block["title"], 2_000, f"{here}/title", faults, plain=True)


def _input(block: Obj, here: str, faults: Faults) -> None:
    check_text(block.get("label"), 2_000, f"{here}/label", faults, plain=True)
    if block.get("hint") is not None:
        check_text(block["hint"], 2_000, f"{here}/hint", faults, plain=True)
    check_element(block.get("element"), f"{here}/element", faults, in_input=True)


def _markdown(block: Obj, here: str, faults: Faults) -> None:
    check_length(block.get("text"), _MARKDOWN, f"{here}/text", faults, required=True)


def _table(block: Obj, here: str, faults: Faults) -> None:
    for at, row in check_items(block.get("rows"), _TABLE_ROWS, f"{here}/rows", faults):
        check_items(row, _TABLE_CELLS, f"{here}/rows/{at}", faults)


def _elements_required(limit: int, field: str = "elements") -> "Callable[[Obj, str, Faults], None]":
    def check(block: Obj, here: str, faults: Faults) -> None:
        check_items(block.get(field), limit, f"{here}/{field}", faults)

    return check


def _alert(block: Obj, here: str, faults: Faults) -> None:
    check_text(block.get("text"), 200, f"{here}/text", faults)


_CHECKS: Final[Mapping[str, Callable[[Obj, str, Faults], None]]] = {
    "section": _section,
    "header": _header,
    "actions": _actions,
    "context": _context,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "table": _table,
    "alert": _alert,
    "rich_text": _elements_required(1_000),
    "context_actions": _elements_required(5),
    "carousel": _elements_required(10),
    "container": _elements_required(10, "child_blocks"),
}
# Blocks that are known but whose insides are not looked at.
_UNCHECKED: Final = {"divider", "file", "video", "call", "plan", "task_card", "card", "data_table", "auth_provider"}
_ONLY_IN: Final[Mapping[str, set[Surface]]] = {
    "alert": {Surface.MODAL},
    "markdown": {Surface.MESSAGE},
    "table": {Surface.MESSAGE},
    "data_table": {Surface.MESSAGE},
    "task_card": {Surface.MESSAGE},
    "plan": {Surface.MESSAGE},
    "context_actions": {Surface.MESSAGE},
}


def check_view(view: object, *, surface: Surface) -> list[Fault]:
    """Return everything that is wrong with a view for that surface (modal or home)."""
    faults = Faults()
    if not isinstance(view, dict):
        faults.add("must be an object", "/view")
        return faults.all
    if view.get("type") != surface.value:
        faults.add(f"must be equal to {surface.value}", "/view/type")
    if surface is Surface.MODAL:
        check_text(view.get("title"), TITLE, "/view/title", faults, plain=True)
        for name in ("submit", "close"):
            if view.get(name) is not None:
                check_text(view[name], TITLE, f"/view/{name}", faults, plain=True)
        blocks = view.get("blocks") or []
        if view.get("submit") is None and any(isinstance(one, dict) and one.get("type") == "input" for one in blocks):
            faults.add("missing required field: submit", "/view/submit")
    check_length(view.get("private_metadata"), 3_000, "/view/private_metadata", faults)
    check_length(view.get("callback_id"), 255, "/view/callback_id", faults)
    check_length(view.get("external_id"), 255, "/view/external_id", faults)
    return [*faults.all, *check_blocks(view.get("blocks"), surface=surface, pointer="/view/blocks")]
