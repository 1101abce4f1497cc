"""The rules of single blocks: what each must have, and how much of it (see blocks.py for rules across blocks).

Sources: slack_sdk 3.47's models (the numbers), https://docs.slack.dev/reference/block-kit/blocks, and Slack's guidance
for apps (alert's 200 characters, card's three actions).
"""

from collections.abc import Callable, Mapping
from typing import Final

from bot.sandbox.elements import check_element, check_text
from bot.sandbox.faultlist import Faults, check_items, check_length, check_one_of, kind_of
from bot.sandbox.properties import check_block_properties
from bot.sandbox.rich_text import check_rich_text
from bot.sandbox.state.ids import Obj
from bot.sandbox.tables import check_data_table, check_table

MARKDOWN: Final = 12_000
Check = Callable[[Obj, str, Faults], None]


def _section(block: Obj, here: str, faults: Faults) -> None:
    if block.get("text") is None and not block.get("fields"):
        faults.add("must define either `fields` or `text`", here)
    if block.get("text") is not None:
        check_text(block["text"], 3_000, f"{here}/text", faults)
    if block.get("fields") is not None:
        for at, one in check_items(block["fields"], 10, f"{here}/fields", faults):
            check_text(one, 2_000, f"{here}/fields/{at}", faults)
    if block.get("accessory") is not None:
        check_element(block["accessory"], f"{here}/accessory", faults)


def _header(block: Obj, here: str, faults: Faults) -> None:
    check_text(block.get("text"), 150, f"{here}/text", faults, plain=True)


def _elements(limit: int, field: str = "elements", only: frozenset[str] | None = None) -> Check:
    """Return the check of a block that holds interactive elements, each with an action_id of its own."""

    def check(block: Obj, here: str, faults: Faults) -> None:
        seen: set[str] = set()
        for at, element in check_items(block.get(field), limit, f"{here}/{field}", faults):
            place = f"{here}/{field}/{at}"
            check_element(element, place, faults, only=only)
            action = str(element.get("action_id") or "") if isinstance(element, dict) else ""
            if action and action in seen:
                faults.add(f"`action_id` {action} already exists for block", f"{place}/action_id")
            seen.add(action)

    return check


def _context(block: Obj, here: str, faults: Faults) -> None:
    for at, element in check_items(block.get("elements"), 10, f"{here}/elements", faults):
        place = f"{here}/elements/{at}"
        kind = kind_of(element)
        if kind == "image":
            check_element(element, place, faults)
        elif kind in {"mrkdwn", "plain_text"}:
            check_text(element, 3_000, place, faults)
        else:
            faults.add(f"unsupported type: {kind}", f"{place}/type")


def _image(block: Obj, here: str, faults: Faults) -> None:
    picture = {key: block[key] for key in ("type", "alt_text", "image_url", "slack_file") if key in block}
    check_element(picture, here, faults)
    if block.get("title") is not None:
        check_text(block["title"], 2_000, f"{here}/title", faults, plain=True)


def _input(block: Obj, here: str, faults: Faults) -> None:
    check_text(block.get("label"), 2_000, f"{here}/label", faults, plain=True)
    if block.get("hint") is not None:
        check_text(block["hint"], 2_000, f"{here}/hint", faults, plain=True)
    check_element(block.get("element"), f"{here}/element", faults, in_input=True)


def _markdown(block: Obj, here: str, faults: Faults) -> None:
    check_length(block.get("text"), MARKDOWN, f"{here}/text", faults, required=True)


def _alert(block: Obj, here: str, faults: Faults) -> None:
    check_text(block.get("text"), 200, f"{here}/text", faults)
    levels = ("default", "info", "warning", "error", "success")
    check_one_of(block.get("level"), levels, f"{here}/level", faults)


def _file(block: Obj, here: str, faults: Faults) -> None:
    check_length(block.get("external_id"), 255, f"{here}/external_id", faults, required=True)
    if block.get("source") != "remote":
        faults.add("must be equal to remote", f"{here}/source")


def _video(block: Obj, here: str, faults: Faults) -> None:
    check_length(block.get("alt_text"), 2_000, f"{here}/alt_text", faults, required=True)
    check_text(block.get("title"), 199, f"{here}/title", faults, plain=True)
    for name in ("video_url", "title_url", "thumbnail_url"):
        value = block.get(name)
        if value is None and name != "title_url":
            faults.add(f"missing required field: {name}", here)
        elif value is not None and not str(value).startswith("https://"):
            faults.add("must be a valid https url", f"{here}/{name}")
    if block.get("description") is not None:
        check_text(block["description"], 200, f"{here}/description", faults, plain=True)
    check_length(block.get("author_name"), 49, f"{here}/author_name", faults)


