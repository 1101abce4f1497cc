"""What Slack calls a delivery, so that the same one twice changes nothing.

A retry is never dropped for being one: it may be the only one that arrives.
"""

from bot.engine.receipts import Receipt
from bot.inbound.slack.payload import Payload, text


def of_event(payload: Payload, surface: str = "") -> Receipt | None:
    """Return an event's receipt: its event_id is unique for good (https://docs.slack.dev/apis/events-api)."""
    return _receipt("slack.event", text(payload, "event_id"), surface)


def of_trigger(payload: Payload) -> Receipt | None:
    """Return the receipt of a command, a click or a shortcut: each has a trigger of its own."""
    surface = "command" if text(payload, "command") else "button"
    surface = "shortcut" if text(payload, "type") == "message_action" else surface
    return _receipt("slack.trigger", text(payload, "trigger_id"), surface)


def of_view(payload: Payload) -> Receipt | None:
    """Return a form's receipt: the view and its state; the same form sent twice is one."""
    view, state = text(payload, "view", "id"), text(payload, "view", "hash")
    return _receipt("slack.view", f"{view}:{state}" if view else "", "form")


def _receipt(origin: str, key: str, surface: str = "") -> Receipt | None:
    return Receipt(origin=origin, key=key, surface=surface) if key else None
