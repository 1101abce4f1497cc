"""The limits of what stands inside blocks: text objects, options, buttons, selects, inputs (see blocks.py)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox.state.ids import Obj

# A sentence like Slack's, with the pointer at its end.
Fault = str

_OPTIONS: Final = 100
_CHOICES: Final = 10
_OVERFLOW: Final = 5


@dataclass(slots=True)
class Faults:
    """A growing list of what is wrong."""

    all: list[Fault] = field(default_factory=list)

    def add(self, what: str, pointer: str) -> None:
        """Note one fault."""
        self.all.append(f"{what} [json-pointer:{pointer}]")


def check_length(value: object, limit: int, pointer: str, faults: Faults, *, required: bool = False) -> None:
    """Check a string's length; nothing at all is fine unless `required`."""
    if value is None and not required:
        return
    if not isinstance(value, str):
        faults.add("must provide a string", pointer)
    elif required and not value:
        faults.add("must be more than 0 characters", pointer)
    elif len(value) > limit:
        faults.add(f"must be less than {limit + 1} characters", pointer)


def check_items(value: object, limit: int, pointer: str, faults: Faults) -> list[tuple[int, object]]:
    """Check that there are between one item and `limit`; return them numbered."""
    if not isinstance(value, list) or not value:
        faults.add("must contain at least 1 item", pointer)
        return []
    if len(value) > limit:
        faults.add(f"no more than {limit} items allowed", pointer)
    return list(enumerate(value))


def check_text(text: object, limit: int, pointer: str, faults: Faults, *, plain: bool = False) -> None:
    """Check a text object: its type, and that its text is there and short enough."""
    if not isinstance(text, dict):
        faults.add("missing required field: text", pointer)
        return
    allowed = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
    if text.get("type") not in allowed:
        faults.add(f"must be a valid enum value: {', '.join(sorted(allowed))}", f"{pointer}/type")
    check_length(text.get("text"), limit, f"{pointer}/text", faults, required=True)


def _button(element: Obj, here: str, faults: Faults) -> None:
    check_text(element.get("text"), 75, f"{here}/text", faults, plain=True)
    check_length(element.get("value"), 2_000, f"{here}/value", faults)
    check_length(element.get("url"), 3_000, f"{here}/url", faults)
    if element.get("style") not in {None, "primary", "danger"}:
        faults.add("must be a valid enum value: primary, danger", f"{here}/style")


def _image(element: Obj, here: str, faults: Faults) -> None:
    check_length(element.get("alt_text"), 2_000, f"{here}/alt_text", faults, required=True)
    if element.get("slack_file") is None:
        check_length(element.get("image_url"), 3_000, f"{here}/image_url", faults, required=True)


def _options(limit: int) -> Callable[[Obj, str, Faults], None]:
    def check(element: Obj, here: str, faults: Faults) -> None:
        if element.get("option_groups") is not None:
            for at, group in check_items(element["option_groups"], _OPTIONS, f"{here}/option_groups", faults):
                place = f"{here}/option_groups/{at}"
                if not isinstance(group, dict):
                    faults.add("must be an object", place)
                    continue
                check_text(group.get("label"), 75, f"{place}/label", faults, plain=True)
                _check_options(group.get("options"), limit, f"{place}/options", faults)
            return
        _check_options(element.get("options"), limit, f"{here}/options", faults)

    return check


def _check_options(options: object, limit: int, here: str, faults: Faults) -> None:
    for at, option in check_items(options, limit, here, faults):
        place = f"{here}/{at}"
        if not isinstance(option, dict):
            faults.add("must be an object", place)
            continue
        check_text(option.get("text"), 75, f"{place}/text", faults)
        check_length(option.get("value"), 150, f"{place}/value", faults, required=True)
        if option.get("description") is not None:
            check_text(option["description"], 75, f"{place}/description", faults)


def _plain_input(element: Obj, here: str, faults: Faults) -> None:
    for name in ("min_length", "max_length"):
        value = element.get(name)
        if value is not None and not (isinstance(value, int) and 0 <= value <= 3_000):  # noqa: PLR2004 - Slack's limit
            faults.add("must be between 0 and 3000", f"{here}/{name}")


def _nothing(_element: Obj, _here: str, _faults: Faults) -> None:
    """Accept what has no limits of its own."""


_CHECKS: Final[Mapping[str, Callable[[Obj, str, Faults], None]]] = {
    "button": _button,
    "workflow_button": _button,
    "image": _image,
    "static_select": _options(_OPTIONS),
    "multi_static_select": _options(_OPTIONS),
    "overflow": _options(_OVERFLOW),
    "checkboxes": _options(_CHOICES),
    "radio_buttons": _options(_CHOICES),
    "plain_text_input": _plain_input,
    **dict.fromkeys(
        (
            "users_select",
            "multi_users_select",
            "conversations_select",
            "multi_conversations_select",
            "channels_select",
            "multi_channels_select",
            "external_select",
            "multi_external_select",
            "datepicker",
            "timepicker",
            "datetimepicker",
            "number_input",
            "email_text_input",
            "url_text_input",
            "rich_text_input",
            "file_input",
            "feedback_buttons",
            "icon_button",
        ),
        _nothing,
    ),
}
_NOT_IN_INPUT: Final = {"button", "workflow_button", "image", "overflow", "feedback_buttons", "icon_button"}
_ONLY_IN_INPUT: Final = {
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "rich_text_input",
    "file_input",
}


def check_element(element: object, pointer: str, faults: Faults, *, in_input: bool = False) -> None:
    """Check one interactive element or image."""
    if not isinstance(element, dict):
        faults.add("missing required field: element", pointer)
        return
    kind = str(element.get("type") or "")
    wrong_place = kind in (_NOT_IN_INPUT if in_input else _ONLY_IN_INPUT)
    if kind not in _CHECKS or wrong_place:
        faults.add(f"unsupported type: {kind}", f"{pointer}/type")
        return
    check_length(element.get("action_id"), 255, f"{pointer}/action_id", faults)
    if isinstance(placeholder := element.get("placeholder"), dict):
        check_text(placeholder, 150, f"{pointer}/placeholder", faults, plain=True)
    if isinstance(confirm := element.get("confirm"), dict):
        for name, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            if confirm.get(name) is not None:
                check_text(confirm[name], limit, f"{pointer}/confirm/{name}", faults)
    _CHECKS[kind](element, pointer, faults)
