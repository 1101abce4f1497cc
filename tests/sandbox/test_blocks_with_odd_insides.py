"""Nothing odd anywhere in a block or a view breaks the check: every fault is pointed at."""

import copy
from typing import Any

import pytest

from bot.sandbox.blocks import Surface, check_blocks, check_view
from tests.sandbox.test_blocks import Block, modal, plain
from tests.sandbox.test_blocks_of_every_kind import GOOD, INPUTS, as_input


def places(document: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path to everything in a document but the document itself."""
    found = [path] if path else []
    children = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, one in children:
        found += places(one, (*path, key))
    return found


def replaced(document: Any, path: tuple[Any, ...], odd: object) -> Any:
    """Return a copy with something else at that path."""
    changed = copy.deepcopy(document)
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = odd
    return changed


@pytest.mark.parametrize("block", [*GOOD.values(), *map(as_input, INPUTS)], ids=lambda one: str(one["type"]))
def test_nothing_odd_anywhere_in_a_block_breaks_the_check(block: Block) -> None:
    odds: list[Any] = [None, "", 3, 1.5, True, [], {}, [None], [[]], {"type": None}, [{"type": 3}], "x" * 4_000]
    for path in places(block):
        for odd in odds:
            faults = check_blocks([replaced(block, path, odd)], surface=Surface.MODAL)
            assert all("[json-pointer:/blocks" in fault for fault in faults)


def test_nothing_odd_anywhere_in_a_view_breaks_the_check() -> None:
    odds: list[Any] = [None, "", 3, True, [], {}, [None], {"type": None}]
    view = modal(submit=plain("Go"), close=plain("No"), blocks=[GOOD["input"], GOOD["section"]], private_metadata="x")
    for path in places(view):
        for odd in odds:
            faults = check_view(replaced(view, path, odd), surface=Surface.MODAL)
            assert all("[json-pointer:/view" in fault for fault in faults)
