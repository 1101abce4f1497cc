"""The rules of a message's or view's blocks together, as Slack enforces them: each fault with a pointer to where it is.

What a single block must be is in layouts.py, what stands inside one in elements.py. The numbers are documented
(slack_sdk's models, https://docs.slack.dev/reference/block-kit/blocks), the sentences are modelled on Slack's:
"must be less than 3001 characters [json-pointer:/blocks/0/text/text]".
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from bot.sandbox.elements import check_text
from bot.sandbox.faultlist import Fault, Faults, check_length, kind_of
from bot.sandbox.layouts import MARKDOWN, check_block
from bot.sandbox.state.ids import Obj
from bot.sandbox.tables import CHARACTERS, characters_in

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
TITLE: Final = 24


class Surface(StrEnum):
    """Where blocks are shown."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


# Blocks that are not shown everywhere.
_ONLY_IN: Final[Mapping[str, set[Surface]]] = {
    "alert": {Surface.MODAL},
    "card": {Surface.MESSAGE},
    "carousel": {Surface.MESSAGE},
    "container": {Surface.MESSAGE},
    "context_actions": {Surface.MESSAGE},
    "data_table": {Surface.MESSAGE},
    "file": {Surface.MESSAGE},
    "markdown": {Surface.MESSAGE},
    "plan": {Surface.MESSAGE},
    "table": {Surface.MESSAGE},
    "task_card": {Surface.MESSAGE},
}


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
    for at, block in enumerate(blocks):
        here = f"{pointer}/{at}"
        if not isinstance(block, dict):
            faults.add("must be an object", here)
            continue
        kind = kind_of(block)
        if kind in _ONLY_IN and surface not in _ONLY_IN[kind]:
            faults.add(f"unsupported type: {kind}", f"{here}/type")
        else:
            check_block(block, here, faults)
        if block_id := str(block.get("block_id") or ""):
            if block_id in seen:
                faults.add(f"`block_id` {block_id} already exists", f"{here}/block_id")
            seen.add(block_id)
    _check_together([block for block in blocks if isinstance(block, dict)], pointer, faults)
    return faults.all


def _check_together(blocks: Sequence[Obj], pointer: str, faults: Faults) -> None:
    """Check what is limited for all blocks together."""
    if sum(len(str(one.get("text") or "")) for one in blocks if one.get("type") == "markdown") > MARKDOWN:
        faults.add(f"markdown blocks must be less than {MARKDOWN + 1} characters together", pointer)
    tables = [one for one in blocks if one.get("type") == "table"]
    if len(tables) > 1:
        faults.add("only_one_table_allowed", pointer)
    if sum(characters_in(table) for table in tables) > CHARACTERS:
        faults.add(f"tables must be less than {CHARACTERS + 1} characters together", pointer)
    focused = [one for one in blocks if isinstance(one.get("element"), dict) and one["element"].get("focus_on_load")]
    if len(focused) > 1:
        faults.add("only one element may have focus_on_load", pointer)


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
