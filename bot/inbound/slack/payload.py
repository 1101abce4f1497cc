"""Slack's payloads as plain JSON, and how to read them without trusting their shape.

What is missing or of another kind reads as empty.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

Payload = Mapping[str, object]


class Kind(StrEnum):
    """What Slack sent us. Everything else that it may send is acknowledged and forgotten."""

    COMMAND = "command"
    CLICK = "click"
    SUBMISSION = "submission"
    SHORTCUT = "shortcut"
    EVENT = "event"


def kind_of(payload: Payload) -> Kind | None:
    """Tell what a payload is, if it is one of ours and has the parts that Bolt takes for granted."""
    match payload:
        case {"type": "event_callback", "event": {"type": str()}}:
            return Kind.EVENT
        case {"type": "block_actions", "actions": [{"action_id": str()}, *_]}:
            return Kind.CLICK
        case {"type": "view_submission", "view": {"callback_id": str()}}:
            return Kind.SUBMISSION
        case {"type": "message_action", "callback_id": str()}:
            return Kind.SHORTCUT
        case {"command": str()} if "type" not in payload:
            return Kind.COMMAND
        case _:
            return None


def part(payload: object, *path: str) -> object:
    """Return what lies at the end of `path`, or None when there is no such place."""
    found = payload
    for name in path:
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def text(payload: object, *path: str) -> str:
    """Return the text at the end of `path`; empty when there is none."""
    found = part(payload, *path)
    return found if isinstance(found, str) else ""


def items(payload: object, *path: str) -> tuple[Payload, ...]:
    """Return the objects in the list at the end of `path`; empty when there is none."""
    found = part(payload, *path)
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return tuple(item for item in found if isinstance(item, Mapping))


def channel_of(payload: Payload) -> str:
    """Return the channel in which something was pressed; empty when it was in none."""
    return text(payload, "container", "channel_id") or text(payload, "channel", "id")


def words(payload: object, *path: str) -> tuple[str, ...]:
    """Return the texts, but for empty ones, in the list at the end of `path`; none when there is no list."""
    found = part(payload, *path)
    return tuple(one for one in found if isinstance(one, str) and one) if isinstance(found, list) else ()


def chosen(payload: Payload, field: str) -> str:
    """Return what was chosen in a form's field."""
    return text(payload, "view", "state", "values", field, field, "selected_option", "value")


def all_chosen(payload: Payload, field: str) -> tuple[str, ...]:
    """Return all that was chosen in a form's field that takes several, in the order in which it was chosen."""
    there = items(payload, "view", "state", "values", field, field, "selected_options")
    return tuple(value for one in there if (value := text(one, "value")))
