"""files.*: the three steps of an upload (address, bytes, completion), looking up, listing, deleting."""

from collections.abc import Mapping
from mimetypes import guess_type
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods import paging
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.methods.chat import read_blocks
from bot.sandbox.state import canvases, rooms, talk
from bot.sandbox.state.file_shapes import canvas_shape, file_shape
from bot.sandbox.state.ids import ChannelId, FileId, Obj, Ts, UserId
from bot.sandbox.state.records import Channel, File
from bot.sandbox.state.talk import Draft

# A file: https://slack.com/help/articles/201330736. The others are in the errors' descriptions at
# https://docs.slack.dev/reference/methods/files.completeUploadExternal and files.getUploadURLExternal.
SIZE_LIMIT: Final = 1_000_000_000
CHANNELS_LIMIT: Final = 100
ALT_LIMIT: Final = 1_000
# files.list's types, and how the media types begin that they stand for.
_TYPES: Final[Mapping[str, str]] = {
    "all": "",
    "images": "image/",
    "pdfs": "application/pdf",
    "snippets": "text/",
    "spaces": "application/vnd.slack-docs",
    "zips": "application/zip",
}


def get_upload_url(call: Call) -> Obj:
    """Answer files.getUploadURLExternal."""
    name, length = call.args.text("filename"), call.args.number("length", 0)
    if not name or length <= 0:
        raise SlackError("missing_argument")
    if length > SIZE_LIMIT:
        raise SlackError("file_upload_size_restricted")
    if len(call.args.text("alt_txt")) > ALT_LIMIT:
        raise SlackError("alt_txt_too_large")
    make = call.workspace.make
    file = File(
        id=FileId(make.id("F")),
        name=name,
        length=length,
        upload_token=make.token(32),
        created=make.seconds(),
        user=call.me,
        alt_text=call.args.text("alt_txt"),
        mimetype=guess_type(name)[0] or "text/plain",
    )
    call.workspace.files[file.id] = file
    return {"upload_url": f"{call.workspace.base_url}/upload/{file.upload_token}", "file_id": file.id}


def complete_upload(call: Call) -> Obj:
    """Answer files.completeUploadExternal: the step that makes files visible."""
    wanted = call.args.objects("files", broken="invalid_arguments") or []
    if not wanted:
        raise SlackError.with_messages("invalid_arguments", ["must contain at least 1 item [json-pointer:/files]"])
    files = [_uploaded(call, one) for one in wanted]
    channels = _destinations(call)
    thread = call.args.text("thread_ts")
    blocks = None if call.args.text("initial_comment") else read_blocks(call.args, broken="invalid_blocks")
    for file, one in zip(files, wanted, strict=True):
        if not file.completed:
            file.completed = True
            _tell_created(call, file)
        file.title = str(one.get("title") or file.name)
    for channel in channels:
        draft = Draft(
            text=call.args.text("initial_comment"),
            blocks=blocks or [],
            files=[file.id for file in files],
            thread_ts=Ts(thread) if thread else None,
        )
        talk.post(call.workspace, channel, call.me, draft)
    call.workspace.changed()
    return {"files": [file_shape(call.workspace, file) for file in files]}


def _destinations(call: Call) -> list[Channel]:
    """Return where the files go: channels, and people in their direct messages."""
    names = list(dict.fromkeys([*call.args.names("channels"), *call.args.names("channel_id")]))
    if len(names) > CHANNELS_LIMIT:
        raise SlackError("channels_limit_exceeded")
    channels = []
    for name in names:
        if UserId(name) in call.workspace.people:
            channels.append(rooms.open_direct(call.workspace, [call.me, UserId(name)])[0])
            continue
        channel = call.workspace.channel(name, seen_by=call.me)
        rooms.require_member(channel, call.me)
        rooms.require_open(channel, refusal="posting_to_channel_denied")
        channels.append(channel)
    return channels


def _tell_created(call: Call, file: File) -> None:
    call.workspace.tell(
        {
            "type": "file_created",
            "file_id": file.id,
            "user_id": file.user,
            "file": {"id": file.id},
            "event_ts": call.workspace.make.ts(),
        }
    )


def _uploaded(call: Call, wanted: Obj) -> File:
    file = call.workspace.files.get(FileId(str(wanted.get("id"))))
    if file is None or file.content is None or file.deleted:
        raise SlackError("file_not_found")
    return file


def _visible(call: Call) -> File:
    file = call.workspace.files.get(FileId(call.args.text("file")))
    if file is None or not file.completed:
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    return file


def info(call: Call) -> Obj:
    """Answer files.info; a canvas is a file too, and its permalink is told here."""
    canvas = call.workspace.canvases.get(FileId(call.args.text("file")))
    if canvas is None:
        shape = file_shape(call.workspace, _visible(call))
    elif canvas.deleted:
        raise SlackError("file_deleted")
    elif canvases.access_of(call.workspace, canvas, call.me) is None:
        raise SlackError("file_not_found")
    else:
        shape = canvas_shape(call.workspace, canvas)
    return {"file": shape, "comments": [], "response_metadata": {"next_cursor": ""}}


def list_all(call: Call) -> Obj:
    """Answer files.list: newest first, by channel, person, time and type."""
    user, channel = call.args.text("user"), call.args.text("channel")
    if user:
        call.workspace.person(user)
    earliest, latest = call.args.number("ts_from", 0), call.args.number("ts_to", 1 << 62)
    types = set(call.args.names("types")) or {"all"}
    if types - _TYPES.keys():
        raise SlackError("unknown_type")
    found = [
        file
        for file in reversed(call.workspace.files.values())
        if file.completed
        and not file.deleted
        and user in {"", file.user}
        and (not channel or ChannelId(channel) in file.shares)
        and earliest <= file.created <= latest
        and any(file.mimetype.startswith(_TYPES[one]) for one in types)
    ]
    shown, numbers = paging.numbered(found, call.args)
    return {"files": [file_shape(call.workspace, file) for file in shown], "paging": numbers}


def delete(call: Call) -> Obj:
    """Answer files.delete: the messages that shared it stay, without it."""
    file = _visible(call)
    if file.user != call.me:
        raise SlackError("cant_delete_file")
    file.deleted, file.content = True, None
    for channel, stamps in file.shares.items():
        for ts in stamps:
            if message := call.workspace.channels[channel].messages.get(ts):
                message.files.remove(file.id)
    call.workspace.tell(
        {
            "type": "file_deleted",
            "file_id": file.id,
            "channel_ids": list(file.shares),
            "event_ts": call.workspace.make.ts(),
        }
    )
    call.workspace.changed()
    return {}


FILES: Final[Mapping[str, Handler]] = {
    "files.completeUploadExternal": complete_upload,
    "files.delete": delete,
    "files.getUploadURLExternal": get_upload_url,
    "files.info": info,
    "files.list": list_all,
}
