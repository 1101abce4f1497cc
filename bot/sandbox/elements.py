"""The rules of what stands inside blocks: text objects, options, buttons, selects, inputs (see layouts.py).

Sources: slack_sdk 3.47's models, https://docs.slack.dev/reference/block-kit/block-elements.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.sandbox.faultlist import Faults, check_between, check_items, check_length, check_one_of, kind_of
from bot.sandbox.properties import check_element_properties, check_text_properties
from bot.sandbox.reachable import is_reachable
from bot.sandbox.state.ids import Obj

_OPTIONS: Final = 100
_CHOICES: Final = 10
_OVERFLOW: Final = 5
_LONGEST: Final = 3_000
_DATE: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SECONDS: Final = re.compile(r"\d{10}")
Check = Callable[[Obj, str, Faults], None]


def check_text(text: object, limit: int, pointer: str, faults: Faults, *, plain: bool = False) -> None:
    """Check a text object: its type, and that its text is there and short enough."""
    if not isinstance(text, dict):
        faults.add("missing required field: text", pointer)
        return
    allowed = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if kind_of(text) not in allowed:
        faults.add(f"must be a valid enum value: {', '.join(sorted(allowed))}", f"{pointer}/type")
    else:
        check_text_properties(text, pointer, faults)
    check_length(text.get("text"), limit, f"{pointer}/text", faults, required=True)


def _button(element: Obj, here: str, faults: Faults) -> None:
    check_text(element.get("text"), 75, f"{here}/text", faults, plain=True)
    for name, limit in (("value", 2_000), ("url", 3_000), ("accessibility_label", 75), ("agent_prompt", 4_000)):
        check_length(element.get(name), limit, f"{here}/{name}", faults)
    check_one_of(element.get("style"), ("primary", "danger"), f"{here}/style", faults)


def _workflow_button(element: Obj, here: str, faults: Faults) -> None:
    _button(element, here, faults)
    if not isinstance(element.get("workflow"), dict):
        faults.add("missing required field: workflow", here)


def _icon_button(element: Obj, here: str, faults: Faults) -> None:
    check_text(element.get("text"), 75, f"{here}/text", faults, plain=True)
    check_length(element.get("icon"), 75, f"{here}/icon", faults, required=True)
    check_length(element.get("value"), 2_000, f"{here}/value", faults)
    check_length(element.get("accessibility_label"), 75, f"{here}/accessibility_label", faults)
    if element.get("visible_to_user_ids") is not None:
        check_items(element["visible_to_user_ids"], 10, f"{here}/visible_to_user_ids", faults)


def _feedback_buttons(element: Obj, here: str, faults: Faults) -> None:
    for name in ("positive_button", "negative_button"):
        if not isinstance(button := element.get(name), dict):
            faults.add(f"missing required field: {name}", here)
            continue
        check_text(button.get("text"), 75, f"{here}/{name}/text", faults, plain=True)
        check_length(button.get("value"), 2_000, f"{here}/{name}/value", faults)


def _image(element: Obj, here: str, faults: Faults) -> None:
    check_length(element.get("alt_text"), 2_000, f"{here}/alt_text", faults, required=True)
    if element.get("slack_file") is None:
        check_length(element.get("image_url"), 3_000, f"{here}/image_url", faults, required=True)
        if not is_reachable(element.get("image_url")):
            faults.add("downloading image failed", f"{here}/image_url")


def _options(limit: int, *, grouped: bool = False) -> Check:
    """Return the check of an element with options, in groups or not, and with one or some of them chosen at first."""

    def check(element: Obj, here: str, faults: Faults) -> None:
        options: list[object] = []
        if grouped and element.get("option_groups") is not None:
            for at, group in check_items(element["option_groups"], _OPTIONS, f"{here}/option_groups", faults):
                place = f"{here}/option_groups/{at}"
                if not isinstance(group, dict):
                    faults.add("must be an object", place)
                    continue
                check_text(group.get("label"), 75, f"{place}/label", faults, plain=True)
                options += _check_options(group.get("options"), limit, f"{place}/options", faults)
        else:
            options += _check_options(element.get("options"), limit, f"{here}/options", faults)
        _check_chosen(element, options, here, faults)

    return check


def _check_options(options: object, limit: int, here: str, faults: Faults) -> list[object]:
    found = check_items(options, limit, here, faults)
    for at, option in found:
        place = f"{here}/{at}"
        if not isinstance(option, dict):
            faults.add("must be an object", place)
            continue
        check_text(option.get("text"), 75, f"{place}/text", faults)
        check_length(option.get("value"), 150, f"{place}/value", faults, required=True)
        check_length(option.get("url"), 3_000, f"{place}/url", faults)
        if option.get("description") is not None:
            check_text(option["description"], 75, f"{place}/description", faults)
    return [option for _, option in found]


def _check_chosen(element: Obj, options: list[object], here: str, faults: Faults) -> None:
    """What is chosen at first is among the options."""
    values = {str(option.get("value")) for option in options if isinstance(option, dict)}
    chosen = [(f"{here}/initial_option", element.get("initial_option"))]
    several = element.get("initial_options")
    if several is not None:
        numbered = check_items(several, _OPTIONS, f"{here}/initial_options", faults)
        chosen = [(f"{here}/initial_options/{at}", one) for at, one in numbered]
    for pointer, one in chosen:
        if one is not None and not (isinstance(one, dict) and str(one.get("value")) in values):
            faults.add("must be one of the provided options", pointer)


def _plain_input(element: Obj, here: str, faults: Faults) -> None:
    check_between(element.get("min_length"), 0, _LONGEST, f"{here}/min_length", faults)
    check_between(element.get("max_length"), 1, _LONGEST, f"{here}/max_length", faults)
    check_length(element.get("initial_value"), _LONGEST, f"{here}/initial_value", faults)
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        faults.add("min_length must not be greater than max_length", f"{here}/min_length")


def _number_input(element: Obj, here: str, faults: Faults) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        faults.add("missing required field: is_decimal_allowed", here)


def _file_input(element: Obj, here: str, faults: Faults) -> None:
    check_between(element.get("max_files"), 1, 10, f"{here}/max_files", faults)


def _written_as(field: str, shape: re.Pattern[str], called: str) -> Check:
    def check(element: Obj, here: str, faults: Faults) -> None:
        value = element.get(field)
        if value is not None and not shape.fullmatch(str(value)):
            faults.add(f"must be a valid {called}", f"{here}/{field}")

    return check


def _nothing(_element: Obj, _here: str, _faults: Faults) -> None:
    """Accept what has no rules of its own."""


_OF_PEOPLE_AND_PLACES: Final = ("users", "conversations", "channels", "external")
CHECKS: Final[Mapping[str, Check]] = {
    "button": _button,
    "checkboxes": _options(_CHOICES),
    "datepicker": _written_as("initial_date", _DATE, "date"),
    "datetimepicker": _written_as("initial_date_time", _SECONDS, "timestamp"),
    "email_text_input": _nothing,
    "feedback_buttons": _feedback_buttons,
    "file_input": _file_input,
    "icon_button": _icon_button,
    "image": _image,
    "multi_static_select": _options(_OPTIONS, grouped=True),
    "number_input": _number_input,
    "overflow": _options(_OVERFLOW),
    "plain_text_input": _plain_input,
    "radio_buttons": _options(_CHOICES),
    "rich_text_input": _nothing,
    "static_select": _options(_OPTIONS, grouped=True),
    "timepicker": _written_as("initial_time", _TIME, "time"),
    "url_text_input": _nothing,
    "workflow_button": _workflow_button,
    **{f"{kind}_select": _nothing for kind in _OF_PEOPLE_AND_PLACES},
    **{f"multi_{kind}_select": _nothing for kind in _OF_PEOPLE_AND_PLACES},
}
_IN_CONTEXT_ACTIONS: Final = {"feedback_buttons", "icon_button"}
_NOT_IN_INPUT: Final = {"button", "workflow_button", "image", "overflow", *_IN_CONTEXT_ACTIONS}
_ONLY_IN_INPUT: Final = {"plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input"}


def check_element(
    element: object, pointer: str, faults: Faults, *, in_input: bool = False, only: frozenset[str] | None = None
) -> None:
    """Check one interactive element or image; `only` are the types that may stand there."""
    if not isinstance(element, dict):
        faults.add("missing required field: element", pointer)
        return
    kind = kind_of(element)
    wrong = _NOT_IN_INPUT if in_input else _ONLY_IN_INPUT | {"rich_text_input"} | _IN_CONTEXT_ACTIONS
    if kind not in CHECKS or (kind not in only if only is not None else kind in wrong):
        faults.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    check_length(element.get("action_id"), 255, f"{pointer}/action_id", faults)
    check_element_properties(element, pointer, faults)
    if isinstance(placeholder := element.get("placeholder"), dict):
        check_text(placeholder, 150, f"{pointer}/placeholder", faults, plain=True)
    if isinstance(confirm := element.get("confirm"), dict):
        for name, limit, plain in _CONFIRM:
            if confirm.get(name) is not None:
                check_text(confirm[name], limit, f"{pointer}/confirm/{name}", faults, plain=plain)
        check_one_of(confirm.get("style"), ("primary", "danger"), f"{pointer}/confirm/style", faults)
    if element.get("max_selected_items") is not None:
        check_between(element["max_selected_items"], 1, _OPTIONS, f"{pointer}/max_selected_items", faults)
    CHECKS[kind](element, pointer, faults)


_CONFIRM: Final = (("title", 100, True), ("text", 300, False), ("confirm", 30, True), ("deny", 30, True))
