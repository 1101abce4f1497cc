"""Acts on views: open, push, update, close modals; publish Home tabs.

A person has one stack of at most three modals.
"""

from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.state.ids import Obj, UserId, ViewId
from bot.sandbox.state.records import View
from bot.sandbox.state.talk import identify
from bot.sandbox.state.workspace import Workspace

STACK_LIMIT: Final = 3
_NO_VIEW: Final = ViewId("")


def _new(workspace: Workspace, user: UserId, body: Obj, *, under: View | None = None) -> View:
    _check_external_id(workspace, body)
    view_id = ViewId(workspace.make.id("V"))
    view = View(
        id=view_id,
        user=user,
        body=body | {"blocks": identify(workspace, body.get("blocks") or [])},
        hash=_hash(workspace),
        root=under.root if under else view_id,
        previous=under.id if under else None,
    )
    workspace.views[view_id] = view
    _remember(workspace, view)
    return view


def _hash(workspace: Workspace) -> str:
    return f"{workspace.make.seconds()}.{workspace.make.token(8)}"


def _check_external_id(workspace: Workspace, body: Obj, *, but: View | None = None) -> None:
    taken = workspace.external_ids.get(str(body.get("external_id") or ""))
    if taken is not None and (but is None or taken != but.id):
        raise SlackError("duplicate_external_id")


def _remember(workspace: Workspace, view: View) -> None:
    """Find the view by the app's own id, if it has one."""
    if view.external_id:
        workspace.external_ids[view.external_id] = view.id


def open_modal(workspace: Workspace, user: UserId, body: Obj) -> View:
    """Open a modal in place of whatever that person has open."""
    _check_external_id(workspace, body)
    _forget(workspace, workspace.modals.pop(user, []))
    view = _new(workspace, user, body)
    workspace.modals[user] = [view.id]
    workspace.changed()
    return view


def push_modal(workspace: Workspace, user: UserId, body: Obj) -> View:
    """Put a modal on top of the open ones.

    Raises:
        SlackError: not_found without an open modal, push_limit_reached at three.
    """
    stack = workspace.modals.get(user)
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= STACK_LIMIT:
        raise SlackError("push_limit_reached")
    view = _new(workspace, user, body, under=workspace.views[stack[-1]])
    stack.append(view.id)
    workspace.changed()
    return view


def update(workspace: Workspace, view: View, body: Obj, *, hash_seen: str = "") -> View:
    """Replace what a view shows; what was filled in stays where block_id and action_id stay.

    Raises:
        SlackError: hash_conflict when somebody else updated it meanwhile.
    """
    if hash_seen and hash_seen != view.hash:
        raise SlackError("hash_conflict")
    _check_external_id(workspace, body, but=view)
    workspace.external_ids.pop(view.external_id, None)
    view.body = body | {"blocks": identify(workspace, body.get("blocks") or [])}
    _remember(workspace, view)
    view.hash = _hash(workspace)
    view.errors = {}
    kept = {str(block["block_id"]) for block in view.body["blocks"] if "block_id" in block}
    view.values = {block_id: values for block_id, values in view.values.items() if block_id in kept}
    workspace.changed()
    return view


def publish_home(workspace: Workspace, user: UserId, body: Obj, *, hash_seen: str = "") -> View:
    """Show a Home tab to one person."""
    if found := workspace.homes.get(user):
        return update(workspace, workspace.views[found], body, hash_seen=hash_seen)
    view = _new(workspace, user, body)
    workspace.homes[user] = view.id
    workspace.changed()
    return view


def find(workspace: Workspace, *, view_id: str, external_id: str) -> View:
    """Return an open view by its id or the app's own id.

    Raises:
        SlackError: not_found.
    """
    known = ViewId(view_id) if view_id else workspace.external_ids.get(external_id, _NO_VIEW)
    if (found := workspace.views.get(known)) is None:
        raise SlackError("not_found")
    return found


def top(workspace: Workspace, user: UserId) -> View | None:
    """Return the modal that the person sees, if any."""
    stack = workspace.modals.get(user)
    return workspace.views[stack[-1]] if stack else None


def home(workspace: Workspace, user: UserId) -> View | None:
    """Return the person's Home tab, if it was published."""
    found = workspace.homes.get(user)
    return workspace.views[found] if found else None


def close_top(workspace: Workspace, user: UserId) -> None:
    """Close the modal that the person sees; the one below it shows again."""
    if stack := workspace.modals.get(user):
        _forget(workspace, [stack.pop()])
        if not stack:
            del workspace.modals[user]
        workspace.changed()


def close_all(workspace: Workspace, user: UserId) -> None:
    """Close all of the person's modals."""
    _forget(workspace, workspace.modals.pop(user, []))
    workspace.changed()


def _forget(workspace: Workspace, views: list[ViewId]) -> None:
    for view in views:
        if gone := workspace.views.pop(view, None):
            workspace.external_ids.pop(gone.external_id, None)
