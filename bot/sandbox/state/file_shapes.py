"""Files and canvases as Slack's JSON; a canvas is a file too (https://docs.slack.dev/surfaces/canvases)."""

from bot.sandbox.state.ids import Obj
from bot.sandbox.state.papers import Canvas
from bot.sandbox.state.records import Channel, ChannelKind, File
from bot.sandbox.state.workspace import Workspace


def file_shape(workspace: Workspace, file: File) -> Obj:
    """Return a file object."""
    address = f"{workspace.base_url}/files/{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mimetype,
        "filetype": file.name.rpartition(".")[2] if "." in file.name else "text",
        "pretty_type": file.mimetype,
        "user": file.user,
        "user_team": workspace.team.id,
        "editable": False,
        "size": len(file.content or b""),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "alt_txt": file.alt_text,
        "url_private": address,
        "url_private_download": address,
        "permalink": f"{workspace.team.url}files/{file.user}/{file.id}/{file.name}",
        "has_more_shares": False,
        "has_rich_preview": False,
        "file_access": "visible",
        **_shared(workspace, file),
    }


def _shared(workspace: Workspace, file: File) -> Obj:
    """Return where a file was shared: channels, private ones (groups) and direct messages apart."""
    places: dict[str, list[str]] = {"channels": [], "groups": [], "ims": []}
    shares: dict[str, Obj] = {"public": {}, "private": {}}
    for channel_id, stamps in file.shares.items():
        if (channel := workspace.channels.get(channel_id)) is None:
            continue
        public = channel.kind is ChannelKind.PUBLIC
        places["channels" if public else "groups" if channel.is_room else "ims"].append(channel_id)
        named = {"channel_name": channel.name} if channel.is_room else {}
        shares["public" if public else "private"][channel_id] = [{"ts": ts, **named} for ts in stamps]
    return {
        **places,
        "is_public": bool(places["channels"]),
        "shares": {kind: shared for kind, shared in shares.items() if shared},
    }


def canvas_shape(workspace: Workspace, canvas: Canvas) -> Obj:
    """Return the file object of a canvas; its permalink is what people open."""
    link = f"{workspace.team.url}docs/{workspace.team.id}/{canvas.id}"
    return {
        "id": canvas.id,
        "created": canvas.created,
        "timestamp": canvas.created,
        "name": canvas.title,
        "title": canvas.title,
        "mimetype": "application/vnd.slack-docs",
        "filetype": "quip",
        "pretty_type": "Canvas",
        "user": canvas.creator,
        "user_team": workspace.team.id,
        "editable": True,
        "size": sum(len(section.markdown) for section in canvas.sections),
        "mode": "quip",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": link,
        "url_private_download": link,
        "permalink": link,
        "channels": list(canvas.channels),
        "groups": [],
        "ims": [],
        "shares": {},
        "file_access": "visible",
    }


def canvas_of(workspace: Workspace, channel: Channel) -> Obj:
    """Return a channel's `properties` as far as they tell of the canvas in its tab; nothing without one."""
    if channel.canvas is None:
        return {}
    canvas = workspace.canvases[channel.canvas]
    tab: Obj = {"id": f"Ct{canvas.id[1:]}", "label": canvas.title, "type": "canvas", "data": {"file_id": canvas.id}}
    return {
        "properties": {
            "canvas": {"file_id": canvas.id, "is_empty": not canvas.sections, "quip_thread_id": canvas.id},
            "tabs": [tab],
        }
    }