def _call(block: Obj, here: str, faults: Faults) -> None:
    check_length(block.get("call_id"), 255, f"{here}/call_id", faults, required=True)


def _texts(block: Obj, limits: Mapping[str, int], here: str, faults: Faults) -> None:
    """Check text objects that need not be there."""
    for name, limit in limits.items():
        if block.get(name) is not None:
            check_text(block[name], limit, f"{here}/{name}", faults)


def _card(block: Obj, here: str, faults: Faults) -> None:
    if all(block.get(name) is None for name in ("hero_image", "title", "actions", "body")):
        faults.add("must define one of `hero_image`, `title`, `actions` or `body`", here)
    _texts(block, {"title": 150, "subtitle": 150, "body": 200}, here, faults)
    for name in ("hero_image", "icon"):
        if block.get(name) is not None:
            check_element(block[name], f"{here}/{name}", faults)
    if block.get("actions") is not None:
        _elements(3, "actions")(block, here, faults)


def _carousel(block: Obj, here: str, faults: Faults) -> None:
    for at, card in check_items(block.get("elements"), 10, f"{here}/elements", faults):
        check_block(card, f"{here}/elements/{at}", faults, only=frozenset({"card"}))


def _container(block: Obj, here: str, faults: Faults) -> None:
    if block.get("title") is None and block.get("rich_text_title") is None:
        faults.add("missing required field: title", here)
    _texts(block, {"title": 150, "subtitle": 150}, here, faults)
    check_one_of(block.get("width"), ("narrow", "standard", "wide", "full"), f"{here}/width", faults)
    if block.get("is_collapsible") and block.get("has_header_divider"):
        faults.add("cannot be set when is_collapsible is true", f"{here}/has_header_divider")
    for at, child in check_items(block.get("child_blocks"), 10, f"{here}/child_blocks", faults):
        check_block(child, f"{here}/child_blocks/{at}", faults)


def _task_card(block: Obj, here: str, faults: Faults) -> None:
    for name in ("task_id", "title", "status"):
        if not block.get(name):
            faults.add(f"missing required field: {name}", here)
    check_one_of(block.get("status"), ("pending", "in_progress", "complete", "error"), f"{here}/status", faults)
    for name in ("details", "output"):
        if block.get(name) is not None:
            check_rich_text(block[name], f"{here}/{name}", faults)


def _plan(block: Obj, here: str, faults: Faults) -> None:
    check_length(block.get("title"), 3_000, f"{here}/title", faults, required=True)
    for at, task in enumerate(block.get("tasks") or []):
        check_block(task, f"{here}/tasks/{at}", faults, only=frozenset({"task_card"}))


def _auth_provider(block: Obj, here: str, faults: Faults) -> None:
    check_length(block.get("value"), 150, f"{here}/value", faults, required=True)
    check_text(block.get("name"), 75, f"{here}/name", faults)
    if block.get("is_connected") is None:
        faults.add("missing required field: is_connected", here)
    _texts(block, {"description": 150, "connected_identity": 75, "connected_context": 75}, here, faults)
    for name in ("icon_url", "auth_url", "disconnect_url"):
        check_length(block.get(name), 3_000, f"{here}/{name}", faults)
    if block.get("accessory") is not None:
        check_element(block["accessory"], f"{here}/accessory", faults, only=frozenset({"overflow"}))


def _divider(_block: Obj, _here: str, _faults: Faults) -> None:
    """Accept it: there is nothing in it."""


CHECKS: Final[Mapping[str, Check]] = {
    "actions": _elements(25),
    "alert": _alert,
    "auth_provider": _auth_provider,
    "call": _call,
    "card": _card,
    "carousel": _carousel,
    "container": _container,
    "context": _context,
    "context_actions": _elements(5, only=frozenset({"feedback_buttons", "icon_button"})),
    "data_table": check_data_table,
    "divider": _divider,
    "file": _file,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "plan": _plan,
    "rich_text": check_rich_text,
    "section": _section,
    "table": check_table,
    "task_card": _task_card,
    "video": _video,
}


def check_block(block: object, here: str, faults: Faults, *, only: frozenset[str] | None = None) -> None:
    """Check one block; `only` are the types that may stand there."""
    kind = kind_of(block)
    if not isinstance(block, dict) or kind not in CHECKS or (only is not None and kind not in only):
        faults.add(f"unsupported type: {kind}", f"{here}/type")
        return
    check_length(block.get("block_id"), 255, f"{here}/block_id", faults)
    check_block_properties(block, here, faults)
    CHECKS[kind](block, here, faults)
