"""views.*: modals and Home tabs."""

import json
from collections.abc import Mapping
from typing import Final

from bot.sandbox.blocks import Surface, check_view
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state import forms, passes
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.records import Trigger
from bot.sandbox.state.shapes import view_shape

VIEW_BYTES: Final = 250_000


def checked_view(view: object, *, surface: Surface) -> Obj:
    """Return a view that Slack would take.

    Raises:
        SlackError: invalid_arguments with pointers, or view_too_large.
    """
    if faults := check_view(view, surface=surface):
        raise SlackError.with_messages("invalid_arguments", faults)
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments")
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    return view


def _view(call: Call, surface: Surface) -> Obj:
    return checked_view(call.args.document("view", broken="invalid_arguments"), surface=surface)


def _trigger(call: Call) -> Trigger:
    return passes.use_trigger(call.workspace, call.args.text("trigger_id") or call.args.text("interactivity_pointer"))


def open_modal(call: Call) -> Obj:
    """Answer views.open."""
    body = _view(call, Surface.MODAL)
    view = forms.open_modal(call.workspace, _trigger(call).user, body)
    return {"view": view_shape(call.workspace, view)}


def push_modal(call: Call) -> Obj:
    """Answer views.push."""
    body = _view(call, Surface.MODAL)
    trigger = _trigger(call)
    if not trigger.in_modal:
        raise SlackError("invalid_trigger_id")
    return {"view": view_shape(call.workspace, forms.push_modal(call.workspace, trigger.user, body))}


def update(call: Call) -> Obj:
    """Answer views.update."""
    found = forms.find(call.workspace, view_id=call.args.text("view_id"), external_id=call.args.text("external_id"))
    body = _view(call, Surface(found.body["type"]))
    forms.update(call.workspace, found, body, hash_seen=call.args.text("hash"))
    return {"view": view_shape(call.workspace, found)}


def publish(call: Call) -> Obj:
    """Answer views.publish."""
    body = _view(call, Surface.HOME)
    person = call.workspace.people.get(UserId(call.args.text("user_id")))
    if person is None or person.is_bot:
        raise SlackError("missing_profile_id")
    view = forms.publish_home(call.workspace, person.id, body, hash_seen=call.args.text("hash"))
    return {"view": view_shape(call.workspace, view)}


VIEWS: Final[Mapping[str, Handler]] = {
    "views.open": open_modal,
    "views.publish": publish,
    "views.push": push_modal,
    "views.update": update,
}
