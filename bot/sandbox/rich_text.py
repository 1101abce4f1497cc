"""The rules of rich_text blocks: sections, lists, quotes and code, and what stands inside them.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.faultlist import Faults, check_between, check_one_of, kind_of
from bot.sandbox.state.ids import Obj

_SECTIONS: Final = {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}
_DEEPEST: Final = 8
# What each inline element must have.
_INLINE: Final[Mapping[str, str]] = {
    "broadcast": "range",
    "channel": "channel_id",
    "color": "value",
    "date": "timestamp",
    "emoji": "name",
    "link": "url",
    "team": "team_id",
    "text": "text",
    "user": "user_id",
    "usergroup": "usergroup_id",
}


def check_rich_text(block: object, here: str, faults: Faults) -> None:
    """Check a rich_text block or cell."""
    if not isinstance(block, dict) or not isinstance(block.get("elements"), list):
        faults.add("missing required field: elements", here)
        return
    for at, element in enumerate(block["elements"]):
        _check_part(element, f"{here}/elements/{at}", faults)


def _check_part(element: object, here: str, faults: Faults) -> None:
    kind = kind_of(element)
    if not isinstance(element, dict) or kind not in _SECTIONS | {"rich_text_list"}:
        faults.add(f"unsupported type: {kind}", f"{here}/type")
        return
    parts = element.get("elements")
    if not isinstance(parts, list):
        faults.add("missing required field: elements", here)
        return
    if kind == "rich_text_list":
        _check_list(element, here, faults)
    for at, part in enumerate(parts):
        place = f"{here}/elements/{at}"
        if kind == "rich_text_list":
            _check_item(part, place, faults)
        else:
            _check_inline(part, place, faults)


def _check_list(element: Obj, here: str, faults: Faults) -> None:
    if element.get("style") is None:
        faults.add("missing required field: style", here)
    check_one_of(element.get("style"), ("bullet", "ordered"), f"{here}/style", faults)
    check_between(element.get("indent"), 0, _DEEPEST, f"{here}/indent", faults)
    check_between(element.get("border"), 0, 1, f"{here}/border", faults)


def _check_item(part: object, here: str, faults: Faults) -> None:
    if kind_of(part) == "rich_text_section":
        _check_part(part, here, faults)
    else:
        faults.add("must be a rich_text_section", here)


def _check_inline(part: object, here: str, faults: Faults) -> None:
    kind = kind_of(part)
    if not isinstance(part, dict) or kind not in _INLINE:
        faults.add(f"unsupported type: {kind}", f"{here}/type")
        return
    needed = _INLINE[kind]
    if part.get(needed) in (None, ""):
        faults.add(f"missing required field: {needed}", here)
    if kind == "broadcast":
        check_one_of(part.get("range"), ("here", "channel", "everyone"), f"{here}/range", faults)
