"""canvases.* and conversations.canvases.create: documents of Markdown sections, in a channel's tab or on their own."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state import canvases, rooms
from bot.sandbox.state.canvases import Operation
from bot.sandbox.state.ids import ChannelId, FileId, Obj, UserId
from bot.sandbox.state.papers import Access, Canvas
from bot.sandbox.state.preferences import Plan
from bot.sandbox.state.records import Channel

_HEADERS: Final = {"any_header", "h1", "h2", "h3"}


def _markdown(content: object, *, refusal: str) -> str:
    """Return the Markdown of {"type": "markdown", "markdown": ...}; no content is an empty canvas."""
    if content is None:
        return ""
    if not isinstance(content, dict) or content.get("type") != "markdown":
        raise SlackError(refusal, detail={"detail": "document_content is an object of type markdown."})
    if not isinstance(content.get("markdown"), str):
        raise SlackError(refusal, detail={"detail": "document_content.markdown is a string."})
    return str(content["markdown"])


def _content(call: Call) -> str:
    document = call.args.document("document_content", broken="canvas_creation_failed")
    return _markdown(document, refusal="canvas_creation_failed")


def _tab_channel(call: Call, *, refusal: str) -> Channel:
    """Return the channel for a tab; neither method documents channel_not_found."""
    found = call.workspace.channels.get(ChannelId(call.args.text("channel_id")))
    if found is None or call.me not in found.members:
        detail = "The channel does not exist or the app is not in it."
        raise SlackError(refusal, detail={"detail": detail})
    return found


def create(call: Call) -> Obj:
    """Answer canvases.create: on its own, or in the tab of the channel that is named."""
    title, markdown = call.args.text("title"), _content(call)
    if not call.args.text("channel_id"):
        return {"canvas_id": canvases.create(call.workspace, title=title, markdown=markdown, by=call.me).id}
    channel = _tab_channel(call, refusal="canvas_creation_failed")
    if channel.canvas is not None:
        raise SlackError("canvas_creation_failed", detail={"detail": "The channel has a canvas already."})
    canvas = canvases.create_tab(call.workspace, channel, title=title, markdown=markdown, by=call.me)
    return {"canvas_id": canvas.id}


def create_in_channel(call: Call) -> Obj:
    """Answer conversations.canvases.create."""
    title, markdown = call.args.text("title"), _content(call)
    channel = _tab_channel(call, refusal="channel_canvas_creation_failed")
    if channel.canvas is not None:
        free = call.workspace.preferences.plan is Plan.FREE
        raise SlackError("free_team_canvas_tab_already_exists" if free else "channel_canvas_already_exists")
    canvas = canvases.create_tab(call.workspace, channel, title=title, markdown=markdown, by=call.me)
    return {"canvas_id": canvas.id}


def _canvas(call: Call) -> Canvas:
    return canvases.find(call.workspace, call.args.text("canvas_id"), seen_by=call.me)


def edit(call: Call) -> Obj:
    """Answer canvases.edit: one change a call."""
    canvas = _canvas(call)
    canvases.require_write(call.workspace, canvas, call.me)
    changes = call.args.objects("changes", broken="invalid_arguments") or []
    if len(changes) != 1:
        raise SlackError.with_messages("invalid_arguments", ["must contain exactly 1 item [json-pointer:/changes]"])
    change = changes[0]
    if change.get("operation") not in set(Operation):
        raise SlackError.with_messages(
            "invalid_arguments", ["must be a valid enum value [json-pointer:/changes/0/operation]"]
        )
    operation = Operation(change["operation"])
    content = change.get("title_content" if operation is Operation.RENAME else "document_content")
    canvases.edit(
        call.workspace,
        canvas,
        operation,
        section=str(change.get("section_id") or ""),
        markdown=_markdown(content, refusal="canvas_editing_failed"),
    )
    return {}


def delete(call: Call) -> Obj:
    """Answer canvases.delete."""
    canvas = _canvas(call)
    canvases.require_write(call.workspace, canvas, call.me)
    canvases.delete(call.workspace, canvas)
    return {}


def lookup_sections(call: Call) -> Obj:
    """Answer canvases.sections.lookup."""
    found = call.workspace.canvases.get(FileId(call.args.text("canvas_id")))
    if found is not None and found.deleted:
        raise SlackError("canvas_deleted")
    canvas = _canvas(call)
    criteria = call.args.document("criteria", broken="invalid_arguments")
    if not isinstance(criteria, dict) or not (criteria.get("section_types") or criteria.get("contains_text")):
        raise SlackError.with_messages("invalid_arguments", ["missing required field: criteria"])
    kinds = [str(kind) for kind in criteria.get("section_types") or []]
    if set(kinds) - _HEADERS:
        raise SlackError.with_messages(
            "invalid_arguments", ["must be a valid enum value [json-pointer:/criteria/section_types]"]
        )
    sections = canvases.lookup(canvas, kinds=kinds, text=str(criteria.get("contains_text") or ""))
    return {"sections": [{"id": section.id} for section in sections]}


def _whom(call: Call) -> tuple[list[UserId], list[ChannelId]]:
    """Return whose access a call is about: people or channels, not both."""
    users, channels = call.args.names("user_ids"), call.args.names("channel_ids")
    if bool(users) == bool(channels):
        raise SlackError("invalid_parameters")
    for user in users:
        call.workspace.person(user)
    for channel in channels:
        rooms.require_member(call.workspace.channel(channel, seen_by=call.me), call.me, refusal="channel_not_found")
    return [UserId(user) for user in users], [ChannelId(channel) for channel in channels]


def set_access(call: Call) -> Obj:
    """Answer canvases.access.set."""
    canvas = _canvas(call)
    canvases.require_write(call.workspace, canvas, call.me)
    users, channels = _whom(call)
    if call.args.text("access_level") not in set(Access):
        raise SlackError.with_messages("invalid_arguments", ["must be a valid enum value: read, write, owner"])
    level = Access(call.args.text("access_level"))
    if level is Access.OWNER and channels:
        raise SlackError("invalid_parameters")
    canvas.people |= dict.fromkeys(users, level)
    canvas.channels |= dict.fromkeys(channels, level)
    call.workspace.changed()
    return {}


def delete_access(call: Call) -> Obj:
    """Answer canvases.access.delete."""
    canvas = _canvas(call)
    canvases.require_write(call.workspace, canvas, call.me)
    users, channels = _whom(call)
    for user in users:
        canvas.people.pop(user, None)
    for channel in channels:
        canvas.channels.pop(channel, None)
    call.workspace.changed()
    return {}


CANVASES: Final[Mapping[str, Handler]] = {
    "canvases.access.delete": delete_access,
    "canvases.access.set": set_access,
    "canvases.create": create,
    "canvases.delete": delete,
    "canvases.edit": edit,
    "canvases.sections.lookup": lookup_sections,
    "conversations.canvases.create": create_in_channel,
}
