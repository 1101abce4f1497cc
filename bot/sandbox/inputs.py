"""Elements as people use them: finding one, reading what was chosen or typed, and what a form requires.

Shapes of values: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload/#view_submission
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.sandbox.errors import NotPossible
from bot.sandbox.state.ids import Obj

REQUIRED: Final = "Please complete this required field."
# Under which key an element's value travels, and under which its first value was given.
_PLAIN: Final[Mapping[str, tuple[str, str]]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
}
_PLAIN_LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", "initial_files"),
}
_ONE_OPTION: Final = {"static_select", "external_select", "radio_buttons", "overflow"}
_MANY_OPTIONS: Final = {"multi_static_select", "multi_external_select", "checkboxes"}
# Selects whose options the app is asked for while somebody types.
EXTERNAL: Final = frozenset({"external_select", "multi_external_select"})
# What can be pressed but holds no value: it is never in state.values.
STATELESS: Final = frozenset({"button", "workflow_button", "overflow", "icon_button", "feedback_buttons"})


def elements_of(blocks: Sequence[Obj]) -> Iterator[tuple[Obj, Obj]]:
    """Yield every interactive element with its block."""
    for block in blocks:
        for element in (*(block.get("elements") or ()), block.get("accessory"), block.get("element")):
            if isinstance(element, dict) and element.get("action_id"):
                yield block, element


def find_element(blocks: Sequence[Obj], action_id: str, block_id: str = "") -> tuple[Obj, Obj]:
    """Return the block and the element with that action_id.

    Raises:
        NotPossible: when there is none.
    """
    for block, element in elements_of(blocks):
        if element["action_id"] == action_id and block_id in {"", block.get("block_id")}:
            return block, element
    raise NotPossible(f"There is nothing with action_id {action_id} to use.")


def options_of(element: Obj) -> list[Obj]:
    """Return an element's options, those in groups too."""
    grouped = [option for group in element.get("option_groups") or [] for option in group.get("options") or []]
    return [*(element.get("options") or []), *grouped]


def _option(element: Obj, wanted: object) -> Obj:
    """Return the option with that value or that text."""
    if isinstance(wanted, dict):
        return wanted
    for option in options_of(element):
        if wanted in {option.get("value"), (option.get("text") or {}).get("text")}:
            return option
    raise NotPossible(f"{wanted} is not among the options of {element.get('action_id')}.")


def value_of(element: Obj, given: object) -> Obj:
    """Return an element's value as Slack sends it; a person gives text, a list, an option, or nothing."""
    kind = str(element["type"])
    empty = given is None or given in ("", [])
    if kind in _PLAIN:
        key = _PLAIN[kind][0]
        keep = isinstance(given, int) if kind == "datetimepicker" else isinstance(given, dict)
        return {"type": kind, key: None if empty else (given if keep else str(given))}
    if kind in _PLAIN_LISTS:
        return {"type": kind, _PLAIN_LISTS[kind][0]: [] if empty else _listed(given)}
    if kind in _ONE_OPTION:
        return {"type": kind, "selected_option": None if empty else _option(element, given)}
    if kind in _MANY_OPTIONS:
        chosen = [] if empty else [_option(element, one) for one in _listed(given)]
        return {"type": kind, "selected_options": chosen}
    return {"type": kind}


def _listed(given: object) -> list[object]:
    return list(given) if isinstance(given, list | tuple) else [given]


def initial_value(element: Obj) -> Obj:
    """Return the value that an element has before anybody touches it."""
    kind = str(element["type"])
    if kind in _PLAIN:
        return value_of(element, element.get(_PLAIN[kind][1]))
    if kind in _PLAIN_LISTS:
        return value_of(element, element.get(_PLAIN_LISTS[kind][1]))
    return value_of(element, element.get("initial_options" if kind in _MANY_OPTIONS else "initial_option"))


def is_empty(value: Obj) -> bool:
    """Say whether nothing was given."""
    return all(one in (None, "", []) for key, one in value.items() if key != "type")


def action_of(workspace_ts: str, block: Obj, element: Obj, given: object) -> Obj:
    """Return the entry of `actions` for one element that somebody used."""
    action: Obj = {
        "action_id": element["action_id"],
        "block_id": block.get("block_id"),
        "type": element["type"],
        "action_ts": workspace_ts,
    }
    if element["type"] in {"button", "workflow_button"}:
        return action | {key: element[key] for key in ("text", "value", "style") if key in element}
    return action | value_of(element, given)


def filled_form(view_body: Obj, kept: Obj, given: Mapping[str, Mapping[str, object]]) -> Obj:
    """Return state.values: what was given now, else what was given before, else the initial values.

    Raises:
        NotPossible: for a field that the form does not have.
    """
    values: Obj = {}
    unused = {(block_id, action_id) for block_id, fields in given.items() for action_id in fields}
    for block, element in elements_of(view_body.get("blocks") or []):
        block_id, action_id = str(block["block_id"]), str(element["action_id"])
        if element["type"] in STATELESS:
            continue
        if (block_id, action_id) in unused:
            unused.discard((block_id, action_id))
            value = value_of(element, given[block_id][action_id])
        else:
            value = kept.get(block_id, {}).get(action_id) or initial_value(element)
        values.setdefault(block_id, {})[action_id] = value
    if unused:
        raise NotPossible(f"The form has no field {min(unused)}.")
    return values


def refused_fields(view_body: Obj, values: Obj) -> dict[str, str]:
    """Return what Slack's client refuses by itself: empty required fields, text too short or too long."""
    refused: dict[str, str] = {}
    for block in view_body.get("blocks") or []:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = values.get(str(block["block_id"]), {}).get(str(element["action_id"]), {})
        if is_empty(value):
            if not block.get("optional"):
                refused[str(block["block_id"])] = REQUIRED
            continue
        length = len(str(value.get("value") or ""))
        if element["type"] == "plain_text_input" and length > int(element.get("max_length") or 3_000):
            refused[str(block["block_id"])] = f"Must be at most {element.get('max_length') or 3_000} characters."
        elif element["type"] == "plain_text_input" and length < int(element.get("min_length") or 0):
            refused[str(block["block_id"])] = f"Must be at least {element['min_length']} characters."
    return refused
